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
:root { color-scheme: light dark; --page: #f4f6f9; --ink: #17202e; --paper: #fff; --faint: #dde2ea; --main: #1f57c3;
  --good: #1b8c51; --bad: #b3262e; --soft: #586375; }
@media (prefers-color-scheme: dark) { :root { --page: #0f131a; --ink: #e7ebf2; --paper: #181e28; --faint: #2c3545;
  --main: #7eaaff; --good: #4cc480; --bad: #ff7a7a; --soft: #9ba7b9; } }
body { font: 16px/1.5 system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", \"DejaVu Sans\", sans-serif; color: var(--ink);
  background: var(--page); margin: 0 auto; padding: 1.5rem; max-width: 88rem; }
* { box-sizing: border-box; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
.wide { overflow-x: auto; background: var(--paper); border-radius: 14px; padding: .5rem .9rem; border: 1px solid var(--faint); }
table { border-collapse: collapse; font-size: .82rem; } .one .wide { padding: 0; border: 0; }
th, td { padding: .25rem .45rem; border-bottom: 1px solid var(--faint); text-align: right; vertical-align: top; }
th[scope=row], thead th:first-child { text-align: left; }
.many { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.5rem; }
.one { background: var(--paper); border: 1px solid var(--faint); border-radius: 14px; padding: 1rem; min-width: 0; } .one h3 { margin: 0 0 .25rem; overflow-wrap: anywhere; }
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
