//! R8: students who are to be apart, with too few others for so many coaching groups or pinned to one session.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::pluralize::pluralize;
use crate::read::checking::{Origins, Problem, Problems, some_of};
use crate::school::{BlockId, Coaching, OfferingId, Pair, PairKind, PinKind, School, StaffId, StudentId};

use super::sharing::{Counts, Sharing, Ties, coached};

pub fn report(school: &School, origins: &Origins, problems: &mut Problems) {
    if school.pairs.iter().all(|pair| pair.kind != PairKind::Apart) {
        return;
    }
    report_pins(school, origins, problems);
    if let Some(coaching) = &school.coaching {
        Groups::new(school, coaching).report(origins, problems);
    }
}

fn apart(school: &School) -> impl Iterator<Item = (usize, &Pair)> {
    school.pairs.iter().enumerate().filter(|(_, pair)| pair.kind == PairKind::Apart)
}

/// Both pinned to the one session that a member of staff leads in a block.
fn report_pins(school: &School, origins: &Origins, problems: &mut Problems) {
    type Session = (BlockId, OfferingId, StaffId);
    let mut sessions: HashMap<StudentId, BTreeMap<Session, u64>> = HashMap::new();
    for pin in school.pins.iter().filter(|pin| pin.kind == PinKind::Attend) {
        if let (Some(student), Some(block), Some(offering), Some(staff)) =
            (pin.student, pin.block, pin.offering, pin.staff)
        {
            sessions.entry(student).or_default().entry((block, offering, staff)).or_insert(pin.line);
        }
    }
    for (index, pair) in apart(school) {
        let (Some(mine), Some(theirs)) = (sessions.get(&pair.student), sessions.get(&pair.other)) else {
            continue;
        };
        let shared = mine.iter().find_map(|(session, line)| Some((line, theirs.get(session)?)));
        if let Some((one, other)) = shared {
            let problem = Problem::error(
                "impossible-pair",
                format!("{} are pinned to one session", both(school, pair)),
            )
            .rule("R8")
            .found(format!("pins of both to one lead in one block, on lines {one} and {other} of pins.csv"))
            .expected("students who are apart in different sessions")
            .help("take the pair or one of the pins out, or pin one of the two elsewhere");
            origins.pairs.report(index, "kind", problem, problems);
        }
    }
}

fn both(school: &School, pair: &Pair) -> String {
    format!("`{}` and `{}`, who are to be apart,", school[pair.student].id, school[pair.other].id)
}

/// Coaching groups for students who are apart.
struct Groups<'s> {
    school: &'s School,
    coaching: &'s Coaching,
    sharing: Sharing<'s>,
    counts: Counts<'s>,
    /// With their pairs.
    foes: HashMap<StudentId, BTreeSet<StudentId>>,
}

impl<'s> Groups<'s> {
    fn new(school: &'s School, coaching: &'s Coaching) -> Self {
        let sharing = Sharing::new(school, coaching);
        let counts = sharing.count(&coached(school));
        let mut foes: HashMap<StudentId, BTreeSet<StudentId>> = HashMap::new();
        for (_, pair) in apart(school) {
            foes.entry(pair.student).or_default().insert(pair.other);
            foes.entry(pair.other).or_default().insert(pair.student);
        }
        Self { school, coaching, sharing, counts, foes }
    }

    fn report(&self, origins: &Origins, problems: &mut Problems) {
        let mut told: BTreeSet<BTreeSet<StudentId>> = BTreeSet::new();
        for (index, pair) in apart(self.school) {
            let Some((students, others)) = self.too_many(pair) else { continue };
            if told.insert(students.clone()) {
                origins.pairs.report(index, "kind", self.one_group(&students, others), problems);
            }
        }
    }

    /// Students with whom both are apart, all from each other, if they need more groups than there are students
    /// for; with the number of those who could be in their groups.
    fn too_many(&self, pair: &Pair) -> Option<(BTreeSet<StudentId>, usize)> {
        let (one, other) = (pair.student, pair.other);
        let values = self.sharing.of(one).values;
        let may_meet = |&student: &StudentId| {
            self.school.is_coached(student) && self.sharing.of(student).values == values
        };
        if one == other || ![one, other].iter().all(may_meet) {
            return None;
        }
        let mut students = BTreeSet::from([one, other]);
        let mut common = self.foes[&one].intersection(&self.foes[&other]).copied().filter(may_meet);
        loop {
            let able = self.able(&students);
            let wanted = students.len() * self.coaching.min.max(1) as usize;
            if able < wanted {
                return Some((students, able));
            }
            let next = common.find(|next| students.is_subset(&self.foes[next]))?;
            students.insert(next);
        }
    }

    /// Students who may be in a group with at least one of these, themselves included.
    fn able(&self, students: &BTreeSet<StudentId>) -> usize {
        let ties: Vec<Ties> = students.iter().map(|&student| self.sharing.of(student)).collect();
        let by_bound = ties.first().and_then(|ties| self.counts.get(&ties.values));
        let joins = by_bound.into_iter().flatten();
        let joins = joins.filter(|(bound, _)| ties.iter().any(|ties| ties.bound.may_join(bound)));
        joins.map(|(_, number)| number).sum()
    }

    fn one_group(&self, students: &BTreeSet<StudentId>, able: usize) -> Problem {
        let names: Vec<&str> = students.iter().map(|&student| self.school[student].id.as_str()).collect();
        let groups = able / self.coaching.min.max(1) as usize;
        let min = self.coaching.min;
        Problem::error(
            "impossible-pair",
            format!("{} cannot be in {} coaching groups", some_of(&names), students.len()),
        )
        .rule("R8")
        .found(format!(
            "{} who may share a group with them: {} of at least {min}",
            pluralize(able, "student"),
            if groups == 0 { "no group".to_owned() } else { pluralize(groups, "group") },
        ))
        .expected(format!("enough students for {} groups: {}", students.len(), students.len() * min as usize))
        .help("take the pair out, lower `min` of [coaching], or widen `group_by`")
    }
}
