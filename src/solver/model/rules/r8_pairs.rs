//! R8, pairs: students `apart` are never in one session or coaching group, students `together` are in one
//! coaching group.
//!
//! - Apart i, j: for each class c, sum over n of `x[i,n,c]` + sum over n of `x[j,n,c]` <= 1 (a class that both
//!   could attend has a single lead, so that it is one session); for each g: `in[i,g]` + `in[j,g]` <= 1.
//! - Together i, j: for each g, `in[i,g]` = `in[j,g]`.
//!
//! Who is kept apart is [`School::kept_apart`](crate::school::School::kept_apart). The Lagrangian bound leaves pairs out.

use crate::model::formulation::Formulation;
use crate::model::program::LinExpr;
use crate::school::*;

pub const APART: &str = "R8.apart";
pub const TOGETHER: &str = "R8.together";

pub fn add(model: &mut Formulation) {
    for pair in &model.school.pairs {
        if pair.kind == PairKind::Apart {
            add_sessions(model, pair);
        }
        add_groups(model, pair);
    }
}

fn add_sessions(model: &mut Formulation, pair: &Pair) {
    let Formulation { attends, classes, scope, program, .. } = model;
    // A student who may not move is in kept sessions only.
    let stays = |class: usize, student: StudentId| {
        let kept = classes.all[class].kept.zip(scope.neighbourhood());
        kept.is_some_and(|(index, part)| {
            let session = &part.incumbent.sessions[index];
            !scope.student(student) && session.attendances.iter().any(|at| at.student == student)
        })
    };
    let in_class = |student: StudentId, class: usize| -> LinExpr {
        let attends = &attends[student.index()];
        let from = attends.partition_point(|attends| attends.class < class);
        let here = attends[from..].iter().take_while(|attends| attends.class == class);
        let mut sum: LinExpr = here.map(|attends| attends.variable).collect();
        sum.constant = f64::from(u8::from(stays(class, student)));
        sum
    };
    let mut at: Vec<usize> = [pair.student, pair.other]
        .iter()
        .flat_map(|student| attends[student.index()].iter().map(|attends| attends.class))
        .collect();
    at.sort_unstable();
    at.dedup();
    for class in at {
        let mut both = in_class(pair.student, class);
        both.add_expr(1.0, &in_class(pair.other, class));
        program.at_most(APART, both, &LinExpr::constant(1.0));
    }
}

fn add_groups(model: &mut Formulation, pair: &Pair) {
    let Formulation { groups, program, .. } = model;
    for slot in &groups.slots {
        let member = |student| slot.member(student).map_or(LinExpr::default(), LinExpr::from);
        let (mut first, second) = (member(pair.student), member(pair.other));
        if first.is_constant() && second.is_constant() {
            continue;
        }
        match pair.kind {
            PairKind::Apart => {
                first.add_expr(1.0, &second);
                program.at_most(APART, first, &LinExpr::constant(1.0));
            }
            PairKind::Together => program.exactly(TOGETHER, first, &second),
        }
    }
}
