//! R5: between blocks at different sites there are at least the travel minutes. Students attend at
//! their own site, or online.
//!
//! Compared: every two deployments of a staff member on one day at places of different sites, the time
//! between them with the travel minutes of the two sites, and the same of the attendances of a student
//! without a site; the site of every session's place with the sites where its staff work and with the site
//! of every student in it. A place, a student or a staff member without a site goes with all.

use crate::school::{Id, School, SiteId, StaffId, StudentId};
use crate::verify::breach::{Breaches, Rule};
use crate::verify::week::{Session, Week, site, title};

pub fn check(school: &School, week: &Week, breaches: &mut Breaches) {
    for session in &week.sessions {
        check_sites(school, week, session, breaches);
    }
    for staff in school.staff_ids() {
        check_travel_of_staff(school, week, staff, breaches);
    }
    for student in school.student_ids().filter(|&student| school[student].site.is_none()) {
        check_travel_of_student(school, week, student, breaches);
    }
}

fn check_sites(school: &School, week: &Week, session: &Session, breaches: &mut Breaches) {
    let Some(site) = site(school, session) else { return };
    let site_id = &school[site];
    for staff in session.staff() {
        let sites = &school[staff].sites;
        if !sites.is_empty() && !sites.contains(&site) {
            let title = title(school, session);
            let message =
                format!("staff `{}` does not work at site `{site_id}` of {title}", school[staff].id);
            breaches.add(Rule::R5, [session.row()], message);
        }
    }
    let online = session.offering().is_some_and(|offering| school[offering].online);
    for &attendance in session.attendances.iter().filter(|_| !online) {
        let student = &school[week.student_of(attendance)];
        if let Some(own) = student.site.filter(|&own| own != site) {
            let message = format!(
                "student `{}` of site `{}` attends {} at site `{site_id}`",
                student.id,
                school[own],
                title(school, session)
            );
            breaches.add(Rule::R5, week.attendance_rows(&[attendance]), message);
        }
    }
}

fn check_travel_of_staff(school: &School, week: &Week, staff: StaffId, breaches: &mut Breaches) {
    let deployed = week.of_staff[staff.index()].iter().map(|&index| &week.sessions[index]);
    for travel in too_short(school, &deployed.collect::<Vec<_>>()) {
        let Travel { first, second, .. } = travel;
        let message = format!("staff `{}` {}", school[staff].id, travel.tell(school));
        breaches.add(Rule::R5, [first.row(), second.row()], message);
    }
}

fn check_travel_of_student(school: &School, week: &Week, student: StudentId, breaches: &mut Breaches) {
    let mut attended: Vec<usize> = week.of_student[student.index()].clone();
    attended.sort_by_key(|&attendance| {
        let block = &school[week.attended(attendance).block];
        (block.day, block.start, block.end)
    });
    let sessions: Vec<&Session> = attended.iter().map(|&attendance| week.attended(attendance)).collect();
    for travel in too_short(school, &sessions) {
        let row_of = |session: &Session| {
            attended.iter().copied().find(|&attendance| std::ptr::eq(week.attended(attendance), session))
        };
        let rows: Vec<usize> = [travel.first, travel.second].into_iter().filter_map(row_of).collect();
        let message = format!("student `{}` {}", school[student].id, travel.tell(school));
        breaches.add(Rule::R5, week.attendance_rows(&rows), message);
    }
}

/// A way that takes longer than there is time.
struct Travel<'w> {
    first: &'w Session,
    second: &'w Session,
    sites: [SiteId; 2],
    gap: u32,
}

impl Travel<'_> {
    fn tell(&self, school: &School) -> String {
        let [here, there] = self.sites;
        format!(
            "has {} minutes from {} at `{}` to {} at `{}`, travel takes {}",
            self.gap,
            title(school, self.first),
            school[here],
            title(school, self.second),
            school[there],
            school.travel[(here, there)]
        )
    }
}

/// Of what one person does in order of time, all that leaves too few minutes between sites.
fn too_short<'w>(school: &School, sessions: &[&'w Session]) -> Vec<Travel<'w>> {
    let mut found = Vec::new();
    for (at, &first) in sessions.iter().enumerate() {
        let from = &school[first.block];
        let later = sessions[at + 1..].iter().copied();
        for second in later.take_while(|other| school[other.block].day == from.day) {
            let to = &school[second.block];
            let (Some(here), Some(there)) = (site(school, first), site(school, second)) else { continue };
            // They come in order of time, so that `to` starts after `from` ends.
            let gap = u32::from(to.start.saturating_sub(from.end));
            if !from.overlaps(to) && gap < school.travel[(here, there)] {
                found.push(Travel { first, second, sites: [here, there], gap });
            }
        }
    }
    found
}
