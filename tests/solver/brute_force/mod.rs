//! The best total of a tiny school by trying everything, written from the guide alone. An online session has no place
//! here, also where it might have one.

mod groups;
mod staff;
mod week;

use leerzone::school::*;

use groups::Group;

/// What takes place.
#[derive(Clone, Copy, PartialEq)]
enum What {
    Offering(OfferingId),
    Study,
    /// Of the group with this index.
    Meeting(usize),
}

#[derive(Clone)]
struct Run {
    what: What,
    block: BlockId,
    place: Option<PlaceId>,
    lead: StaffId,
    assistants: Vec<StaffId>,
}

impl Run {
    fn people(&self) -> impl Iterator<Item = StaffId> {
        std::iter::once(self.lead).chain(self.assistants.iter().copied())
    }

    fn offering(&self) -> Option<OfferingId> {
        match self.what {
            What::Offering(offering) => Some(offering),
            What::Study | What::Meeting(_) => None,
        }
    }

    /// Whether all that the pin says is so, its student apart.
    fn is_of(&self, pin: &Pin) -> bool {
        pin.block.is_none_or(|block| block == self.block)
            && (pin.offering.is_none() || pin.offering == self.offering())
            && (pin.place.is_none() || pin.place == self.place)
            && match pin.kind {
                PinKind::Ban => pin.staff.is_none_or(|staff| self.people().any(|one| one == staff)),
                PinKind::Session | PinKind::Attend => pin.staff.is_none_or(|staff| staff == self.lead),
            }
    }

    fn is_banned(&self, school: &School, student: Option<StudentId>) -> bool {
        school.pins.iter().any(|pin| pin.kind == PinKind::Ban && pin.student == student && self.is_of(pin))
    }
}

/// The highest total of any schedule that holds every rule; `None` if none does.
pub fn best_total(school: &School) -> Option<f64> {
    best_within(school, usize::MAX).expect("no limit")
}

/// The same; `None` where it takes more than so many steps.
#[allow(clippy::option_option, reason = "no answer, and the answer that there is no schedule")]
pub fn best_within(school: &School, steps: usize) -> Option<Option<f64>> {
    let mut search = Search {
        school,
        groups: Vec::new(),
        carried: Vec::new(),
        points: 0,
        meet: Vec::new(),
        best: None,
        left: steps,
    };
    let cells: Vec<(StaffId, BlockId)> = (school.staff_ids())
        .flat_map(|staff| school.block_ids().map(move |block| (staff, block)))
        .filter(|&cell| school.staff_free[cell])
        .collect();
    for groups in groups::all(school) {
        search.groups = groups;
        for carried in groups::all_carried(school) {
            (search.carried, search.meet, search.points) = carried;
            search.lead(&cells, &cells, &mut Vec::new());
        }
    }
    (search.left > 0).then_some(search.best)
}

struct Search<'a> {
    school: &'a School,
    groups: Vec<Group>,
    /// Blocks of packages, by staff member.
    carried: Vec<u32>,
    /// Points of wishes for them.
    points: i32,
    /// Who are to be free together.
    meet: Vec<(StaffId, StaffId)>,
    best: Option<f64>,
    /// Steps that may still be taken.
    left: usize,
}

fn overlap(a: &Block, b: &Block) -> bool {
    a.day == b.day && a.start < b.end && b.start < a.end
}

impl Search<'_> {
    /// Whether this step may be taken.
    fn step(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }

    /// Tries everything that may be led in the cells that are left, then everybody who may assist.
    fn lead(&mut self, cells: &[(StaffId, BlockId)], all: &[(StaffId, BlockId)], runs: &mut Vec<Run>) {
        let Some((&(lead, block), rest)) = cells.split_first() else { return self.assist(all, runs) };
        if !self.step() {
            return;
        }
        self.lead(rest, all, runs);
        if self.is_at_work(runs, lead, block) {
            return;
        }
        for run in self.options(lead, block) {
            runs.push(run);
            self.lead(rest, all, runs);
            runs.pop();
        }
    }

    fn assist(&mut self, cells: &[(StaffId, BlockId)], runs: &mut Vec<Run>) {
        let Some((&(staff, block), rest)) = cells.split_first() else {
            if self.step() && self.staff_hold(runs) {
                self.attend(runs);
            }
            return;
        };
        self.assist(rest, runs);
        if !self.school[staff].roles.has(Role::Assistant) || self.is_at_work(runs, staff, block) {
            return;
        }
        for at in 0..runs.len() {
            if runs[at].block == block && self.may_assist(staff, &runs[at]) {
                runs[at].assistants.push(staff);
                if !runs[at].is_banned(self.school, None) {
                    self.assist(rest, runs);
                }
                runs[at].assistants.pop();
            }
        }
    }

    /// Tries every week of every student.
    fn attend(&mut self, runs: &[Run]) {
        let mut weeks = Vec::new();
        for student in self.school.student_ids() {
            weeks.push(self.weeks(runs, student));
        }
        let gained = self.staff_value(runs);
        self.seat(runs, &weeks, &mut vec![Vec::new(); runs.len()], gained);
    }

    /// Tries the weeks of those who are left, unless the best of each would not do.
    fn seat(&mut self, runs: &[Run], weeks: &[Vec<Week>], seated: &mut Vec<Vec<StudentId>>, gained: f64) {
        let best = |weeks: &Vec<Week>| weeks.iter().map(|week| week.value).max_by(f64::total_cmp);
        let Some(most) = weeks.iter().map(best).sum::<Option<f64>>() else { return };
        if self.best.is_some_and(|best| gained + most <= best) || !self.step() {
            return;
        }
        let Some((first, rest)) = weeks.split_first() else {
            if self.sizes_hold(runs, seated) {
                self.best = Some(gained);
            }
            return;
        };
        let student = StudentId::new(self.school.students.len() - weeks.len());
        for week in first {
            week.runs.iter().for_each(|&at| seated[at].push(student));
            if week.runs.iter().all(|&at| self.has_room(&runs[at], &seated[at])) {
                self.seat(runs, rest, seated, gained + week.value);
            }
            week.runs.iter().for_each(|&at| {
                seated[at].pop();
            });
        }
    }

    /// Whether the last one there may be.
    fn has_room(&self, run: &Run, students: &[StudentId]) -> bool {
        let most = run.offering().map_or(usize::MAX, |o| {
            let row = &self.school[o];
            row.max as usize + run.assistants.len() * row.per_assistant as usize
        });
        let apart = |a: StudentId, b: StudentId| groups::paired(self.school, PairKind::Apart, a, b);
        let last = students[students.len() - 1];
        students.len() <= most && !students.iter().any(|&other| apart(other, last))
    }

    fn sizes_hold(&self, runs: &[Run], seated: &[Vec<StudentId>]) -> bool {
        let school = self.school;
        let start = |run: &Run| (school[run.block].day, school[run.block].start);
        runs.iter().zip(seated).all(|(run, students)| {
            let least = match run.what {
                What::Offering(o) => school[o].min as usize,
                What::Study => 1,
                What::Meeting(_) => 0,
            };
            let there = runs.iter().zip(seated).filter(|(other, _)| {
                other.place == run.place
                    && overlap(&school[other.block], &school[run.block])
                    && start(other) <= start(run)
            });
            let there: usize = there.map(|(_, students)| students.len()).sum();
            students.len() >= least && run.place.is_none_or(|place| there <= school[place].seats as usize)
        })
    }
}

/// What a student attends, and what it is worth.
struct Week {
    /// Indices of runs.
    runs: Vec<usize>,
    value: f64,
}
