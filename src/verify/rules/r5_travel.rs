//! R5: between blocks at different sites there are at least the travel minutes. Students attend at
//! their own site, or online.
//!
//! Compared: every two deployments of a staff member on one day at places of different sites, the time
//! between them with the travel minutes of the two sites; the site of every session's place with the
//! sites where its staff work and with the site of every student in it. A place, a student or a staff
//! member without a site goes with all.

use crate::school::{Id, School, StaffId};
use crate::verify::breach::{Breaches, Rule};
use crate::verify::week::{Session, Week, site, title};

pub fn check(school: &School, week: &Week, breaches: &mut Breaches) {
    for session in &week.sessions {
        check_sites(school, week, session, breaches);
    }
    for staff in school.staff_ids() {
        check_travel(school, week, staff, breaches);
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

fn check_travel(school: &School, week: &Week, staff: StaffId, breaches: &mut Breaches) {
    let mut deployed = week.of_staff[staff.index()].iter().map(|&index| &week.sessions[index]);
    while let Some(first) = deployed.next() {
        let from = &school[first.block];
        for second in deployed.clone().take_while(|other| school[other.block].day == from.day) {
            let to = &school[second.block];
            let (Some(here), Some(there)) = (site(school, first), site(school, second)) else { continue };
            let needed = school.travel[(here, there)];
            if from.overlaps(to) {
                continue;
            }
            // Deployments come in order of time, so that `to` starts after `from` ends.
            let gap = u32::from(to.start.saturating_sub(from.end));
            if gap < needed {
                let message = format!(
                    "staff `{}` has {gap} minutes from {} at `{}` to {} at `{}`, travel takes {needed}",
                    school[staff].id,
                    title(school, first),
                    school[here],
                    title(school, second),
                    school[there]
                );
                breaches.add(Rule::R5, [first.row(), second.row()], message);
            }
        }
    }
}
