//! R8: pairs that no coaching group can bring together.

use crate::pluralize::pluralize;
use std::collections::{HashMap, HashSet};

use crate::read::checking::{Origins, Problem, Problems};
use crate::school::{Coaching, Id, Pair, PairKind, School, StudentColumn, StudentId};

use super::sharing::{Sharing, Ties};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    let together = |pair: &&Pair| pair.kind == PairKind::Together;
    let Some(coaching) = &school.coaching else {
        if let Some(index) = school.pairs.iter().position(|pair| together(&pair)) {
            origins.pairs.report(index, "kind", without_coaching(school), problems);
        }
        return;
    };
    let sharing = Sharing::new(school, coaching);
    let mut circles = Circles::new(school.students.len());
    let mut separate = Vec::new();
    for (index, pair) in school.pairs.iter().enumerate().filter(|(_, pair)| together(pair)) {
        if let Some(problem) = separated(school, coaching, &sharing, pair) {
            origins.pairs.report(index, "other", problem, problems);
            separate.push(pair.student);
        }
        let size = circles.join(pair.student, pair.other);
        if size == coaching.max as usize + 1 {
            origins.pairs.report(index, "other", too_many(size, coaching), problems);
        }
    }
    report_circles(school, &sharing, &circles, &separate, origins, problems);
    for (index, pair) in school.pairs.iter().enumerate() {
        if pair.kind == PairKind::Apart && circles.of(pair.student) == circles.of(pair.other) {
            origins.pairs.report(index, "kind", contradiction(school, pair), problems);
        }
    }
}

fn without_coaching(school: &School) -> Problem {
    let count = school.pairs.iter().filter(|pair| pair.kind == PairKind::Together).count();
    Problem::warning("pair-without-groups", "pairs `together` in a school without coaching groups")
        .found(pluralize(count, "pair"))
        .expected("a table [coaching] in school.toml: only coaching groups keep students together")
        .help("add [coaching], or take the pairs out")
}

/// What the two differ in so that no group can have both.
fn separated(school: &School, coaching: &Coaching, sharing: &Sharing, pair: &Pair) -> Option<Problem> {
    let (one, other) = (&school[pair.student], &school[pair.other]);
    let by_column = coaching.group_by.iter().map(|&column| {
        let name = match column {
            StudentColumn::Class => "class",
            StudentColumn::Year => "year",
            StudentColumn::Unit => "unit",
        };
        (name, school.group_value(pair.student, column), school.group_value(pair.other, column))
    });
    let sites =
        one.site.zip(other.site).map(|(one, other)| ("site", school[one].as_str(), school[other].as_str()));
    let units = (one.unit.zip(other.unit).filter(|_| sharing.by_unit))
        .map(|(one, other)| ("unit", school[one].as_str(), school[other].as_str()));
    let difference = by_column.chain(sites).chain(units).find(|(_, one, other)| one != other);
    let found = match difference {
        Some((column, mine, theirs)) => {
            format!("`{}` has {column} `{mine}`, `{}` has {column} `{theirs}`", one.id, other.id)
        }
        None => {
            let outside =
                [pair.student, pair.other].into_iter().find(|&student| !school.is_coached(student))?;
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

/// Students whom several pairs tie together, of different sites or units, by way of those who have none.
/// Circles with a pair that is `separate` by itself have been told of.
fn report_circles(
    school: &School,
    sharing: &Sharing,
    circles: &Circles,
    separate: &[StudentId],
    origins: &Origins,
    problems: &mut Problems,
) {
    let mut told: HashSet<StudentId> = separate.iter().map(|&student| circles.of(student)).collect();
    let mut met: HashMap<StudentId, Vec<(StudentId, Ties)>> = HashMap::new();
    for (index, pair) in school.pairs.iter().enumerate().filter(|(_, pair)| pair.kind == PairKind::Together) {
        let circle = circles.of(pair.student);
        for student in [pair.student, pair.other] {
            let ties = sharing.of(student);
            let met = met.entry(circle).or_default();
            let other = met.iter().find(|(_, other)| !other.bound.may_join(&ties.bound));
            if let Some(&(other, _)) = other {
                if told.insert(circle) {
                    origins.pairs.report(index, "other", torn(school, other, student), problems);
                }
            } else if met.iter().all(|(_, other)| other.bound != ties.bound) {
                met.push((student, ties));
            }
        }
    }
}

fn torn(school: &School, one: StudentId, other: StudentId) -> Problem {
    let (one, other) = (&school[one].id, &school[other].id);
    Problem::error("impossible-pair", format!("`{one}` and `{other}` cannot be in one coaching group"))
        .rule("R8")
        .found(format!("`{one}` and `{other}` of different sites or units, tied together by several pairs"))
        .expected("pairs of students who may all share a coaching group")
        .help("take one of the pairs out")
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
