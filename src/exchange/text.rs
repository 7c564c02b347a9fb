//! Tables as text for other programs.

use crate::csv_injection::escape;

/// Which cells stand between double quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// Those that need them.
    Needed,
    All,
}

/// A cell of a file in which text is quoted and numbers are not, whatever the text looks like.
#[derive(Clone, Debug, Default)]
pub enum Field {
    #[default]
    Empty,
    Text(String),
    Number(i64),
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        if text.is_empty() { Field::Empty } else { Field::Text(text.to_owned()) }
    }
}

impl From<usize> for Field {
    fn from(number: usize) -> Self {
        Field::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Field {
    fn from(number: i64) -> Self {
        Field::Number(number)
    }
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
        let quotes = self.quotes;
        self.row(cells, |cell| {
            let cell = cell.as_ref();
            quoted(cell, quotes == Quotes::All || cell.contains(['"', ',', ';', '\n', '\r']))
        });
    }

    pub fn push_fields(&mut self, fields: impl IntoIterator<Item = Field>) {
        self.row(fields, |field| match field {
            Field::Empty => String::new(),
            Field::Text(text) => quoted(&text, true),
            Field::Number(number) => number.to_string(),
        });
    }

    fn row<T>(&mut self, cells: impl IntoIterator<Item = T>, write: impl Fn(T) -> String) {
        let cells: Vec<String> = cells.into_iter().map(write).collect();
        self.text.push_str(&cells.join(","));
        self.text.push_str("\r\n");
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

fn quoted(cell: &str, quotes: bool) -> String {
    let cell = escape(cell);
    if quotes { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Field, Quotes, Table};

    #[test]
    fn cells_are_quoted_as_asked_and_never_formulas() {
        let row = ["12", "a,b", "say \"hi\"", "", "=1+1"];
        for (quotes, text) in [
            (Quotes::Needed, "12,\"a,b\",\"say \"\"hi\"\"\",,'=1+1\r\n"),
            (Quotes::All, "\"12\",\"a,b\",\"say \"\"hi\"\"\",\"\",\"'=1+1\"\r\n"),
        ] {
            let mut table = Table::new(quotes);
            table.push(row);
            assert_eq!(table.into_text(), text);
        }
        let mut table = Table::new(Quotes::Needed);
        table.push_fields([Field::from(1_usize), Field::from("001"), Field::from(""), Field::from("@x")]);
        assert_eq!(table.into_text(), "1,\"001\",,\"'@x\"\r\n");
    }
}
