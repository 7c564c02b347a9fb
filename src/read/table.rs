//! One CSV file: its header matched with the table of columns, its rows with the place of every cell.

use std::ops::Range;
use std::path::Path;

use csv::StringRecord;

use crate::csv_injection::unescape;
use crate::delimited::Dialect;
use crate::limits;
use crate::pluralize::pluralize;

use super::columns::{Column, File};
use super::input::Input;
use super::problem::{Problem, Problems, Severity, nearest};
use super::source::Source;
use super::spoilt;
use super::words;
use super::workbook;

pub const OPEN_QUOTE: &str = "open-quote";
pub const RAGGED_ROW: &str = "ragged-row";
const NO_ROWS: &str = "no-rows";

/// A CSV file with a readable header.
#[derive(Debug)]
pub struct Table {
    pub file: &'static File,
    pub source: Source,
    delimiter: u8,
    /// Number of fields in the header.
    width: usize,
    /// For each column of [`File::columns`], the field that holds it.
    fields: Vec<Option<usize>>,
    /// How the columns are called: known ones by the contract, others as written.
    header: Vec<String>,
    /// The byte below a first line `sep=;`.
    body: usize,
}

impl Table {
    /// Reads the file and its header. `None` where there is no file or nothing in it can be used; that is
    /// a problem unless the file may be left out.
    pub fn open(input: &Input, file: &'static File, problems: &mut Problems) -> Option<Self> {
        let path = input.dir.join(file.name);
        let source = if workbook::is_there(&path) {
            let source = Source::load(&path, file.name, limits::FILE, problems)?;
            usable(source, file, problems)?
        } else {
            if file.required {
                problems.push(super::folder::missing_file(input.dir, file.name, file.holds));
                return None;
            }
            input.changes.new_file(file, problems)?
        };
        let source = out_of_one_column(source, file, problems);
        if !input.changes.touch(file) {
            return Some(Self::new(source, file, problems));
        }
        // What is wrong with the file as it stands is told of the changed one as well.
        let table = Self::new(source, file, &mut Problems::default());
        let source = input.changes.changed_rows(table, problems);
        Some(Self::new(source, file, problems))
    }

    /// The same of a file that belongs to no school and may be called as it likes.
    pub fn open_at(path: &Path, file: &'static File, problems: &mut Problems) -> Option<Self> {
        let source = Source::load(path, &path.display().to_string(), limits::FILE, problems)?;
        let source = usable(source, file, problems)?;
        Some(Self::new(out_of_one_column(source, file, problems), file, problems))
    }

    fn new(source: Source, file: &'static File, problems: &mut Problems) -> Self {
        let Dialect { separator: delimiter, start: body } = dialect(&source.text, file);
        let mut table = Self {
            file,
            source,
            delimiter,
            width: 0,
            fields: vec![None; file.columns.len()],
            header: Vec::new(),
            body,
        };
        table.read_header(problems);
        table
    }

    /// Whether the file has the column.
    pub fn has(&self, column: &str) -> bool {
        self.field(column).is_some()
    }

    /// Whether the column is the first of the file.
    pub fn begins_with(&self, column: &str) -> bool {
        self.field(column) == Some(0)
    }

    /// Whether it was found to have nothing but its header.
    pub fn has_no_rows(&self, problems: &Problems) -> bool {
        problems.has(NO_ROWS, self.file.name)
    }

    /// Whether semicolons separate the cells, so that a comma in a number can only be a decimal one.
    pub fn has_semicolons(&self) -> bool {
        self.delimiter == b';'
    }

    /// How the columns are called: known ones by the contract, others as written.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn separator(&self) -> char {
        char::from(self.delimiter)
    }

    /// The byte behind the last cell of the header.
    pub fn end_of_header(&self) -> usize {
        let fields = Fields {
            text: &self.source.text,
            at: Some(self.skip_line_breaks(self.body)),
            delimiter: self.delimiter,
        };
        fields.last().map_or(0, |last| last.end)
    }

    fn field(&self, column: &str) -> Option<usize> {
        let index = self.file.columns.iter().position(|known| known.name == column)?;
        self.fields[index]
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(&self.source.text.as_bytes()[self.body..])
    }

    fn read_header(&mut self, problems: &mut Problems) {
        let start = self.skip_line_breaks(self.body);
        let fields = Fields { text: &self.source.text, at: Some(start), delimiter: self.delimiter };
        let written: Vec<String> =
            fields.map(|field| unquoted(&self.source.text[field]).trim().to_owned()).collect();
        self.header = named_by_contract(self.file, &written);
        self.width = self.header.len();
        for (field, name) in self.header.clone().iter().enumerate() {
            self.match_column(field, name, start, problems);
        }
        for (index, column) in self.file.columns.iter().enumerate() {
            if column.required && self.fields[index].is_none() {
                problems.push(self.missing_column(column.name, start));
            }
        }
    }

    fn match_column(&mut self, field: usize, name: &str, start: usize, problems: &mut Problems) {
        match self.file.columns.iter().position(|column| column.name == name) {
            Some(index) if self.fields[index].is_none() => self.fields[index] = Some(field),
            Some(_) => problems.push(
                Problem::error("duplicate-column", format!("column `{name}` stands twice in the header"))
                    .at(&self.source, self.span(start, field))
                    .field(name)
                    .found(format!("`{name}` a second time"))
                    .expected("each column once")
                    .help("take one of the two out, or give it another name"),
            ),
            None if self.file.open || name.is_empty() || self.stands_for_missing(name) => {}
            None => {
                let known = self.file.columns.iter().map(|column| column.name);
                let help = match nearest(name, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "it is not read; take it out or leave it".to_owned(),
                };
                problems.push(
                    Problem::warning("unknown-column", format!("unknown column `{name}`"))
                        .at(&self.source, self.span(start, field))
                        .field(name)
                        .found(format!("`{name}`"))
                        .expected(format!("columns of {}: {}", self.file.name, self.column_names()))
                        .help(help),
                );
            }
        }
    }

    /// Whether the header is taken for a column that is missing, which is reported by itself.
    fn stands_for_missing(&self, header: &str) -> bool {
        let missing =
            |column: &&Column| column.required && !self.header.iter().any(|name| name == column.name);
        self.file.columns.iter().filter(missing).any(|column| self.nearest_spare(column.name) == Some(header))
    }

    /// The unknown header that is most like `name`.
    fn nearest_spare(&self, name: &str) -> Option<&str> {
        let is_spare = |header: &&str| self.file.columns.iter().all(|column| column.name != *header);
        nearest(name, self.header.iter().map(String::as_str).filter(is_spare))
    }

    fn missing_column(&self, name: &str, start: usize) -> Problem {
        let help = match self.nearest_spare(name) {
            Some(near) => format!("rename the column `{near}` to `{name}`"),
            None if self.width == 1 && self.header[0].contains('\t') => {
                "save the file with commas or semicolons between the cells, not tabs".to_owned()
            }
            None => format!("add a column `{name}` to the header and fill it in"),
        };
        let end =
            self.source.text[start..].find(['\r', '\n']).map_or(self.source.text.len(), |at| start + at);
        Problem::error("missing-column", format!("column `{name}` is missing"))
            .at(&self.source, start..end)
            .field(name)
            .found(format!("the columns {}", self.header.join(", ")))
            .expected(format!("a column `{name}`"))
            .help(help)
    }

    fn column_names(&self) -> String {
        self.file.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    fn skip_line_breaks(&self, from: usize) -> usize {
        let bytes = self.source.text.as_bytes();
        from + bytes[from.min(bytes.len())..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
    }

    /// Calls `visit` with every row below the header that has anything in it.
    pub fn each_row(&self, problems: &mut Problems, mut visit: impl FnMut(&Row, &mut Problems)) {
        let mut reader = self.reader();
        let mut record = StringRecord::new();
        let (mut is_header, mut rows, mut last) = (true, 0, 0);
        // The text is valid UTF-8 and rows may have any length, so reading cannot fail.
        while matches!(reader.read_record(&mut record), Ok(true)) {
            let byte = record.position().map_or(0, csv::Position::byte);
            let start = self.skip_line_breaks(self.body + usize::try_from(byte).unwrap_or(0));
            last = start;
            if std::mem::take(&mut is_header) || record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            rows += 1;
            let surplus = record.iter().skip(self.width).any(|cell| !cell.trim().is_empty());
            let mut row = Row { table: self, record: &record, start, shifted: surplus, spoiled: Vec::new() };
            let is_torn = surplus || record.len() < self.width;
            // What an open quote swallows is told below.
            if is_torn && open_quote(&self.source.text, start, self.delimiter).is_none() {
                problems.push(self.ragged(&row));
            }
            row.spoiled = self.spoiled(&row, problems);
            visit(&row, problems);
        }
        if let Some(quote) = open_quote(&self.source.text, last, self.delimiter) {
            problems.push(self.open_quote(quote));
        }
        if rows == 0 && self.file.required {
            problems.push(
                Problem::warning(NO_ROWS, format!("`{}` has a header only", self.file.name))
                    .file(self.file.name)
                    .found("no rows")
                    .expected(self.file.holds)
                    .help("add a row for each of them below the header"),
            );
        }
    }

    /// The fields whose cells a spreadsheet or another encoding has spoiled; each is reported here and read as empty.
    fn spoiled(&self, row: &Row, problems: &mut Problems) -> Vec<usize> {
        let mut spoiled = Vec::new();
        for (column, field) in self.file.columns.iter().zip(&self.fields) {
            let Some((field, cell)) = field.and_then(|field| Some((field, row.record.get(field)?))) else {
                continue;
            };
            let Some(problem) = spoilt::report(column, cell.trim()) else { continue };
            if problem.severity == Severity::Error {
                spoiled.push(field);
            }
            row.report(column.name, problem, problems);
        }
        spoiled
    }

    fn ragged(&self, row: &Row) -> Problem {
        let cells = row.record.len();
        let help = if cells > self.width {
            "put a cell that contains the separator between double quotes"
        } else {
            "add the missing separators, one between every two columns, also where a cell is empty"
        };
        Problem::error(
            RAGGED_ROW,
            format!("a row with {} under a header of {}", pluralize(cells, "cell"), self.width),
        )
        .at(&self.source, row.span_of_row())
        .found(pluralize(cells, "cell"))
        .expected(format!("{}: {}", pluralize(self.width, "cell"), self.header.join(", ")))
        .help(help)
    }

    fn open_quote(&self, at: usize) -> Problem {
        Problem::error(OPEN_QUOTE, "a double quote is opened and never closed")
            .at(&self.source, at..at + 1)
            .found("`\"` without a second one")
            .expected("a closing `\"` at the end of the cell")
            .help("close the quote; a quote inside a quoted cell is written twice")
    }

    /// The bytes of one field of the row at `start`, without white space around it.
    fn span(&self, start: usize, field: usize) -> Range<usize> {
        let text = &self.source.text;
        let mut fields = Fields { text, at: Some(start), delimiter: self.delimiter };
        fields.nth(field).map_or(start..start, |range| self.trimmed(range))
    }

    fn trimmed(&self, field: Range<usize>) -> Range<usize> {
        let cell = &self.source.text[field.clone()];
        let from = field.start + (cell.len() - cell.trim_start().len());
        from..from + cell.trim().len()
    }

    /// Where the cell of `column` stands in the row that starts at `start`; the row's first cell where
    /// the file lacks the column.
    pub fn locate(&self, start: usize, column: &str) -> Range<usize> {
        self.span(start, self.field(column).unwrap_or(0))
    }
}

/// The raw fields of one row.
struct Fields<'t> {
    text: &'t str,
    at: Option<usize>,
    delimiter: u8,
}

impl Iterator for Fields<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at?;
        let bytes = self.text.as_bytes();
        let mut quoted = bytes.get(start) == Some(&b'"');
        let mut at = start + usize::from(quoted);
        while let Some(&byte) = bytes.get(at) {
            match byte {
                // A doubled quote closes and opens again, which comes to the same.
                b'"' if bytes[start] == b'"' => quoted = !quoted,
                b'\r' | b'\n' if !quoted => break,
                _ if byte == self.delimiter && !quoted => break,
                _ => {}
            }
            at += 1;
        }
        self.at = (bytes.get(at) == Some(&self.delimiter)).then_some(at + 1);
        Some(start..at)
    }
}

/// What a raw field says.
fn unquoted(field: &str) -> String {
    let Some(rest) = field.strip_prefix('"') else { return field.to_owned() };
    let (mut text, mut quoted, mut letters) = (String::new(), true, rest.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                text.push('"');
            }
            '"' if quoted => quoted = false,
            _ => text.push(letter),
        }
    }
    text
}

/// Where a quote stands that the row at `start` opens and never closes.
fn open_quote(text: &str, start: usize, delimiter: u8) -> Option<usize> {
    let last = Fields { text, at: Some(start), delimiter }.last()?;
    let cell = &text[last.clone()];
    let quotes = cell.bytes().filter(|byte| *byte == b'"').count();
    (cell.starts_with('"') && quotes % 2 == 1).then_some(last.start)
}

/// The headings with each column of the file called as in the contract: in small letters, and not in Dutch.
pub fn named_by_contract(file: &File, written: &[String]) -> Vec<String> {
    let mut open: Vec<&str> = file.columns.iter().map(|column| column.name).collect();
    open.retain(|name| !written.iter().any(|heading| heading == name));
    let mut meant = |heading: &String| {
        let is_known = file.columns.iter().any(|column| column.name == heading);
        let name = words::meant(heading, open.iter().copied()).filter(|_| !is_known)?;
        open.retain(|other| *other != name);
        Some(name.to_owned())
    };
    written.iter().map(|heading| meant(heading).unwrap_or_else(|| heading.clone())).collect()
}

/// A file that has something in it and is none of those that are too large.
fn usable(source: Source, file: &File, problems: &mut Problems) -> Option<Source> {
    if source.text.trim().is_empty() {
        problems.push(empty_file(file));
        return None;
    }
    if let Err(excess) = limits::table(&source.text, dialect(&source.text, file).separator) {
        let problem = Problem::error(excess.code, excess.message)
            .found(format!("{} from here on", pluralize(excess.span.len(), "byte")))
            .expected(excess.expected)
            .help(excess.help);
        problems.push(problem.at(&source, excess.span));
        return None;
    }
    Some(source)
}

/// The file that a spreadsheet program has saved with each row in one cell, `"a,b,c"`, read as the rows it was before.
fn out_of_one_column(source: Source, file: &File, problems: &mut Problems) -> Source {
    let header = source.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let inner = unquoted(header.trim().trim_end_matches([';', ',']));
    let known = |name: &str| {
        let name = name.trim().trim_matches('"');
        words::meant(name, file.columns.iter().map(|column| column.name)).is_some()
    };
    let is_one = header.trim().starts_with('"')
        && !known(&inner)
        && [',', ';']
            .iter()
            .any(|separator| inner.matches(*separator).count() > 0 && inner.split(*separator).all(known));
    if !is_one {
        return source;
    }
    let text: String = source
        .text
        .lines()
        .map(|line| {
            let line = line.trim_end_matches([';', ',']);
            if line.starts_with('"') { unquoted(line) + "\n" } else { format!("{line}\n") }
        })
        .collect();
    problems.push(
        Problem::warning("one-column", format!("every row of `{}` stands in one cell", file.name))
            .file(file.name)
            .found("rows such as `\"a,b,c\"`: a spreadsheet program took the commas for text")
            .expected("a cell for each column")
            .help("it is read as it was meant; in Excel, open such files by Data, From Text/CSV, or save them with semicolons"),
    );
    Source::new(file.name, text)
}

/// How the file was saved. Its columns are known, so the header says best what separates the cells.
fn dialect(text: &str, file: &File) -> Dialect {
    let columns = file.columns.iter().map(|column| column.name);
    Dialect::detect(text, b",;", |name| words::meant(name, columns.clone()).is_some())
}

fn empty_file(file: &File) -> Problem {
    let names = file.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(",");
    Problem::error("empty-file", format!("`{}` is empty", file.name))
        .file(file.name)
        .found("nothing")
        .expected("a header and a row for each entry")
        .help(if file.required {
            format!("start it with the header `{names}`")
        } else {
            format!("start it with the header `{names}`, or delete the file")
        })
}

/// One row below the header.
pub struct Row<'t> {
    pub table: &'t Table,
    record: &'t StringRecord,
    /// Byte at which the row starts.
    pub start: usize,
    /// Cells stand under the wrong header, so what they hold says nothing.
    shifted: bool,
    /// Fields that have been reported as unreadable.
    spoiled: Vec<usize>,
}

impl<'t> Row<'t> {
    /// The trimmed cell; `None` where it is empty or the file lacks the column.
    pub fn text(&self, column: &str) -> Option<&'t str> {
        let field = self.table.field(column)?;
        let cell = unescape(self.record.get(field)?.trim());
        (!self.spoiled.contains(&field) && !cell.is_empty()).then_some(cell)
    }

    /// The trimmed cell, which must not be empty.
    pub fn required(&self, column: &str, problems: &mut Problems) -> Option<&'t str> {
        let text = self.text(column);
        if text.is_none() && self.is_present(column) {
            self.report(
                column,
                Problem::error("empty-cell", format!("`{column}` is empty"))
                    .found("an empty cell")
                    .expected(format!("a value: {}", self.about(column)))
                    .help(format!("fill in `{column}`, or take the row out")),
                problems,
            );
        }
        text
    }

    /// The bytes of the row, and of each cell the bytes and the text without white space around it.
    pub fn raw(&self) -> (Range<usize>, Vec<(Range<usize>, String)>) {
        let fields =
            Fields { text: &self.table.source.text, at: Some(self.start), delimiter: self.table.delimiter };
        let spans = fields.map(|field| self.table.trimmed(field));
        let cells = spans.zip(self.record).map(|(span, cell)| (span, cell.trim().to_owned()));
        (self.span_of_row(), cells.collect())
    }

    /// 1-based line.
    pub fn line(&self) -> usize {
        self.table.source.line(self.start)
    }

    /// Adds a problem with the cell of `column`.
    pub fn report(&self, column: &str, problem: Problem, problems: &mut Problems) {
        if !self.shifted {
            let span = self.table.locate(self.start, column);
            problems.push(problem.at(&self.table.source, span).field(column));
        }
    }

    /// Adds a problem with the item at `index` of the list in the cell of `column`.
    pub fn report_item(&self, column: &str, index: usize, problem: Problem, problems: &mut Problems) {
        if self.shifted {
            return;
        }
        let span = self.table.locate(self.start, column);
        let cell = &self.table.source.text[span.clone()];
        let before: usize = cell.split('|').take(index).map(|item| item.len() + 1).sum();
        let span = match cell.split('|').nth(index) {
            Some(item) if !cell.starts_with('"') => {
                let from = span.start + before + (item.len() - item.trim_start().len());
                from..from + item.trim().len()
            }
            _ => span,
        };
        problems.push(problem.at(&self.table.source, span).field(column));
    }

    fn is_present(&self, column: &str) -> bool {
        let is_readable = |field| field < self.record.len() && !self.spoiled.contains(&field);
        self.table.field(column).is_some_and(is_readable)
    }

    fn about(&self, column: &str) -> &'static str {
        self.table.file.columns.iter().find(|known| known.name == column).map_or("", |known| known.about)
    }

    fn span_of_row(&self) -> Range<usize> {
        let text = &self.table.source.text;
        let fields = Fields { text, at: Some(self.start), delimiter: self.table.delimiter };
        self.start..fields.last().map_or(self.start, |last| last.end)
    }
}
