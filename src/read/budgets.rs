//! `[[budget]]` of `school.toml`: whom each pays.

use std::collections::HashMap;

use crate::school::{Budget, Role, Roles, StaffId};

use super::document::Word;
use super::problem::{Problem, Problems};
use super::resources::Resources;
use super::settings::{BudgetRow, Settings};
use super::value;

pub fn budgets(settings: &Settings, resources: &Resources, problems: &mut Problems) -> Vec<Budget> {
    let reader = Reader { settings, resources };
    let mut least: HashMap<(String, String), f64> = HashMap::new();
    let mut budgets = Vec::new();
    for row in &settings.budgets {
        let Some(budget) = reader.budget(row, problems) else { continue };
        let unit = row.unit.as_ref().map_or("", |(unit, _)| unit);
        let same = (unit.to_owned(), budget.named.clone());
        if let Some(before) = least.get(&same) {
            let which = if unit.is_empty() { &budget.named } else { unit };
            reader.report(row, "unit", budget_twice(which, *before, row.cost), problems);
        }
        least.entry(same).and_modify(|least| *least = least.min(row.cost)).or_insert(row.cost);
        budgets.push(budget);
    }
    budgets
}

struct Reader<'a> {
    settings: &'a Settings,
    resources: &'a Resources,
}

impl Reader<'_> {
    /// `None`: it names a unit that nobody has, or nobody.
    fn budget(&self, row: &BudgetRow, problems: &mut Problems) -> Option<Budget> {
        let named = row.covers.iter().map(|(entry, _)| entry.as_str()).collect::<Vec<_>>().join("|");
        let mut budget = Budget {
            all: false,
            unit: None,
            people: Vec::new(),
            roles: Roles::default(),
            named,
            cost: row.cost,
            carry: row.carry,
        };
        match &row.unit {
            Some((all, _)) if all == "*" => budget.all = true,
            Some((unit, span)) => match self.resources.shared.units.resolve(unit) {
                Ok(unit) => budget.unit = Some(unit?),
                Err(problem) => {
                    self.settings.document.report(span, "unit", problem, problems);
                    return None;
                }
            },
            None if row.covers.is_empty() => {
                let problem = Problem::error("empty-cell", "a budget that pays nobody")
                    .found("neither `unit` nor `covers`")
                    .expected("a unit, `*` for all staff together, or people and roles in `covers`")
                    .help("write `unit = \"*\"`, or `covers = [\"role:guest\"]`");
                self.report(row, "unit", problem, problems);
                return None;
            }
            None => {}
        }
        for entry in &row.covers {
            self.cover(entry, &mut budget, problems);
        }
        Some(budget)
    }

    /// Adds whom the entry names, and warns where that is nobody else.
    fn cover(&self, (entry, span): &Word, budget: &mut Budget, problems: &mut Problems) {
        let staff = &self.resources.staff;
        let of_unit = |budget: &Budget, at: usize| {
            budget.all || (budget.unit.is_some() && staff.rows[at].unit == budget.unit)
        };
        let found = match entry.split_once(':').map(|(kind, value)| (kind.trim(), value.trim())) {
            Some(("staff", id)) => staff.names.resolve(id).map(|id| {
                id.is_none_or(|id: StaffId| {
                    budget.people.push(id);
                    !of_unit(budget, crate::school::Id::index(id))
                })
            }),
            Some(("role", role)) => value::word("role", role, &Role::ALL.map(|role| (role.label(), role)))
                .map(|role| {
                    budget.roles.insert(role);
                    let others = staff.rows.iter().enumerate().filter(|(_, row)| row.roles.has(role));
                    !staff.names.is_complete() || others.into_iter().any(|(at, _)| !of_unit(budget, at))
                }),
            _ => Err(Problem::error("unknown-word", format!("`{entry}` in `covers`"))
                .found(format!("`{entry}`"))
                .expected("`staff:` with an id, or `role:` with a role")
                .help(match staff.names.get(entry) {
                    Some(_) => format!("did you mean `staff:{entry}`?"),
                    None => "write it as in `covers = [\"staff:jan\", \"role:guest\"]`".to_owned(),
                })),
        };
        let problem = match found {
            Ok(true) => return,
            Ok(false) => Problem::warning("covers-nobody", format!("`{entry}` adds nobody to the budget"))
                .found(format!("`{entry}`"))
                .expected("people whom the budget does not pay yet")
                .help("take it out, or correct it"),
            Err(problem) => problem,
        };
        self.settings.document.report(span, "covers", problem, problems);
    }

    fn report(&self, row: &BudgetRow, key: &str, problem: Problem, problems: &mut Problems) {
        let span = row.unit.as_ref().map_or(&row.span, |(_, span)| span);
        self.settings.document.report(span, key, problem, problems);
    }
}

fn budget_twice(unit: &str, before: f64, cost: f64) -> Problem {
    Problem::warning("budget-twice", format!("a second budget of `{unit}`"))
        .found(format!("{cost}, and {before} in a table above"))
        .expected("one `[[budget]]` for a unit")
        .help(format!(
            "take one of the two tables out; both hold, so that no more than {} counts",
            before.min(cost)
        ))
}
