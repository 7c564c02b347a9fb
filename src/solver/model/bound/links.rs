//! Links in the relaxation: a student is in a session only as far as it is held.
//!
//! A tier is what a type of need can be met by in one block and offering at a gain (own unit, staff asked)
//! of at least so much: a group of classes C. For every student i and every group C in reach:
//!
//! ```text
//! links  η_{i,C} ≥ 0   sum_n sum_{c in C} x[i,n,c] ≤ sum_{c in C} sum_s y[s,c]
//! ```
//!
//! Without them a twentieth of a session would serve a student wholly: seats alone let sessions be held in
//! part in many blocks. Source: the strong formulation of plant location (Krarup and Pruzan 1983).

use std::collections::HashMap;
use std::ops::Range;

use super::classes::Arc;
use crate::school::{Bans, BlockId, Deployment, Id, NeedId, OfferingId, School};

/// Arcs of equal gain of a type in one block and offering.
#[derive(Debug)]
pub struct Tier {
    pub block: u32,
    pub offering: OfferingId,
    /// The first tier of its offering and block: that of the least gain.
    pub opens: bool,
    pub arcs: Vec<Arc>,
    /// Classes of this tier and those of greater gain after it.
    group: u32,
}

/// A student who may use a tier, and the link that this takes.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub tier: u32,
    pub link: u32,
}

/// All tiers and links.
#[derive(Debug, Default)]
pub struct Links {
    pub tiers: Vec<Tier>,
    /// Per type: its tiers, in order of block, offering and gain.
    pub of_type: Vec<Range<u32>>,
    /// Per class: the groups that it is in.
    pub groups_of: Vec<Vec<u32>>,
    pub groups: usize,
    /// Per student, and one more: first link.
    first: Vec<u32>,
    /// Per link: its group.
    pub group_of: Vec<u32>,
    ways: Vec<Way>,
    /// Per need, and one more: first way.
    first_way: Vec<u32>,
}

impl Links {
    /// `arcs`: per type and block; `type_of`: per need.
    pub fn new(
        school: &School,
        bans: &Bans,
        classes: usize,
        arcs: Vec<Vec<Vec<Arc>>>,
        type_of: &[u32],
    ) -> Self {
        let mut links = Self { groups_of: vec![Vec::new(); classes], ..Self::default() };
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        for by_block in arcs {
            let from = links.tiers.len() as u32;
            for (block, arcs) in by_block.into_iter().enumerate() {
                links.add_tiers(block as u32, arcs, &mut known);
            }
            links.of_type.push(from..links.tiers.len() as u32);
        }
        links.groups = known.len();
        links.first.push(0);
        links.first_way.push(0);
        // Per group: the last link to it. One of an earlier student is below those of this one.
        let mut link_to: Vec<u32> = vec![0; links.groups];
        for student in school.student_ids() {
            let first = links.group_of.len() as u32;
            for need in school.needs_of(student) {
                for tier in links.of_type[type_of[need.index()] as usize].clone() {
                    let Tier { block, offering, group, .. } = links.tiers[tier as usize];
                    let block = BlockId::new(block as usize);
                    let attends = Deployment { block, offering: Some(offering), staff: None, place: None };
                    if !school.student_free[(student, block)] || bans.forbid_student(student, attends) {
                        continue;
                    }
                    let link = &mut link_to[group as usize];
                    if *link < first || links.group_of.get(*link as usize) != Some(&group) {
                        *link = links.group_of.len() as u32;
                        links.group_of.push(group);
                    }
                    links.ways.push(Way { tier, link: *link });
                }
                links.first_way.push(links.ways.len() as u32);
            }
            links.first.push(links.group_of.len() as u32);
        }
        links
    }

    fn add_tiers(&mut self, block: u32, arcs: Vec<Arc>, known: &mut HashMap<Vec<u32>, u32>) {
        let mut rest = arcs.into_iter().peekable();
        while let Some(first) = rest.next() {
            let offering = first.offering;
            let mut of_offering = vec![first];
            while let Some(arc) = rest.next_if(|arc| arc.offering == offering) {
                of_offering.push(arc);
            }
            of_offering.sort_by(|a, b| a.bonus.total_cmp(&b.bonus).then(a.class.cmp(&b.class)));
            let mut opens = true;
            while !of_offering.is_empty() {
                let least = of_offering[0].bonus;
                let mut group: Vec<u32> = of_offering.iter().map(|arc| arc.class).collect();
                group.sort_unstable();
                let next = known.len() as u32;
                let group = *known.entry(group).or_insert(next);
                if group == next {
                    for arc in &of_offering {
                        self.groups_of[arc.class as usize].push(group);
                    }
                }
                let above = of_offering.partition_point(|arc| arc.bonus <= least);
                let greater = of_offering.split_off(above);
                self.tiers.push(Tier { block, offering, opens, arcs: of_offering, group });
                of_offering = greater;
                opens = false;
            }
        }
    }

    /// The number among all ways of the first way of a need.
    pub fn first_way_of(&self, need: NeedId) -> usize {
        self.first_way[need.index()] as usize
    }

    pub fn count(&self) -> usize {
        self.group_of.len()
    }

    /// Links of the students.
    pub fn of_students(&self, students: Range<usize>) -> Range<usize> {
        self.first[students.start] as usize..self.first[students.end] as usize
    }

    pub fn ways_of(&self, need: NeedId) -> &[Way] {
        let range = self.first_way[need.index()] as usize..self.first_way[need.index() + 1] as usize;
        &self.ways[range]
    }

    /// Sum of the prices of each group's links.
    pub fn group_prices(&self, prices: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.groups];
        for (&group, price) in self.group_of.iter().zip(prices) {
            sums[group as usize] += price;
        }
        sums
    }
}
