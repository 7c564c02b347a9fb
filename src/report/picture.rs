//! A picture as plain rectangles and texts, which a template draws as SVG, with the same as a table.

/// Everything in pixels.
#[derive(Debug)]
pub struct Picture {
    /// Anchor on the page.
    pub id: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub width: usize,
    pub height: usize,
    pub marks: Vec<Mark>,
    pub labels: Vec<Label>,
    /// Class of the colour, and what it means.
    pub legend: Vec<(String, String)>,
    pub table: Table,
    /// Height after which paper may take a new sheet, where one sheet is not enough.
    pub cut: Option<usize>,
}

/// A picture from one height to another.
pub struct Part<'a> {
    pub from: usize,
    pub height: usize,
    pub marks: Vec<&'a Mark>,
    pub labels: Vec<&'a Label>,
}

impl Picture {
    /// The picture from top to bottom.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let cut = self.cut.unwrap_or(self.height).max(1);
        let part = |from: usize| {
            let height = cut.min(self.height - from);
            let inside = |y: usize| (from..from + height).contains(&y);
            Part {
                from,
                height,
                marks: self.marks.iter().filter(|mark| inside(mark.y)).collect(),
                labels: self.labels.iter().filter(|label| inside(label.y)).collect(),
            }
        };
        (0..self.height).step_by(cut).map(part).collect()
    }
}

/// A rectangle.
#[derive(Debug)]
pub struct Mark {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
    pub class: String,
    /// Shown where the pointer rests; empty for none.
    pub tip: String,
}

#[derive(Debug)]
pub struct Label {
    pub x: usize,
    pub y: usize,
    /// `l-start`, `l-mid`, `l-end`, and others that colour it.
    pub class: &'static str,
    pub text: String,
    /// Whose week it leads to.
    pub link: Option<String>,
}

impl Label {
    pub fn new(x: usize, y: usize, class: &'static str, text: String) -> Self {
        Self { x, y, class, text, link: None }
    }

    pub fn to(self, kind: &str, id: &str) -> Self {
        Self { link: Some(address(kind, id)), ..self }
    }
}

/// Where the page shows the week of somebody or something.
pub fn address(kind: &str, id: &str) -> String {
    let mut address = format!("#{kind}/");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address += &format!("%{byte:02X}");
        }
    }
    address
}

/// A text in a table that may lead to a week.
#[derive(Debug, Default)]
pub struct Cell {
    pub text: String,
    pub link: Option<String>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, link: None }
    }
}

/// The first cell of every row is its heading.
#[derive(Debug, Default)]
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { head: head.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    pub fn push<const N: usize>(&mut self, row: [impl Into<Cell>; N]) {
        self.rows.push(row.map(Into::into).into());
    }
}

/// `text`, cut so that it fits beside a picture.
pub fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Part of a whole in tenths, 0 only for nothing and 10 only for all of it.
pub fn tenths(part: u64, whole: u64) -> u64 {
    match (part, whole) {
        (0, _) | (_, 0) => 0,
        (part, whole) if part >= whole => 10,
        (part, whole) => (part * 10 / whole).clamp(1, 9),
    }
}

/// In per cent, 100 only for all of it.
pub fn percent(part: u64, whole: u64) -> u64 {
    if whole == 0 || part >= whole { 100 } else { (part * 100 / whole).min(99) }
}
