//! What staff may do, and what it is worth.

use std::collections::BTreeSet;

use leerzone::school::*;

use super::{Run, Search, What, overlap};

impl Search<'_> {
    pub fn is_at_work(&self, runs: &[Run], staff: StaffId, block: BlockId) -> bool {
        let at_once = |run: &&Run| overlap(&self.school[run.block], &self.school[block]);
        runs.iter().filter(at_once).any(|run| run.people().any(|one| one == staff))
    }

    /// All that the staff member may lead in the block.
    pub fn options(&self, lead: StaffId, block: BlockId) -> Vec<Run> {
        let school = self.school;
        let row = &school[lead];
        let kind = school[block].kind;
        let mut what: Vec<What> = (school.offering_ids())
            .filter(|&o| school[o].kinds.contains(&kind) && may_lead(school, lead, &school[o]))
            .map(What::Offering)
            .collect();
        let studies = school.presence.fill == Fill::Study && matches!(kind, Kind::Lesson | Kind::Zone);
        if studies && row.roles.has(Role::Supervisor) {
            what.push(What::Study);
        }
        let theirs = self.groups.iter().enumerate().filter(|(_, group)| group.coach == lead);
        what.extend(theirs.filter(|_| kind == Kind::Coaching).map(|(at, _)| What::Meeting(at)));
        let mut found = Vec::new();
        for what in what {
            let bound = |place: PlaceId| {
                let unit = school[place].unit;
                school.own_places == OwnPlaces::Require && unit.is_some() && unit != row.unit
            };
            let suits = |&place: &PlaceId| self.may_be_in(what, block, place) && !bound(place);
            let places = school.place_ids().filter(suits).map(Some);
            let places: Vec<Option<PlaceId>> = match what {
                What::Offering(o) if school[o].online => vec![None],
                _ => places.collect(),
            };
            let runs = places.into_iter().map(|place| Run { what, block, place, lead, assistants: vec![] });
            found.extend(runs.filter(|run| works_there(school, lead, run) && !run.is_banned(school, None)));
        }
        found
    }

    fn may_be_in(&self, what: What, block: BlockId, place: PlaceId) -> bool {
        let school = self.school;
        let tags = match what {
            What::Offering(o) => &school[o].tags[..],
            What::Study | What::Meeting(_) => &[],
        };
        school.place_free[(place, block)] && tags.iter().all(|tag| school[place].tags.contains(tag))
    }

    /// Whether the staff member, who is free, may assist as well.
    pub fn may_assist(&self, staff: StaffId, run: &Run) -> bool {
        let most = run.offering().map_or(0, |o| self.school[o].assistants as usize);
        run.assistants.len() < most
            && works_there(self.school, staff, run)
            && run.offering().is_none_or(|o| self.knows(staff, o))
    }

    /// Whether they know what an assistant of the offering must know.
    fn knows(&self, staff: StaffId, o: OfferingId) -> bool {
        let school = self.school;
        let mut subjects = school[o].subjects.iter().filter(|&&x| school[x].id != "homework").peekable();
        !school[o].assistants_qualified
            || subjects.peek().is_none()
            || subjects.any(|subject| school[staff].subjects.contains(subject))
    }

    /// Whether every rule holds that is not about students.
    pub fn staff_hold(&self, runs: &[Run]) -> bool {
        let school = self.school;
        let start = |run: &Run| (school[run.block].day, school[run.block].start);
        let has_place = |run: &Run| {
            let there = runs.iter().filter(|other| {
                other.place == run.place
                    && overlap(&school[other.block], &school[run.block])
                    && start(other) <= start(run)
            });
            run.place.is_none_or(|place| there.count() <= school[place].parallel as usize)
        };
        let pinned = |pin: &Pin| match pin.kind {
            PinKind::Session => runs.iter().any(|run| run.is_of(pin)),
            PinKind::Attend | PinKind::Ban => true,
        };
        let seldom = |group: usize| {
            let meetings = runs.iter().filter(|run| run.what == What::Meeting(group)).count();
            school.coaching.as_ref().is_none_or(|coaching| meetings <= coaching.meetings as usize)
        };
        let in_budget = |budget: &Budget| {
            let counts = |&staff: &StaffId| {
                let row = &school[staff];
                budget.all
                    || (budget.unit.is_some() && row.unit == budget.unit)
                    || budget.people.contains(&staff)
                    || budget.roles.intersects(row.roles)
            };
            let carried = |&staff: &StaffId| school[staff].cost * f64::from(self.carried[staff.index()]);
            let people = runs.iter().flat_map(Run::people).filter(counts);
            let worked: f64 = people.map(|staff| school[staff].cost).sum();
            let carried: f64 = school.staff_ids().filter(counts).map(|staff| carried(&staff)).sum();
            worked + carried <= budget.cost + 1e-9
        };
        let in_reserve = |block: BlockId| {
            let enough = |group: &ReserveGroup| {
                let steps_in = |&staff: &StaffId| self.could_step_in(runs, staff, block, group);
                group.people == 0 || school.staff_ids().filter(steps_in).count() >= group.people as usize
            };
            let anybody = ReserveGroup { people: school.staff_per_block, ..ReserveGroup::default() };
            enough(&anybody) && school.reserve_groups.iter().all(enough)
        };
        let together = |&(one, other): &(StaffId, StaffId)| {
            let is_free = |staff: StaffId, block| {
                school.staff_free[(staff, block)] && !self.is_at_work(runs, staff, block)
            };
            school.block_ids().any(|block| is_free(one, block) && is_free(other, block))
        };
        runs.iter().all(has_place)
            && self.meet.iter().all(together)
            && school.pins.iter().all(pinned)
            && (0..self.groups.len()).all(seldom)
            && school.budgets.iter().all(in_budget)
            && school.block_ids().all(in_reserve)
            && school.staff_ids().all(|staff| self.limits_hold(runs, staff))
    }

    /// Whether somebody of the group, who has nothing to do then, could run or assist something.
    fn could_step_in(&self, runs: &[Run], staff: StaffId, block: BlockId, group: &ReserveGroup) -> bool {
        let school = self.school;
        let (row, kind) = (&school[staff], school[block].kind);
        let asked = (group.unit.is_none() || group.unit == row.unit)
            && (group.roles.is_empty() || group.roles.intersects(row.roles))
            && (group.subjects.is_empty() || group.subjects.iter().any(|s| row.subjects.contains(s)));
        if !asked || !school.staff_free[(staff, block)] || self.is_at_work(runs, staff, block) {
            return false;
        }
        let study = school.presence.fill == Fill::Study
            && matches!(kind, Kind::Lesson | Kind::Zone)
            && school.presence.min_blocks.iter().any(|&least| least > 0)
            && row.roles.has(Role::Supervisor);
        let coaching = kind == Kind::Coaching && school.coaching.is_some() && row.roles.has(Role::Coach);
        let anywhere =
            school.place_ids().filter(|_| study || coaching).map(|place| (What::Study, Some(place)));
        let run_by = school.offering_ids().filter(|&o| {
            let assists = school[o].assistants > 0 && row.roles.has(Role::Assistant) && self.knows(staff, o);
            school[o].kinds.contains(&kind) && (assists || may_lead(school, staff, &school[o]))
        });
        let offered = run_by.flat_map(|o| {
            let suits = move |place: &PlaceId| {
                let place = &school[*place];
                place.seats >= school[o].min.max(1) && school[o].tags.iter().all(|t| place.tags.contains(t))
            };
            let places = school.place_ids().filter(suits).filter(move |_| !school[o].online).map(Some);
            places.chain(school[o].online.then_some(None)).map(move |place| (What::Offering(o), place))
        });
        anywhere.chain(offered).any(|(what, place)| {
            let run = Run { what, block, place, lead: staff, assistants: vec![] };
            let site = place.and_then(|place| school[place].site);
            let there = group.site.is_none() || site.is_none() || site == group.site;
            let mut more = runs.to_vec();
            more.push(run.clone());
            there && works_there(school, staff, &run) && self.limits_hold(&more, staff)
        })
    }

    fn limits_hold(&self, runs: &[Run], staff: StaffId) -> bool {
        let school = self.school;
        let mut theirs: Vec<&Run> = runs.iter().filter(|run| run.people().any(|one| one == staff)).collect();
        theirs.sort_by_key(|run| (school[run.block].day, school[run.block].start));
        let blocks: Vec<&Block> = theirs.iter().map(|run| &school[run.block]).collect();
        let in_a_row = |a: &Block, b: &Block| {
            let fits = |c: &Block| c.day == a.day && c.start >= a.end && c.end <= b.start;
            a.day == b.day && a.end <= b.start && !school.blocks.iter().any(fits)
        };
        let in_time = |a: usize, b: usize| {
            let site = |at: usize| theirs[at].place.and_then(|place| school[place].site);
            let minutes = blocks[b].start.saturating_sub(blocks[a].end);
            match (site(a), site(b)) {
                (Some(from), Some(to)) => {
                    blocks[a].day != blocks[b].day || u32::from(minutes) >= school.travel[(from, to)]
                }
                _ => true,
            }
        };
        let mut chains = vec![1; blocks.len()];
        for at in 0..blocks.len() {
            for before in 0..at {
                if !in_time(before, at) {
                    return false;
                }
                if in_a_row(blocks[before], blocks[at]) {
                    chains[at] = chains[at].max(chains[before] + 1);
                }
            }
        }
        let row = &school[staff];
        let week = blocks.len() + self.carried[staff.index()] as usize;
        let of_day = |day| blocks.iter().filter(|block| block.day == day).count();
        let days: BTreeSet<_> = blocks.iter().map(|block| block.day).collect();
        row.max_blocks.is_none_or(|most| week <= most as usize)
            && row.max_days.is_none_or(|most| days.len() <= most as usize)
            && row.max_per_day.is_none_or(|most| blocks.iter().all(|b| of_day(b.day) <= most as usize))
            && row.max_in_a_row.is_none_or(|most| chains.iter().all(|&chain| chain <= most))
    }

    /// What they like, what they have too little of, and who keeps their coach.
    pub fn staff_value(&self, runs: &[Run]) -> f64 {
        let school = self.school;
        let likes = |run: &&Run| run.offering().is_some_and(|o| school[run.lead].likes.contains(&o));
        let liked = runs.iter().filter(likes).count() as f64;
        let short = school.staff_ids().map(|staff| {
            let blocks = runs.iter().flat_map(Run::people).filter(|&one| one == staff).count() as u32;
            f64::from(school[staff].min_blocks.saturating_sub(blocks))
        });
        let kept = self.groups.iter().map(|group| {
            group.students.iter().filter(|&&student| school[student].coach == Some(group.coach)).count()
        });
        let kept = kept.sum::<usize>() as f64;
        liked * school.weights.likes
            + f64::from(self.wished(runs)) * school.weights.wishes
            + kept * school.weights.coach_kept
            - short.sum::<f64>() * school.weights.should
    }
}

impl Search<'_> {
    /// Points of wishes that come true.
    fn wished(&self, runs: &[Run]) -> i32 {
        let school = self.school;
        let mut points = self.points;
        for wish in &school.wishes {
            for run in runs.iter().filter(|run| run.people().any(|one| one == wish.staff)) {
                let leads = run.lead == wish.staff;
                let comes_true = match wish.what {
                    Wanted::Offering(o) => leads && run.offering() == Some(o),
                    Wanted::Role(role) => {
                        let as_what = match (leads, run.what) {
                            (false, _) => role == Role::Assistant,
                            (true, What::Offering(o)) => school[o].roles.has(role),
                            (true, What::Study) => role == Role::Supervisor,
                            (true, What::Meeting(_)) => role == Role::Coach,
                        };
                        as_what && school[wish.staff].roles.has(role)
                    }
                    Wanted::Package(_) => false,
                    Wanted::Block(block) => run.block == block,
                    Wanted::Day(day) => school[run.block].day == day,
                };
                points += if comes_true { wish.value } else { 0 };
            }
        }
        points
    }
}

fn may_lead(school: &School, lead: StaffId, offering: &Offering) -> bool {
    // Homework support asks for no qualification of its own.
    let mut asked = offering.subjects.iter().filter(|&&subject| school[subject].id != "homework").peekable();
    let mut qualified = asked.clone().map(|subject| school[lead].subjects.contains(subject));
    school[lead].roles.intersects(offering.roles)
        && match offering.qualified {
            Qualified::All => qualified.all(|yes| yes),
            Qualified::Any => asked.peek().is_none() || qualified.any(|yes| yes),
        }
}

fn works_there(school: &School, staff: StaffId, run: &Run) -> bool {
    let sites = &school[staff].sites;
    let site = run.place.and_then(|place| school[place].site);
    sites.is_empty() || site.is_none_or(|site| sites.contains(&site))
}
