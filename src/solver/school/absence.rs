//! Who and what falls out of a running week.

use super::{BlockId, Id, Pin, PinKind, PlaceId, School, StaffId};

impl School {
    /// The staff member is not there in the block, nor in any that overlaps it. Whoever was to be there and is
    /// not, may be replaced by one of the reserve.
    pub fn take_out(&mut self, staff: StaffId, block: BlockId) {
        self.reserve_called.resize(self.blocks.len(), 0);
        for other in self.block_ids() {
            if self.staff_free[(staff, other)] && self[other].overlaps(&self[block]) {
                self.staff_free[(staff, other)] = false;
                self.reserve_called[other.index()] += 1;
            }
        }
        let nobody =
            |school: &School, pin: &Pin| !school.staff_ids().any(|other| school.could_keep(pin, other));
        self.lift_pins(block, |school, pin| pin.staff == Some(staff) || nobody(school, pin));
    }

    /// The place cannot be used in the block, nor in any that overlaps it.
    pub fn close(&mut self, place: PlaceId, block: BlockId) {
        for other in self.block_ids() {
            if self[other].overlaps(&self[block]) {
                self.place_free[(place, other)] = false;
            }
        }
        self.lift_pins(block, |_, pin| pin.place == Some(place));
    }

    /// Whether the staff member is there and may lead what the pin asks for.
    fn could_keep(&self, pin: &Pin, staff: StaffId) -> bool {
        let (Some(block), Some(offering)) = (pin.block, pin.offering) else { return true };
        self.staff_free[(staff, block)] && self[staff].may_lead(&self[offering])
    }

    /// What was pinned to somebody or something that is not there, or that nobody is left for, cannot be kept.
    fn lift_pins(&mut self, block: BlockId, out: impl Fn(&School, &Pin) -> bool) {
        let mut pins = std::mem::take(&mut self.pins);
        let at_once = |pin: &Pin| pin.block.is_some_and(|b| self[b].overlaps(&self[block]));
        pins.retain(|pin| pin.kind == PinKind::Ban || !at_once(pin) || !out(self, pin));
        self.pins = pins;
    }
}
