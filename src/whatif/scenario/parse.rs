//! A scenario file to changes.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::read::Problem;
use crate::read::changing::{
    Cell, Changes, KeyEdit, Problems, RowChange, RowEdit, Section, Source, Target, Which, describe,
};

use super::names::{self, Named};

type Value<'d> = Spanned<DeValue<'d>>;
/// What is wrong, and where.
type Wrong = (Range<usize>, Problem);

/// Keys of the file itself, in the order in which they are done.
const VERBS: [&str; 3] = ["remove", "set", "add"];
/// Stands for every row.
const ALL: &str = "all";

/// Takes over everything that the file asks for; gives its `name`.
pub fn read(
    changes: &mut Changes,
    index: usize,
    source: &Source,
    document: &DeTable,
    problems: &mut Problems,
) -> Option<String> {
    let mut parser = Parser { changes, source: index, wrong: Vec::new() };
    for key in document.keys().filter(|key| !VERBS.contains(&&**key.get_ref()) && *key.get_ref() != "name") {
        parser.wrong.push((key.span(), unknown_verb(key.get_ref())));
    }
    for verb in VERBS {
        if let Some(value) = document.get(verb) {
            match value.get_ref() {
                DeValue::Table(tables) => parser.verb(verb, tables),
                _ => parser.wrong.push((value.span(), malformed(verb, "…", describe(value.get_ref())))),
            }
        }
    }
    for (span, problem) in parser.wrong {
        problems.push(problem.at(source, span));
    }
    let name = document.get("name")?;
    let text = name.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
    if text.is_none() {
        let problem = Problem::error("wrong-type", "`name` is not a text")
            .found(describe(name.get_ref()))
            .expected("what the scenario is about")
            .help("write `name = \"…\"`, or leave it out");
        problems.push(problem.at(source, name.span()));
    }
    text.map(str::to_owned)
}

struct Parser<'c> {
    changes: &'c mut Changes,
    source: usize,
    wrong: Vec<Wrong>,
}

impl Parser<'_> {
    fn verb(&mut self, verb: &'static str, tables: &DeTable) {
        // In the order of the file, which the parsed table has lost.
        let mut tables: Vec<_> = tables.iter().collect();
        tables.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in tables {
            let result = match names::named(name.get_ref()) {
                Err(problem) => Err((name.span(), problem)),
                Ok(Named::Settings(file, section)) => self.settings(verb, file, section, value),
                Ok(Named::Rows(target)) => self.rows(verb, target, value),
            };
            self.wrong.extend(result.err());
        }
    }

    fn settings(
        &mut self,
        verb: &str,
        file: &'static str,
        section: &'static Section,
        value: &Value,
    ) -> Result<(), Wrong> {
        let source = self.source;
        match (verb, value.get_ref()) {
            ("set", DeValue::Table(table)) => self.leaves(file, section, &mut Vec::new(), table),
            ("remove", DeValue::Array(paths)) => {
                for path in paths.iter() {
                    let text = path.get_ref().as_str().ok_or_else(|| wrong_settings(value))?;
                    let names: Vec<&str> = text.split('.').map(str::trim).collect();
                    names::setting(section, &names).map_err(|problem| (path.span(), problem))?;
                    let path_owned = names.into_iter().map(str::to_owned).collect();
                    let edit = KeyEdit { source, file, path: path_owned, span: path.span(), value: None };
                    self.changes.keys.push(edit);
                }
                Ok(())
            }
            _ => Err(wrong_settings(value)),
        }
    }

    /// Every value within the table is one setting.
    fn leaves<'t>(
        &mut self,
        file: &'static str,
        section: &'static Section,
        path: &mut Vec<&'t str>,
        table: &'t DeTable,
    ) -> Result<(), Wrong> {
        for (key, value) in table.iter() {
            path.push(key.get_ref());
            let known = names::setting(section, path);
            match (known, value.get_ref()) {
                (Err(problem), _) => self.wrong.push((key.span(), problem)),
                (Ok(()), DeValue::Table(inner)) => self.leaves(file, section, path, inner)?,
                (Ok(()), _) => self.changes.keys.push(KeyEdit {
                    source: self.source,
                    file,
                    path: path.iter().map(|&name| name.to_owned()).collect(),
                    span: key.span(),
                    value: Some(value.span()),
                }),
            }
            path.pop();
        }
        Ok(())
    }

    fn rows(&mut self, verb: &'static str, target: Target, value: &Value) -> Result<(), Wrong> {
        match (verb, value.get_ref()) {
            ("set", DeValue::Table(by_id)) => self.set_by_id(target, by_id),
            ("remove", DeValue::String(all)) if all == ALL => {
                self.push(target, RowChange::Remove(Which { cells: Vec::new(), span: value.span() }))
            }
            ("add", DeValue::Table(row)) => self.row(verb, target, row, value.span()),
            (_, DeValue::Array(items)) => {
                for item in items.iter() {
                    let result = match (verb, item.get_ref()) {
                        (_, DeValue::Table(row)) => self.row(verb, target, row, item.span()),
                        ("remove", DeValue::String(id)) => self.remove_id(target, id, item.span()),
                        (_, other) => Err((item.span(), malformed(verb, target.name(), describe(other)))),
                    };
                    self.wrong.extend(result.err());
                }
                Ok(())
            }
            (_, other) => Err((value.span(), malformed(verb, target.name(), describe(other)))),
        }
    }

    fn push(&mut self, target: Target, change: RowChange) -> Result<(), Wrong> {
        self.changes.rows.push(RowEdit { source: self.source, target, change });
        Ok(())
    }

    fn remove_id(&mut self, target: Target, id: &str, span: Range<usize>) -> Result<(), Wrong> {
        let Some(column) = target.id() else { return Err((span, no_ids(target))) };
        let which = Which { cells: vec![(column, id.trim().to_owned())], span };
        self.push(target, RowChange::Remove(which))
    }

    /// `[set.staff.jansen]`.
    fn set_by_id(&mut self, target: Target, by_id: &DeTable) -> Result<(), Wrong> {
        for (id, value) in by_id.iter() {
            let Some(column) = target.id() else { return Err((id.span(), no_ids(target))) };
            let DeValue::Table(row) = value.get_ref() else {
                return Err((value.span(), malformed("set", target.name(), describe(value.get_ref()))));
            };
            let which = Which { cells: vec![(column, id.get_ref().trim().to_owned())], span: id.span() };
            let cells = self.cells(target, row)?;
            self.push(target, RowChange::Set(which, cells))?;
        }
        Ok(())
    }

    /// One row of `[[remove.needs]]`, `[[set.needs]]` or `[[add.needs]]`.
    fn row(&mut self, verb: &str, target: Target, row: &DeTable, span: Range<usize>) -> Result<(), Wrong> {
        if verb == "add" {
            let cells = self.cells(target, row)?;
            return self.push(target, RowChange::Add(cells, span));
        }
        if verb == "remove" {
            let which = self.which(target, row, span)?;
            return self.push(target, RowChange::Remove(which));
        }
        let Some(DeValue::Table(wanted)) = row.get("where").map(Spanned::get_ref) else {
            return Err((span, malformed(verb, target.name(), "a row without `where`".to_owned())));
        };
        let which = self.which(target, wanted, span)?;
        let mut row = row.clone();
        row.remove("where");
        let cells = self.cells(target, &row)?;
        self.push(target, RowChange::Set(which, cells))
    }

    fn cells(&mut self, target: Target, row: &DeTable) -> Result<Vec<Cell>, Wrong> {
        let mut cells = Vec::new();
        for (key, value) in row.iter() {
            match names::cell(target, (key.get_ref(), key.span()), value) {
                Ok(cell) => cells.push(cell),
                Err(wrong) => self.wrong.push(wrong),
            }
        }
        Ok(cells)
    }

    fn which(&mut self, target: Target, row: &DeTable, span: Range<usize>) -> Result<Which, Wrong> {
        let cells = self.cells(target, row)?;
        if cells.is_empty() {
            return Err((span, malformed("remove", target.name(), "no cells".to_owned())));
        }
        Ok(Which { cells: cells.into_iter().map(|cell| (cell.column, cell.text)).collect(), span })
    }
}

fn unknown_verb(name: &str) -> Problem {
    Problem::error("unknown-key", format!("`{name}` is not a kind of change"))
        .found(format!("`{name}`"))
        .expected("`name`, `set`, `add` or `remove`")
        .help("write for instance `[set.staff.jansen]` with the new cells below it")
}

fn malformed(verb: &str, table: &str, found: String) -> Problem {
    let expected = match verb {
        "add" => format!("`[[add.{table}]]` with the cells of the row below it"),
        "remove" => format!("`[[remove.{table}]]` with cells that the row has below it, or \"{ALL}\""),
        _ => format!(
            "`[set.{table}.ID]` or `[[set.{table}]]` with `where = {{ column = \"…\" }}`, and the new cells"
        ),
    };
    Problem::error("wrong-type", format!("`{verb}` does not say which rows of `{table}`"))
        .found(found)
        .expected(expected)
        .help("see docs/whatif.md for the form of each change")
}

fn wrong_settings(value: &Value) -> Wrong {
    let problem = Problem::error("wrong-type", "settings are set or removed by their names")
        .found(describe(value.get_ref()))
        .expected("`[set.school.weights]` with the new values, or `remove.school = [\"reserve\"]`")
        .help("rows of budgets, travel and blocks have tables of their own: `[[add.budget]]`");
    (value.span(), problem)
}

pub fn no_ids(target: Target) -> Problem {
    let name = target.name();
    Problem::error("unknown-id", format!("the rows of `{name}` have no ids"))
        .found("an id")
        .expected(format!("`[[set.{name}]]` or `[[remove.{name}]]` with cells that the row has"))
        .help(format!("write in a scenario file `[[set.{name}]]` with `where = {{ … }}`"))
}
