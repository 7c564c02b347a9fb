//! R8: pairs that no coaching group can bring together.

use crate::counted::counted;
use std::collections::HashMap;

use crate::read::origin::Origins;
use crate::read::problem::{Problem, Problems};
use crate::school::{Coaching, Id, Kind, Pair, PairKind, School, StudentColumn, StudentId};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let together = |pair: &&Pair| pair.kind == PairKind::Together;
    let Some(coaching) = &school.coaching else {
        if let Some(index) = school.pairs.iter().position(|pair| together(&pair)) {
            origins.pairs.report(index, "kind", without_coaching(school), problems);
        }
        return;
    };
    let mut circles = Circles::new(school.students.len());
    for (index, pair) in school.pairs.iter().enumerate().filter(|(_, pair)| together(pair)) {
        if let Some(problem) = separated(school, coaching, pair) {
            origins.pairs.report(index, "other", problem, problems);
        }
        let size = circles.join(pair.student, pair.other);
        if size == coaching.max as usize + 1 {
            origins.pairs.report(index, "other", too_many(size, coaching), problems);
        }
    }
    for (index, pair) in school.pairs.iter().enumerate() {
        if pair.kind == PairKind::Apart && circles.of(pair.student) == circles.of(pair.other) {
            origins.pairs.report(index, "kind", contradiction(school, pair), problems);
        }
    }
}

fn without_coaching(school: &School) -> Problem {
    let count = school.pairs.iter().filter(|pair| pair.kind == PairKind::Together).count();
    Problem::warning("pair-without-groups", "pairs `together` in a school without coaching groups")
        .found(counted(count, "pair"))
        .expected("a table [coaching] in school.toml: only coaching groups keep students together")
        .help("add [coaching], or take the pairs out")
}

/// What the two differ in so that no group can have both.
fn separated(school: &School, coaching: &Coaching, pair: &Pair) -> Option<Problem> {
    let (one, other) = (&school[pair.student], &school[pair.other]);
    let unit = |unit: Option<crate::school::UnitId>| unit.map_or("", |unit| school[unit].as_str());
    let by_column = coaching.group_by.iter().map(|column| match column {
        StudentColumn::Class => ("class", one.class.as_str(), other.class.as_str()),
        StudentColumn::Year => ("year", one.year.as_str(), other.year.as_str()),
        StudentColumn::Unit => ("unit", unit(one.unit), unit(other.unit)),
    });
    let sites =
        one.site.zip(other.site).map(|(one, other)| ("site", school[one].as_str(), school[other].as_str()));
    let difference = by_column.chain(sites).find(|(_, one, other)| one != other);
    let found = match difference {
        Some((column, mine, theirs)) => {
            format!("`{}` has {column} `{mine}`, `{}` has {column} `{theirs}`", one.id, other.id)
        }
        None => {
            let outside =
                [pair.student, pair.other].into_iter().find(|&student| !in_groups(school, student))?;
            format!("`{}` is invited to no coaching block and so is in no group", school[outside].id)
        }
    };
    Some(
        Problem::error(
            "impossible-pair",
            format!("`{}` and `{}` cannot be in one coaching group", one.id, other.id),
        )
        .rule("R8")
        .found(found)
        .expected("two students who may share a coaching group")
        .help("take the pair out, or widen `group_by` or the audience of the coaching blocks"),
    )
}

fn in_groups(school: &School, student: StudentId) -> bool {
    school.block_ids().any(|block| school[block].kind == Kind::Coaching && school.invited[(student, block)])
}

fn too_many(size: usize, coaching: &Coaching) -> Problem {
    Problem::error("impossible-pair", format!("{size} students are to be together in one coaching group"))
        .rule("R8")
        .found(format!("{size} students, tied together by the pairs up to this line"))
        .expected(format!("at most {} students, the largest coaching group", coaching.max))
        .help("take pairs out, or raise `max` of [coaching]")
}

fn contradiction(school: &School, pair: &Pair) -> Problem {
    let (one, other) = (&school[pair.student].id, &school[pair.other].id);
    Problem::error("impossible-pair", format!("`{one}` and `{other}` are to be both apart and together"))
        .rule("R8")
        .found("`apart`, while other pairs put the two into one coaching group")
        .expected("students who are apart in different circles of `together`")
        .help("take one of the pairs out")
}

/// Students tied together by pairs: a union-find forest.
struct Circles {
    parent: HashMap<StudentId, StudentId>,
    size: HashMap<StudentId, usize>,
}

impl Circles {
    fn new(students: usize) -> Self {
        Self { parent: HashMap::with_capacity(students.min(1024)), size: HashMap::new() }
    }

    /// A member that stands for the whole circle.
    fn of(&self, student: StudentId) -> StudentId {
        let mut at = student;
        while let Some(&parent) = self.parent.get(&at) {
            at = parent;
        }
        at
    }

    /// The size of the new circle; 0 if the two were in one already.
    fn join(&mut self, one: StudentId, other: StudentId) -> usize {
        let (one, other) = (self.of(one), self.of(other));
        if one.index() == other.index() {
            return 0;
        }
        let sizes = [one, other].map(|root| self.size.get(&root).copied().unwrap_or(1));
        let (small, large) = if sizes[0] < sizes[1] { (one, other) } else { (other, one) };
        self.parent.insert(small, large);
        self.size.insert(large, sizes[0] + sizes[1]);
        sizes[0] + sizes[1]
    }
}
