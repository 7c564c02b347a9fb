//! R7: students who cannot be divided into coaching groups within `min` and `max`.

use std::collections::BTreeMap;

use crate::pluralize::pluralize;
use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{Coaching, School, StudentColumn};

use super::sharing::{Bound, Counts, possible_groups};

/// Sites and units named in one message.
const SHOWN: usize = 8;

pub fn report(
    school: &School,
    coaching: &Coaching,
    counts: &Counts,
    origins: &Origins,
    problems: &mut Problems,
) {
    let sizes = Sizes { school, coaching };
    for (values, by_bound) in counts {
        for problem in sizes.problems(values, by_bound) {
            origins.settings.report(&origins.setting_spans.coaching, "min", problem, problems);
        }
    }
}

/// Students of whom some are bound to those of their site, their unit or both, and others may join any.
struct Division {
    bound: BTreeMap<Bound, usize>,
    loose: usize,
}

impl Division {
    /// Whoever is not bound in every way that counts is taken as loose: that hides no division that exists.
    fn new(by_bound: &BTreeMap<Bound, usize>, by_site: bool, by_unit: bool) -> Self {
        let mut division = Self { bound: BTreeMap::new(), loose: 0 };
        for (&Bound { site, unit }, &number) in by_bound {
            let is_loose = by_site && site.is_none() || by_unit && unit.is_none() || !by_site && !by_unit;
            if is_loose {
                division.loose += number;
            } else {
                let bound = Bound { site: site.filter(|_| by_site), unit: unit.filter(|_| by_unit) };
                *division.bound.entry(bound).or_default() += number;
            }
        }
        division
    }

    fn is_possible(&self, coaching: &Coaching) -> bool {
        let (min, max) = (coaching.min.max(1) as usize, coaching.max.max(1) as usize);
        // Loose students without whom so many groups would be too small.
        let wanted = |groups: usize, bound: usize| (groups * min).saturating_sub(bound);
        let fewest = || self.bound.values().map(|&bound| (bound.div_ceil(max), bound));
        let least: usize = fewest().map(|(groups, bound)| wanted(groups, bound)).sum();
        let room: usize = fewest().map(|(groups, bound)| groups * max - bound).sum();
        // Those without room need further groups, which are best where enough bound students are left.
        let further = self.loose.saturating_sub(room).div_ceil(max);
        let at = |(groups, bound): (usize, usize)| {
            (groups..groups + further).map(move |groups| wanted(groups + 1, bound) - wanted(groups, bound))
        };
        let mut steps: Vec<usize> = fewest().flat_map(at).collect();
        steps.extend(std::iter::repeat_n(min, further));
        steps.sort_unstable();
        least + steps[..further].iter().sum::<usize>() <= self.loose
    }
}

struct Sizes<'s> {
    school: &'s School,
    coaching: &'s Coaching,
}

impl Sizes<'_> {
    fn problems(&self, values: &[&str], by_bound: &BTreeMap<Bound, usize>) -> Vec<Problem> {
        let by_site = by_bound.keys().any(|bound| bound.site.is_some());
        let by_unit = by_bound.keys().any(|bound| bound.unit.is_some());
        let finest = Division::new(by_bound, by_site, by_unit);
        if finest.loose == 0 {
            return finest
                .bound
                .iter()
                .filter_map(|(bound, &n)| self.indivisible(values, bound, n))
                .collect();
        }
        let nothing = Bound { site: None, unit: None };
        if let Some(problem) = self.indivisible(values, &nothing, by_bound.values().sum()) {
            return vec![problem];
        }
        // The coarsest that fails says most plainly what is wrong.
        let divisions = [(true, false), (false, true), (true, true)].into_iter();
        let divisions = divisions.filter(|&(site, unit)| (by_site || !site) && (by_unit || !unit));
        let of = |(site, unit)| (Division::new(by_bound, site, unit), site, unit);
        let failing = divisions.map(of).find(|(division, ..)| !division.is_possible(self.coaching));
        failing.map(|(division, site, unit)| self.bound(values, &division, site, unit)).into_iter().collect()
    }

    /// The value of every `group_by` column, as words for a message.
    fn of_values(&self, values: &[&str]) -> Vec<String> {
        let word = |(column, value): (&StudentColumn, &&str)| match column {
            StudentColumn::Class => format!("class `{value}`"),
            StudentColumn::Year => format!("year `{value}`"),
            StudentColumn::Unit => format!("unit `{value}`"),
        };
        self.coaching.group_by.iter().zip(values).map(word).collect()
    }

    fn of_bound(&self, bound: &Bound) -> impl Iterator<Item = String> {
        let unit = bound.unit.map(|unit| format!("unit `{}`", self.school[unit]));
        unit.into_iter().chain(bound.site.map(|site| format!("site `{}`", self.school[site])))
    }

    fn message(&self, students: usize, key: &[String]) -> String {
        let of = if key.is_empty() { String::new() } else { format!(" of {}", key.join(", ")) };
        let Coaching { min, max, .. } = self.coaching;
        format!("{}{of} cannot form coaching groups of {min} to {max}", pluralize(students, "student"))
    }

    fn indivisible(&self, values: &[&str], bound: &Bound, students: usize) -> Option<Problem> {
        let (least, most) = possible_groups(students, self.coaching);
        if least <= most {
            return None;
        }
        let Coaching { min, max, .. } = self.coaching;
        let key: Vec<String> = self.of_values(values).into_iter().chain(self.of_bound(bound)).collect();
        let lower = students / least;
        let (own, join) = if bound.unit.is_some() {
            (
                ", as every coach serves the own unit only",
                "by a coach without a unit or `own_staff = \"prefer\"`",
            )
        } else {
            ("", "by a wider `group_by`")
        };
        let help = if most == 0 {
            format!("set `min` to {lower} or less, or let them join others {join}")
        } else {
            format!("set `min` to {lower} or less, or `max` to {} or more", students.div_ceil(most))
        };
        let problem = Problem::error("group-size", self.message(students, &key))
            .rule("R7")
            .found(format!(
                "{}: at most {} of at least {min}, at least {} of at most {max}{own}",
                pluralize(students, "student"),
                pluralize(most, "group"),
                pluralize(least, "group")
            ))
            .expected("a number of groups that keeps every group within `min` and `max`")
            .help(help);
        Some(problem)
    }

    /// Some are bound, and the others too few, or too many, to fill up their groups.
    fn bound(&self, values: &[&str], division: &Division, by_site: bool, by_unit: bool) -> Problem {
        let students = division.bound.values().sum::<usize>() + division.loose;
        let each = division.bound.iter().map(|(bound, number)| {
            format!("{number} of {}", self.of_bound(bound).collect::<Vec<_>>().join(", "))
        });
        let mut each: Vec<String> = each.collect();
        if each.len() > SHOWN {
            each.splice(SHOWN.., ["others elsewhere".to_owned()]);
        }
        let (what, help) = match (by_site, by_unit) {
            (true, false) => ("site", "set another `min` or `max`, or give students another `site`"),
            (false, _) => ("unit", "set another `min` or `max`, or give a coach no unit, who serves all"),
            _ => (
                "site or unit",
                "set another `min` or `max`, give students another `site`, or give a coach no unit",
            ),
        };
        let mixing = match (by_site, by_unit) {
            (true, false) => "without mixing sites",
            (false, _) => "while every coach serves the own unit only",
            _ => "without mixing sites, while every coach serves the own unit only",
        };
        Problem::error("group-size", format!("{} {mixing}", self.message(students, &self.of_values(values))))
            .rule("R7")
            .found(format!(
                "{}; {} without a {what} may join any of them",
                each.join(", "),
                pluralize(division.loose, "student")
            ))
            .expected("a number of groups that keeps every group within `min` and `max`")
            .help(help)
    }
}
