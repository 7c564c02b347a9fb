//! The pieces that the page is put together from. Everything that comes from a school goes through
//! [`escape`].

/// Text that may stand anywhere in HTML, between quotes too.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            c if c.is_control() && c != '\n' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A table; the first cell of each row is its heading.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let head: String = header.iter().map(|cell| format!("<th scope=\"col\">{}</th>", escape(cell))).collect();
    let mut html = format!("<div class=\"wide\"><table><thead><tr>{head}</tr></thead><tbody>");
    for row in rows {
        html += "<tr>";
        for (at, cell) in row.iter().enumerate() {
            let cell = escape(cell);
            html +=
                &if at == 0 { format!("<th scope=\"row\">{cell}</th>") } else { format!("<td>{cell}</td>") };
        }
        html += "</tr>";
    }
    html + "</tbody></table></div>\n"
}

/// A picture with its numbers behind it.
pub fn figure(title: &str, picture: &str, header: &[&str], rows: &[Vec<String>]) -> String {
    format!(
        "<figure><figcaption>{}</figcaption>{picture}<details><summary>As a table</summary>{}</details></figure>\n",
        escape(title),
        table(header, rows)
    )
}

pub const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b2733; --paper: #fff; --faint: #dde3ea; --main: #2c6fbb; --good: #2e8b57;
  --bad: #c0504d; --soft: #5b6b7b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --paper: #14191f; --faint: #35404c; --main: #6aa5e8;
  --good: #5fbf8a; --bad: #e58783; --soft: #9aa8b6; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto;
  padding: 1.5rem; max-width: 72rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--faint); text-align: right; white-space: nowrap; }
th[scope=row], thead th:first-child { text-align: left; }
.many { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.5rem; }
.one { border-top: 3px solid var(--main); padding-top: .5rem; } .one h3 { margin: 0 0 .25rem; overflow-wrap: anywhere; }
figure { margin: .75rem 0; } figcaption { font-size: .85rem; color: var(--soft); }
svg { width: 100%; height: auto; display: block; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.back { fill: var(--faint); } .bar { fill: var(--main); } .gain { fill: var(--good); } .lose { fill: var(--bad); }
.axis { stroke: var(--soft); stroke-width: 1; }
.plane { max-width: 34rem; }
details { font-size: .85rem; } summary { cursor: pointer; color: var(--soft); }
.finding { border-left: 4px solid var(--main); padding-left: .75rem; } .noise { border-color: var(--soft); }
th[scope=row] { position: sticky; left: 0; background: var(--paper); }
@media print {
  @page { size: A4 landscape; margin: 11mm; }
  :root { --ink: #000; --paper: #fff; --soft: #444; --faint: #ccc; }
  body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details { display: none; } .wide { overflow: visible; }
  th, td { white-space: normal; padding: .15rem .35rem; font-size: 8pt; }
  figure, .one, tr { break-inside: avoid; } h1, h2, h3 { break-after: avoid; }
}
";
