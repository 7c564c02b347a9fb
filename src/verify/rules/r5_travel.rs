//! R5: between blocks at different sites there are at least the travel minutes. Students attend at
//! their own site, or online.
//!
//! Compared: every two deployments of a staff member on one day at places of different sites, the time
//! between them with the travel minutes of the two sites, and the same of the attendances of a student
//! without a site; the site of every session's place with the sites where its staff work and with the site
//! of every student in it. A place, a student or a staff member without a site goes with all.

use crate::school::{Id, School, StaffId, StudentId};
use crate::verify::violation::{Rule, Violations};
use crate::verify::week::{Session, Week, site, title};

pub fn check(school: &School, week: &Week, violations: &mut Violations) {
    for session in &week.sessions {
        check_sites(school, week, session, violations);
    }
    for staff in school.staff_ids() {
        check_travel_of_staff(school, week, staff, violations);
    }
    let travels = |student: &StudentId| school.sites.len() > 1 && school[*student].site.is_none();
    for student in school.student_ids().filter(travels) {
        check_travel_of_student(school, week, student, violations);
    }
}

fn check_sites(school: &School, week: &Week, session: &Session, violations: &mut Violations) {
    let Some(site) = site(school, session) else { return };
    let site_id = &school[site];
    for staff in session.staff() {
        let sites = &school[staff].sites;
        if !sites.is_empty() && !sites.contains(&site) {
            let title = title(school, session);
            let message =
                format!("staff `{}` does not work at site `{site_id}` of {title}", school[staff].id);
            violations.add(Rule::R5, [session.row()], message);
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
            violations.add(Rule::R5, week.attendance_rows(&[attendance]), message);
        }
    }
}

fn check_travel_of_staff(school: &School, week: &Week, staff: StaffId, violations: &mut Violations) {
    let deployed: Vec<&Session> =
        week.of_staff[staff.index()].iter().map(|&index| &week.sessions[index]).collect();
    for [first, second] in too_short(school, &deployed) {
        let (first, second) = (deployed[first], deployed[second]);
        let message = format!("staff `{}` {}", school[staff].id, told(school, first, second));
        violations.add(Rule::R5, [first.row(), second.row()], message);
    }
}

fn check_travel_of_student(school: &School, week: &Week, student: StudentId, violations: &mut Violations) {
    let mut attended: Vec<usize> = week.of_student[student.index()].clone();
    attended.sort_by_key(|&attendance| {
        let block = &school[week.attended(attendance).block];
        (block.day, block.start, block.end)
    });
    let sessions: Vec<&Session> = attended.iter().map(|&attendance| week.attended(attendance)).collect();
    for [first, second] in too_short(school, &sessions) {
        let rows = [attended[first], attended[second]];
        let told = told(school, sessions[first], sessions[second]);
        let message = format!("student `{}` {told}", school[student].id);
        violations.add(Rule::R5, week.attendance_rows(&rows), message);
    }
}

/// Of what one person does in order of time, all that leaves too few minutes between sites, by index.
fn too_short(school: &School, sessions: &[&Session]) -> Vec<[usize; 2]> {
    let mut found = Vec::new();
    for (first, &one) in sessions.iter().enumerate() {
        let day = school[one.block].day;
        let later = sessions.iter().enumerate().skip(first + 1);
        for (second, &other) in later.take_while(|(_, other)| school[other.block].day == day) {
            let (Some(here), Some(there)) = (site(school, one), site(school, other)) else { continue };
            let overlap = school[one.block].overlaps(&school[other.block]);
            if !overlap && gap(school, one, other) < school.travel[(here, there)] {
                found.push([first, second]);
            }
        }
    }
    found
}

/// Minutes from the one to the other, which starts after it ends.
fn gap(school: &School, one: &Session, other: &Session) -> u32 {
    u32::from(school[other.block].start.saturating_sub(school[one.block].end))
}

fn told(school: &School, one: &Session, other: &Session) -> String {
    let sites = [one, other].map(|session| site(school, session));
    let [here, there] = sites.map(|site| site.map_or("", |site| &school[site]));
    let needed = sites[0].zip(sites[1]).map_or(0, |way| school.travel[way]);
    format!(
        "has {} minutes from {} at `{here}` to {} at `{there}`, travel takes {needed}",
        gap(school, one, other),
        title(school, one),
        title(school, other)
    )
}
