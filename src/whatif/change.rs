//! A change of the data that could help, written as a scenario, so that whoever reads of it can try it.

use crate::school::StaffId;

/// One change, or two that are made together.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// `seat`, `smaller-session`, `hour`, `budget`, `qualification`, `place`, `block`; `two` for two of them.
    pub kind: &'static str,
    /// A sentence.
    pub text: String,
    /// As a scenario says it.
    pub scenario: String,
    /// Whose hours or qualifications change.
    pub who: Option<StaffId>,
}

impl Change {
    /// About nobody of the school.
    pub fn new(kind: &'static str, text: String, scenario: String) -> Self {
        Self { kind, text, scenario, who: None }
    }

    pub fn about(self, who: StaffId) -> Self {
        Self { who: Some(who), ..self }
    }

    /// Both, in this order.
    pub fn and(&self, other: &Self) -> Self {
        Self {
            kind: "two",
            text: format!("{}; and {}", self.text, other.text),
            scenario: joined(&self.scenario, &other.scenario),
            who: self.who.or(other.who),
        }
    }
}

/// Two scenarios of tables only, as one: what both set of the same row stands under one header.
fn joined(first: &str, second: &str) -> String {
    let mut lines: Vec<&str> = first.lines().collect();
    let mut at = lines.len();
    for line in second.lines() {
        let row = line.starts_with('[') && !line.starts_with("[[");
        if row && let Some(known) = lines.iter().position(|&other| other == line) {
            at = known + 1;
            continue;
        }
        if line.starts_with('[') {
            at = lines.len();
        }
        lines.insert(at, line);
        at += 1;
    }
    lines.into_iter().map(|line| format!("{line}\n")).collect()
}

/// A text as TOML says it.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Sets a number of the row with this id.
pub fn set(table: &str, id: &str, column: &str, value: u32) -> String {
    format!("[set.{table}.{}]\n{column} = {value}\n", quoted(id))
}

/// The name, or the first of `name-2`, `name-3` that is free.
pub fn fresh(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name}-{number}")));
    names.find(|name| !taken(name)).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_changes_set_of_one_row_stands_under_one_header() {
        let most = Change::new("hour", "more".into(), set("staff", "ann", "max_blocks", 2));
        let day = Change::new("hour", "a day".into(), set("staff", "ann", "max_per_day", 3));
        let place = Change::new("place", "a room".into(), "[[add.places]]\nplace = \"r\"\n".into());
        let both = most.and(&day);
        assert_eq!(both.scenario, "[set.staff.\"ann\"]\nmax_per_day = 3\nmax_blocks = 2\n");
        let three = both.and(&place).and(&place);
        assert_eq!(three.scenario.matches("[[add.places]]").count(), 2);
        assert!(toml::from_str::<toml::Table>(&three.scenario).is_ok(), "{}", three.scenario);
    }
}
