//! Typed values from the cells of a [`Row`]. A cell that cannot be read is reported and gives `None`,
//! like an empty one: no school is handed out once there is an error, so callers may go on with a default.

use super::problem::Problems;
use super::table::Row;
use super::value;

impl Row<'_> {
    pub fn count(&self, column: &str, problems: &mut Problems) -> Option<u32> {
        self.parse(column, value::count, problems)
    }

    pub fn required_count(&self, column: &str, problems: &mut Problems) -> Option<u32> {
        self.required(column, problems)?;
        self.count(column, problems)
    }

    /// A count of at least 1.
    pub fn positive(&self, column: &str, problems: &mut Problems) -> Option<u32> {
        let number = self.count(column, problems)?;
        if number == 0 {
            let problem = super::Problem::error("zero", format!("`{column}` is 0"))
                .found("`0`")
                .expected("1 or more")
                .help("write at least 1, or take the row out");
            self.report(column, problem, problems);
            return None;
        }
        Some(number)
    }

    /// Reads a decimal comma where semicolons separate the cells.
    pub fn amount(&self, column: &str, problems: &mut Problems) -> Option<f64> {
        let comma = self.table.has_semicolons();
        self.parse(column, |text| value::amount(text, comma), problems)
    }

    pub fn time(&self, column: &str, problems: &mut Problems) -> Option<u16> {
        self.parse(column, value::time, problems)
    }

    pub fn flag(&self, column: &str, problems: &mut Problems) -> Option<bool> {
        self.word(column, &[("true", true), ("false", false)], problems)
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, column: &str, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        self.parse(column, |text| value::word(column, text, words), problems)
    }

    /// One of a few words, which must not be left out.
    pub fn required_word<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        self.required(column, problems)?;
        self.word(column, words, problems)
    }

    /// The items of a list with their position in the cell; empty where the cell is.
    pub fn items(&self, column: &str, problems: &mut Problems) -> Vec<(usize, &str)> {
        match self.text(column) {
            Some(text) => {
                value::list(text, |index, problem| self.report_item(column, index, problem, problems))
            }
            None => Vec::new(),
        }
    }

    /// Several of a few words; `None` where the cell is empty.
    pub fn words<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<Vec<T>> {
        self.text(column)?;
        let mut found = Vec::new();
        for (index, item) in self.items(column, problems) {
            match value::word(column, item, words) {
                Ok(word) => found.push(word),
                Err(problem) => {
                    let is_known = |item: &str| value::word(column, item, words).is_ok();
                    let help = value::separate(item, is_known);
                    let problem = help.map_or(problem.clone(), |help| problem.help(help));
                    self.report_item(column, index, problem, problems);
                }
            }
        }
        Some(found)
    }

    fn parse<T>(
        &self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, super::Problem>,
        problems: &mut Problems,
    ) -> Option<T> {
        match read(self.text(column)?) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.report(column, problem, problems);
                None
            }
        }
    }
}
