//! The whole model: variables, rows and objective of one school, or of a part of it around a schedule.

use crate::school::{Bans, School};

use super::classes::Builder;
use super::coaching::{self, Groups};
use super::formulation::Formulation;
use super::places::{self, Places};
use super::program::Program;
use super::requests::Requests;
use super::scope::Scope;
use super::sets::Sets;
use super::{objective, rules, valid_inequalities};

/// The program of a school, or of a part of it.
pub fn build<'a>(school: &'a School, sets: &'a Sets, scope: &'a Scope<'a>) -> Formulation<'a> {
    build_in(school, sets, scope, Program::default())
}

/// The same with names of variables, for reading.
pub fn build_named<'a>(school: &'a School, sets: &'a Sets, scope: &'a Scope<'a>) -> Formulation<'a> {
    build_in(school, sets, scope, Program::named())
}

fn build_in<'a>(
    school: &'a School,
    sets: &'a Sets,
    scope: &'a Scope<'a>,
    mut program: Program,
) -> Formulation<'a> {
    let bans = Bans::new(school);
    let places = Places::new(school);
    let requests = Requests::new(school, sets, scope);
    let classes = Builder::new((school, sets, scope), &places, &requests, &bans, &mut program).build();
    let (groups, holders) = match scope {
        Scope::Whole => (
            Groups::new(school, sets, &places, &bans, &mut program),
            rules::r9_packages::variables(school, &mut program),
        ),
        Scope::Neighbourhood(_) => (Groups::default(), Vec::new()),
    };
    let stand_ins = coaching::stand_ins(school, sets, scope, &bans, &mut program);
    let mut formulation = Formulation {
        school,
        sets,
        scope,
        program,
        bans,
        places,
        requests,
        classes,
        groups,
        stand_ins,
        holders,
        met: Vec::new(),
        deployed: Vec::new(),
        weeks: Vec::new(),
        works: vec![Vec::new(); school.staff.len()],
        attends: Vec::new(),
        moments: places::moments(school),
    };
    formulation.deployed = formulation.deployments();
    formulation.attends = formulation.attendances();
    rules::add(&mut formulation);
    objective::add(&mut formulation);
    valid_inequalities::add(&mut formulation);
    formulation
}
