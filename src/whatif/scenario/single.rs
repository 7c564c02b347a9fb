//! Single changes on the command line: `--set staff.jansen.max_blocks=10`.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use crate::read::Problem;
use crate::read::changing::{Changes, KeyEdit, Problems, RowChange, RowEdit, Source, Which};

use super::names::{self, Named};
use super::parse::no_ids;

/// How messages name where they stand.
const NAME: &str = "--set";

pub fn read(changes: &mut Changes, sets: &[String], problems: &mut Problems) {
    if sets.is_empty() {
        return;
    }
    // Each on a line of its own, whatever it holds.
    let lines: Vec<String> = sets.iter().map(|set| set.replace(['\r', '\n'], " ")).collect();
    let source = Arc::new(Source::new(NAME, lines.join("\n")));
    let index = changes.sources.len();
    changes.sources.push(Arc::clone(&source));
    let mut start = 0;
    for line in &lines {
        if let Err((span, problem)) = change(changes, index, line, start) {
            problems.push(problem.at(&source, span));
        }
        start += line.len() + 1;
    }
}

fn change(
    changes: &mut Changes,
    source: usize,
    line: &str,
    start: usize,
) -> Result<(), (Range<usize>, Problem)> {
    let whole = start..start + line.len();
    let (path, text) = line.split_once('=').ok_or_else(|| (whole.clone(), malformed(line)))?;
    let span = start..start + path.trim_end().len();
    let from = start + line.len() - text.trim_start().len();
    let text = text.trim();
    let value_span = from..from + text.len();
    let (table, rest) = path.trim().split_once('.').ok_or_else(|| (whole, malformed(line)))?;
    match names::named(table).map_err(|problem| (span.clone(), problem))? {
        Named::Settings(file, section) => {
            let path: Vec<&str> = rest.split('.').collect();
            names::setting(section, &path).map_err(|problem| (span.clone(), problem))?;
            let path = path.into_iter().map(str::to_owned).collect();
            changes.keys.push(KeyEdit { source, file, path, span, value: Some(value_span) });
        }
        Named::Rows(target) => {
            let id_column = target.id().ok_or_else(|| (span.clone(), no_ids(target)))?;
            // An id may have dots in it, a column has none.
            let (id, column) = rest.rsplit_once('.').ok_or_else(|| (span.clone(), malformed(line)))?;
            let value = Spanned::new(value_span, value(text));
            let cell = names::cell(target, (column, span.clone()), &value)?;
            let which = Which { cells: vec![(id_column, id.to_owned())], span };
            let change = RowChange::Set(which, vec![cell]);
            changes.rows.push(RowEdit { source, target, change });
        }
    }
    Ok(())
}

/// The value as TOML has it, where that makes a text or a list of it. Otherwise the text as it stands: `007`
/// is no number in a cell.
fn value(text: &str) -> DeValue<'_> {
    match DeValue::parse(text).map(Spanned::into_inner) {
        Ok(value @ (DeValue::String(_) | DeValue::Array(_))) => value,
        _ => DeValue::String(Cow::Borrowed(text)),
    }
}

fn malformed(line: &str) -> Problem {
    Problem::error("wrong-type", format!("`{line}` is not a change"))
        .found(format!("`{line}`"))
        .expected("`TABLE.ID.COLUMN=VALUE`, or `school.KEY=VALUE` for a setting")
        .help("write for instance `--set staff.jansen.max_blocks=10` or `--set school.weights.must=50`")
}
