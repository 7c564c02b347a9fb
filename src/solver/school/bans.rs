//! What the `ban` rows of `pins.csv` forbid (R8).

use std::collections::HashMap;

use super::{BlockId, OfferingId, Pin, PinKind, PlaceId, School, StaffId, StudentId};

/// What a ban is compared with; `None`: not known here, so that a ban naming it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Deployment {
    pub block: BlockId,
    /// `None`: study, or a coaching meeting.
    pub offering: Option<OfferingId>,
    pub staff: Option<StaffId>,
    pub place: Option<PlaceId>,
}

#[derive(Debug)]
pub struct Bans<'a> {
    /// Without a student.
    general: Vec<&'a Pin>,
    by_student: HashMap<StudentId, Vec<&'a Pin>>,
}

impl<'a> Bans<'a> {
    pub fn new(school: &'a School) -> Self {
        let mut bans = Self { general: Vec::new(), by_student: HashMap::new() };
        for pin in school.pins.iter().filter(|pin| pin.kind == PinKind::Ban) {
            match pin.student {
                Some(student) => bans.by_student.entry(student).or_default().push(pin),
                None => bans.general.push(pin),
            }
        }
        bans
    }

    /// Whether nobody may be deployed so.
    pub fn forbid(&self, deployment: Deployment) -> bool {
        self.general.iter().any(|pin| covers(pin, deployment))
    }

    /// Whether the student may not attend so.
    pub fn forbid_student(&self, student: StudentId, deployment: Deployment) -> bool {
        self.of(student).iter().any(|pin| covers(pin, deployment))
    }

    pub fn of(&self, student: StudentId) -> &[&'a Pin] {
        self.by_student.get(&student).map_or(&[], Vec::as_slice)
    }

    /// Rows that name a student, sorted by student.
    pub fn of_students(&self) -> Vec<(StudentId, &'a Pin)> {
        let mut rows: Vec<(StudentId, &Pin)> =
            self.by_student.iter().flat_map(|(&i, pins)| pins.iter().map(move |&pin| (i, pin))).collect();
        rows.sort_by_key(|(student, pin)| (*student, pin.line));
        rows
    }
}

/// Whether the deployment has all cells that the pin gives, the student's apart.
pub fn covers(pin: &Pin, deployment: Deployment) -> bool {
    pin.block.is_none_or(|block| block == deployment.block)
        && pin.offering.is_none_or(|offering| deployment.offering == Some(offering))
        && pin.staff.is_none_or(|staff| deployment.staff == Some(staff))
        && pin.place.is_none_or(|place| deployment.place == Some(place))
}
