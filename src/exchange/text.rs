//! Tables as text for other programs.

/// Which cells stand between double quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// Those that need them.
    Needed,
    /// Everything but numbers.
    Text,
    All,
}

/// Rows of cells as CSV with commas.
#[derive(Debug)]
pub struct Table {
    quotes: Quotes,
    text: String,
}

impl Table {
    /// Without a header.
    pub fn new(quotes: Quotes) -> Self {
        Self { quotes, text: String::new() }
    }

    pub fn with_header<const N: usize>(quotes: Quotes, header: [&str; N]) -> Self {
        let mut table = Self::new(quotes);
        table.push(header);
        table
    }

    /// A byte order mark, by which some programs know UTF-8.
    pub fn with_mark(mut self) -> Self {
        self.text.insert(0, '\u{feff}');
        self
    }

    pub fn push<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.text.push_str("\r\n");
    }

    fn cell(&mut self, cell: &str) {
        let number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let quoted = match self.quotes {
            Quotes::Needed => cell.contains(['"', ',', ';', '\n', '\r']),
            Quotes::Text => !number && !cell.is_empty(),
            Quotes::All => true,
        };
        let cell = harmless(cell);
        if quoted {
            self.text.push('"');
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&cell);
        }
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

/// A spreadsheet takes cells that begin so for formulas, which may do anything; behind an apostrophe they
/// are text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Quotes, Table};

    #[test]
    fn cells_are_quoted_as_asked_and_never_formulas() {
        let row = ["12", "a,b", "say \"hi\"", "", "=1+1"];
        for (quotes, text) in [
            (Quotes::Needed, "12,\"a,b\",\"say \"\"hi\"\"\",,'=1+1\r\n"),
            (Quotes::Text, "12,\"a,b\",\"say \"\"hi\"\"\",,\"'=1+1\"\r\n"),
            (Quotes::All, "\"12\",\"a,b\",\"say \"\"hi\"\"\",\"\",\"'=1+1\"\r\n"),
        ] {
            let mut table = Table::new(quotes);
            table.push(row);
            assert_eq!(table.into_text(), text);
        }
    }
}
