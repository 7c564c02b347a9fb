//! Coaching groups, and who carries packages.

use leerzone::school::*;

#[derive(Clone)]
pub struct Group {
    pub coach: StaffId,
    pub students: Vec<StudentId>,
}

/// All ways to put the students into groups.
pub fn all(school: &School) -> Vec<Vec<Group>> {
    let Some(coaching) = &school.coaching else { return vec![Vec::new()] };
    let coached = |student: &StudentId| {
        let invited = |block: BlockId| school.invited[(*student, block)];
        school.block_ids().any(|block| school[block].kind == Kind::Coaching && invited(block))
    };
    let mut found = vec![Vec::new()];
    for student in school.student_ids().filter(coached) {
        found = found.iter().flat_map(|groups| with(school, groups, student)).collect();
    }
    found.retain(|groups: &Vec<Group>| {
        let together = |pair: &Pair| {
            groups.iter().any(|g| g.students.contains(&pair.student) && g.students.contains(&pair.other))
        };
        let size = |group: &Group| (coaching.min..=coaching.max).contains(&(group.students.len() as u32));
        groups.iter().all(size)
            && school.pairs.iter().all(|pair| pair.kind == PairKind::Apart || together(pair))
    });
    found
}

/// The groups with one student more: in one of them, or in a new one with each of the coaches.
fn with(school: &School, groups: &[Group], student: StudentId) -> Vec<Vec<Group>> {
    let mut found = Vec::new();
    for at in 0..groups.len() {
        let fits = |&other: &StudentId| agree(school, student, other);
        if groups[at].students.iter().all(fits) && !foreign(school, groups[at].coach, student) {
            let mut more = groups.to_vec();
            more[at].students.push(student);
            found.push(more);
        }
    }
    for coach in school.staff_ids().filter(|&staff| school[staff].roles.has(Role::Coach)) {
        if !foreign(school, coach, student) {
            let mut more = groups.to_vec();
            more.push(Group { coach, students: vec![student] });
            found.push(more);
        }
    }
    found
}

fn agree(school: &School, a: StudentId, b: StudentId) -> bool {
    let by = school.coaching.as_ref().map_or(&[][..], |coaching| &coaching.group_by);
    let (one, other) = (&school[a], &school[b]);
    let same = |column: &StudentColumn| match column {
        StudentColumn::Class => one.class == other.class,
        StudentColumn::Year => one.year == other.year,
        StudentColumn::Unit => one.unit == other.unit,
    };
    by.iter().all(same)
        && (one.site.is_none() || other.site.is_none() || one.site == other.site)
        && !paired(school, PairKind::Apart, a, b)
}

pub fn paired(school: &School, kind: PairKind, a: StudentId, b: StudentId) -> bool {
    school.pairs.iter().any(|pair| {
        pair.kind == kind && ((pair.student, pair.other) == (a, b) || (pair.student, pair.other) == (b, a))
    })
}

/// Whether the two may not be together, as they are of different units.
pub fn foreign(school: &School, lead: StaffId, student: StudentId) -> bool {
    match (school[lead].unit, school[student].unit) {
        (Some(a), Some(b)) => a != b && school.own_staff == OwnStaff::Require,
        _ => false,
    }
}

/// A way to give out the packages: blocks by staff member, who are to be free together, and points of wishes.
pub type Carried = (Vec<u32>, Vec<(StaffId, StaffId)>, i32);

/// All ways to give out the packages.
pub fn all_carried(school: &School) -> Vec<Carried> {
    let mut found = vec![(vec![0; school.staff.len()], Vec::new(), 0)];
    for id in school.package_ids() {
        let package = &school[id];
        let may = |staff: StaffId| {
            let row = &school[staff];
            (package.roles.is_empty() || package.roles.intersects(row.roles))
                && (package.subjects.is_empty() || package.subjects.iter().any(|s| row.subjects.contains(s)))
                && (package.unit.is_none() || package.unit == row.unit)
                && !package.meets.contains(&staff)
        };
        let mut more = Vec::new();
        for people in 0..1_u32 << school.staff.len() {
            let carries = |staff: StaffId| people & (1 << staff.index()) != 0;
            let allowed = school.staff_ids().all(|staff| !carries(staff) || may(staff));
            if allowed && people.count_ones() == package.people {
                let wished = school.wishes.iter().filter(|wish| wish.what == Wanted::Package(id));
                let points: i32 = wished.filter(|wish| carries(wish.staff)).map(|wish| wish.value).sum();
                more.extend(found.iter().map(|(carried, meet, before): &Carried| {
                    let blocks = |staff: StaffId| if carries(staff) { package.blocks } else { 0 };
                    let carried = school.staff_ids().map(|staff| carried[staff.index()] + blocks(staff));
                    let holders = school.staff_ids().filter(|&staff| carries(staff));
                    let new =
                        holders.flat_map(|staff| package.meets.iter().map(move |&other| (staff, other)));
                    (carried.collect(), meet.iter().copied().chain(new).collect(), before + points)
                }));
            }
        }
        found = more;
    }
    found.sort();
    found.dedup();
    found
}
