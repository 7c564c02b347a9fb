//! Cyclic transfers (Thompson and Psaraftis 1993): many students change seats at once, each taking the one that the
//! next leaves.
//!
//! The nodes of the graph are the running sessions, and nowhere: there are needs that are open and seats that are free.
//! An arc (k, k') is an attendance of k that could be had in k', and its length what that gains, while others stay as
//! they are; an attendance at the time of k' moves to a free seat. A cycle whose lengths add up to more than 0, and whose
//! students differ, makes the schedule better by that much. Free seats, and seats above the least number, are arcs of
//! nobody to nowhere and back. Every cycle that gains has a first arc from which on the sum never falls to 0 (Lin and
//! Kernighan 1973), so that only such paths are followed.

use std::collections::VecDeque;

use super::Worker;
use crate::model::search::instance::NONE;
use crate::model::search::state::Held;

/// Most arcs of a cycle.
const LONGEST: usize = 10;
/// Less is no gain.
const TIE: f64 = 1e-9;

/// An attendance that could be had elsewhere.
#[derive(Clone, Copy, Debug)]
struct Arc {
    to: u32,
    /// [`NONE`]: a seat that is free, or that nobody takes.
    need: u32,
    gain: f64,
}

impl Arc {
    fn of_nobody(to: u32) -> Self {
        Self { to, need: NONE, gain: 0.0 }
    }
}

#[derive(Debug)]
struct Graph {
    /// By node: the arcs of students. Nodes are slots of sessions and, last, nowhere.
    arcs: Vec<Vec<Arc>>,
    /// Sessions with a free seat, by node, and sessions with more students than they need.
    has_seat: Vec<bool>,
    can_spare: Vec<u32>,
    /// By node: the most that a path from the start gains, and its last node and arc.
    reach: Vec<f64>,
    from: Vec<(u32, Arc)>,
    reached: Vec<u32>,
    queued: Vec<bool>,
    queue: VecDeque<u32>,
}

impl Worker<'_> {
    /// Students change seats in cycles until none is found that gains, or `go_on` ends it.
    pub fn transfer(&mut self, go_on: impl Fn() -> bool) {
        let Some(mut graph) = self.seat_graph(&go_on) else { return };
        let mut starts = self.state.running.clone();
        starts.push(graph.nowhere());
        let mut found = true;
        while found {
            found = false;
            for &start in &starts {
                while go_on()
                    && let Some(cycle) = graph.cycle(start, |n| self.student_of(n))
                {
                    let before = self.sessions_along(&cycle);
                    if self.change_along(&graph, start, &cycle) {
                        found = true;
                        self.update(&mut graph, &cycle, &before);
                    } else if !self.give_up(&mut graph, start, &cycle) {
                        break;
                    }
                }
            }
        }
    }

    /// `None` if `go_on` ends it.
    fn seat_graph(&mut self, go_on: impl Fn() -> bool) -> Option<Graph> {
        let nodes = self.state.sessions.len() + 1;
        let mut graph = Graph {
            arcs: vec![Vec::new(); nodes],
            has_seat: vec![false; nodes],
            can_spare: Vec::new(),
            reach: vec![f64::NEG_INFINITY; nodes],
            from: vec![(NONE, Arc::of_nobody(NONE)); nodes],
            reached: Vec::new(),
            queued: vec![false; nodes],
            queue: VecDeque::new(),
        };
        for k in self.state.running.clone() {
            for (_, n) in self.state.sessions[k as usize].members.clone() {
                self.add_arcs(&mut graph, n, k);
            }
            if !go_on() {
                return None;
            }
        }
        for n in self.state.open_needs.clone() {
            let nowhere = graph.nowhere();
            self.add_arcs(&mut graph, n, nowhere);
        }
        self.count_seats(&mut graph);
        Some(graph)
    }

    fn count_seats(&self, graph: &mut Graph) {
        graph.can_spare.clear();
        for &k in &self.state.running {
            graph.has_seat[k as usize] = self.is_session(k) && self.state.has_seat(k);
            if self.is_session(k) && self.state.sessions[k as usize].members.len() as u32 > self.least(k) {
                graph.can_spare.push(k);
            }
        }
    }

    /// Whether it is a session of an offering, and may be changed now.
    fn is_session(&self, k: u32) -> bool {
        self.state.sessions[k as usize].activity < self.state.study() && self.state.at_hand(k)
    }

    fn least(&self, k: u32) -> u32 {
        self.state.least(self.state.sessions[k as usize].activity)
    }

    /// The arcs of the attendance of `k` that meets the need, or of the open need.
    fn add_arcs(&mut self, graph: &mut Graph, n: u32, k: u32) {
        let nowhere = graph.nowhere();
        if n == NONE || (k != nowhere && !self.may_leave(self.student_of(n), k, true)) {
            return;
        }
        let i = self.student_of(n);
        let before = self.state.savepoint();
        if k != nowhere {
            self.state.leave(i, k);
            let gain = self.state.total - before.total;
            graph.arcs[k as usize].push(Arc { to: nowhere, need: n, gain });
        }
        let site = self.state.x.site_of_student[i as usize];
        for &o in self.state.x.offerings_for(n) {
            let sessions: Vec<Held> = self.state.sessions_at(o, site).flatten().copied().collect();
            for to in sessions.into_iter().map(|held| held.session).filter(|&to| to != k) {
                let savepoint = self.state.savepoint();
                if let Some(moved) = self.take_seat(n, to)
                    && (moved == NONE || self.seat_directly(moved))
                    // The seat that is left is another's.
                    && (k == nowhere || self.state.student_in(i, self.state.sessions[k as usize].block) != Some(k))
                {
                    let gain = self.state.total - before.total;
                    graph.arcs[k as usize].push(Arc { to, need: n, gain });
                }
                self.state.roll_back(savepoint);
            }
        }
        self.state.roll_back(before);
    }

    /// The student takes a seat in `k`, free or not; tells the need that was met at that time until now, [`NONE`]
    /// where there was none. On `None` the caller rolls back.
    fn take_seat(&mut self, n: u32, k: u32) -> Option<u32> {
        let i = self.student_of(n);
        let block = self.state.sessions[k as usize].block;
        let mut moved = NONE;
        if let Some(clash) = self.state.student_in(i, block) {
            if clash == k || !self.may_leave(i, clash, false) {
                return None;
            }
            moved = self.take_out(i, clash);
        }
        if self.state.student_in(i, block).is_some() || !self.state.can_attend(i, n, k) {
            return None;
        }
        self.state.attend(i, n, k);
        Some(moved)
    }

    /// Everybody along the cycle changes seats; `false`, with nothing changed, if that breaks a rule or gains nothing.
    fn change_along(&mut self, graph: &Graph, start: u32, cycle: &[Arc]) -> bool {
        let savepoint = self.state.savepoint();
        let done = self.leave_along(graph, start, cycle)
            && self.attend_along(graph, cycle)
            && self.state.total > savepoint.total + TIE
            && cycle.iter().map(|arc| arc.to).filter(|&k| k != graph.nowhere()).all(|k| {
                let session = &self.state.sessions[k as usize];
                session.members.len() as u32 >= self.least(k)
            });
        if done {
            self.state.commit();
        } else {
            self.state.roll_back(savepoint);
        }
        done
    }

    fn leave_along(&mut self, graph: &Graph, start: u32, cycle: &[Arc]) -> bool {
        let mut from = start;
        for arc in cycle {
            if arc.need != NONE && from != graph.nowhere() {
                let i = self.student_of(arc.need);
                if !self.may_leave(i, from, true) {
                    return false;
                }
                self.state.leave(i, from);
            }
            from = arc.to;
        }
        true
    }

    /// First those of the cycle, then what they attended at that time.
    fn attend_along(&mut self, graph: &Graph, cycle: &[Arc]) -> bool {
        let mut moved = Vec::new();
        for arc in cycle.iter().filter(|arc| arc.need != NONE && arc.to != graph.nowhere()) {
            if !self.state.has_seat(arc.to) {
                return false;
            }
            match self.take_seat(arc.need, arc.to) {
                None => return false,
                Some(NONE) => {}
                Some(n) => moved.push(n),
            }
        }
        moved.into_iter().all(|n| self.seat_directly(n))
    }

    /// Takes arcs out that need a seat beside those of the cycle; `false` if there is none.
    fn give_up(&self, graph: &mut Graph, start: u32, cycle: &[Arc]) -> bool {
        let mut from = start;
        let mut any = false;
        for arc in cycle {
            if arc.need != NONE && arc.to != graph.nowhere() {
                let block = self.state.sessions[arc.to as usize].block;
                let held = self.state.student_in(self.student_of(arc.need), block);
                if held.is_some_and(|held| held != from) {
                    any = true;
                    graph.arcs[from as usize].retain(|other| (other.to, other.need) != (arc.to, arc.need));
                }
            }
            from = arc.to;
        }
        any
    }

    fn sessions_along(&self, cycle: &[Arc]) -> Vec<u32> {
        let needs = cycle.iter().map(|arc| arc.need).filter(|&n| n != NONE);
        needs.flat_map(|n| self.state.sessions_attended(self.student_of(n))).collect()
    }

    /// The arcs of all students of a cycle anew; `before`: the sessions that they attended before it.
    fn update(&mut self, graph: &mut Graph, cycle: &[Arc], before: &[u32]) {
        let nowhere = graph.nowhere();
        let needs = cycle.iter().map(|arc| arc.need).filter(|&n| n != NONE);
        let students: Vec<u32> = needs.map(|n| self.student_of(n)).collect();
        for &node in before.iter().chain([&nowhere]) {
            graph.arcs[node as usize].retain(|arc| !students.contains(&self.student_of(arc.need)));
        }
        for i in students {
            let attended: Vec<u32> = self.state.sessions_attended(i).collect();
            for k in attended {
                let members = &self.state.sessions[k as usize].members;
                if let Some(&(_, n)) = members.iter().find(|&&(j, _)| j == i) {
                    self.add_arcs(graph, n, k);
                }
            }
            for n in self.state.x.needs_of_student[i as usize].clone() {
                if self.state.is_open(n) {
                    self.add_arcs(graph, n, nowhere);
                }
            }
        }
        self.count_seats(graph);
    }
}

impl Graph {
    fn nowhere(&self) -> u32 {
        self.arcs.len() as u32 - 1
    }

    /// The best cycle found from the start.
    fn cycle(&mut self, start: u32, student_of: impl Fn(u32) -> u32) -> Option<Vec<Arc>> {
        for node in self.reached.drain(..) {
            self.reach[node as usize] = f64::NEG_INFINITY;
        }
        self.queue.clear();
        self.queue.push_back(start);
        let mut best = (TIE, NONE, Arc::of_nobody(NONE));
        while let Some(node) = self.queue.pop_front() {
            self.queued[node as usize] = false;
            let gained = if node == start { 0.0 } else { self.reach[node as usize] };
            for at in 0..self.arcs[node as usize].len() {
                let arc = self.arcs[node as usize][at];
                self.follow((start, node, gained), arc, &mut best, &student_of);
            }
            if node == self.nowhere() {
                for at in 0..self.can_spare.len() {
                    let arc = Arc::of_nobody(self.can_spare[at]);
                    self.follow((start, node, gained), arc, &mut best, &student_of);
                }
            } else if self.has_seat[node as usize] {
                self.follow((start, node, gained), Arc::of_nobody(self.nowhere()), &mut best, &student_of);
            }
        }
        let (_, mut node, last) = best;
        if node == NONE {
            return None;
        }
        let mut cycle = vec![last];
        while node != start {
            let (before, arc) = self.from[node as usize];
            cycle.push(arc);
            node = before;
            if cycle.len() > LONGEST {
                // The path has changed since.
                return None;
            }
        }
        cycle.reverse();
        Some(cycle)
    }

    /// From a node that is reached with so much gained, along one of its arcs.
    fn follow(
        &mut self,
        (start, node, gained): (u32, u32, f64),
        arc: Arc,
        best: &mut (f64, u32, Arc),
        student_of: impl Fn(u32) -> u32,
    ) {
        let reach = gained + arc.gain;
        let known = if arc.to == start { best.0 } else { self.reach[arc.to as usize] };
        if reach <= TIE || reach <= known + TIE || !self.is_new(start, node, arc, student_of) {
            return;
        }
        if arc.to == start {
            *best = (reach, node, arc);
            return;
        }
        if known == f64::NEG_INFINITY {
            self.reached.push(arc.to);
        }
        self.reach[arc.to as usize] = reach;
        self.from[arc.to as usize] = (node, arc);
        if !std::mem::replace(&mut self.queued[arc.to as usize], true) {
            self.queue.push_back(arc.to);
        }
    }

    /// Whether neither the student nor the session of the arc is on the path to the node, and that is short enough.
    fn is_new(&self, start: u32, mut node: u32, arc: Arc, student_of: impl Fn(u32) -> u32) -> bool {
        let student = (arc.need != NONE).then(|| student_of(arc.need));
        for _ in 1..LONGEST {
            if node == start {
                return true;
            }
            if node == arc.to {
                return false;
            }
            let (before, last) = self.from[node as usize];
            if last.need != NONE && student == Some(student_of(last.need)) {
                return false;
            }
            node = before;
        }
        false
    }
}
