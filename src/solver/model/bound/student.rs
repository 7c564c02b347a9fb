//! What is left of the model for one student: needs go to blocks, each block at most once, when every seat
//! has a price. A flow of greatest value with the loss of fairness, which is convex, on the way in; found
//! by successive best paths (Busacker and Gowen 1961).

use std::ops::Range;

use super::{Prices, Relaxation};
use crate::school::{Id, NeedId, StudentId};

/// The best class and its worth for every tier at given prices, links not yet paid for.
pub struct Table {
    /// -inf where there is none.
    worth: Vec<f64>,
    choice: Vec<u32>,
}

impl Relaxation<'_> {
    pub(super) fn price_table(&self, prices: &Prices) -> Table {
        let tiers = self.links.tiers.len();
        let mut table = Table { worth: vec![f64::NEG_INFINITY; tiers], choice: vec![u32::MAX; tiers] };
        let seat_prices: Vec<f64> = prices
            .seats
            .iter()
            .zip(self.rooms.of_class.iter().zip(&self.classes))
            .map(|(seat, (rows, class))| {
                let least = class.least.map_or(0.0, |row| prices.least[row as usize]);
                seat + rows.lines.iter().map(|&line| prices.rooms[line as usize]).sum::<f64>() - least
            })
            .collect();
        for (ty, tiers) in self.links.of_type.iter().enumerate() {
            let value = self.school.weights.priority(self.priority_of_type[ty]);
            for tier in tiers.clone().map(|tier| tier as usize) {
                for arc in &self.links.tiers[tier].arcs {
                    let cut: f64 = self.cuts_of[arc.class as usize]
                        .iter()
                        .filter(|&&r| self.counts(ty, &self.cuts[r as usize]))
                        .map(|&r| prices.cuts[r as usize])
                        .sum();
                    let worth = value + arc.bonus - seat_prices[arc.class as usize] - cut;
                    if worth > table.worth[tier] {
                        table.worth[tier] = worth;
                        table.choice[tier] = arc.class;
                    }
                }
            }
        }
        table
    }
}

/// What some students choose.
pub struct Choices {
    pub value: f64,
    /// Attendances by class.
    pub seats: Vec<f64>,
    /// Attendances that count, by cut.
    pub cuts: Vec<f64>,
    /// Study by site x blocks + block.
    pub study: Vec<f64>,
    /// Attendances by link, from the first link of these students.
    pub links: Vec<f64>,
    pub first_link: usize,
    /// What is attended by rows of students, from the first row of these students.
    pub student: Vec<f64>,
    pub first_row: usize,
}

/// Students between two looks at the clock.
const STRIDE: usize = 512;

/// The choices of the students in `range`; `None` if `go_on` ends it.
pub fn choose(
    relaxation: &Relaxation,
    table: &Table,
    prices: &Prices,
    range: Range<usize>,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Option<Choices> {
    let school = relaxation.school;
    let blocks = school.blocks.len();
    let of_students = relaxation.links.of_students(range.clone());
    let rows = relaxation.student_rows.of_students(range.clone());
    let mut choices = Choices {
        value: 0.0,
        seats: vec![0.0; prices.seats.len()],
        cuts: vec![0.0; prices.cuts.len()],
        study: vec![0.0; prices.study.len()],
        links: vec![0.0; of_students.len()],
        first_link: of_students.start,
        student: vec![0.0; rows.len()],
        first_row: rows.start,
    };
    let mut flow = Flow::default();
    let mut first = school.needs.partition_point(|need| need.student.index() < range.start);
    for (at, student) in range.map(StudentId::new).enumerate() {
        if at % STRIDE == STRIDE - 1 && !go_on() {
            return None;
        }
        let count = school.needs[first..].iter().take_while(|need| need.student == student).count();
        let needs = first..first + count;
        first = needs.end;
        choices.value += flow.best(relaxation, table, prices, student, needs.clone());
        let site = school[student].site.map_or(school.sites.len(), Id::index);
        for (column, &row) in flow.holder.iter().enumerate().filter(|&(_, &row)| row != NOBODY) {
            let way = flow.way[row * flow.open.len() + column] as usize;
            match needs.clone().nth(row) {
                None => choices.study[site * blocks + way] += 1.0,
                Some(need) => {
                    choices.count(relaxation, table, NeedId::new(need), way);
                }
            }
        }
    }
    Some(choices)
}

impl Choices {
    /// Counts an attendance of the need's way `at`, with the links of the tiers below it.
    fn count(&mut self, relaxation: &Relaxation, table: &Table, need: NeedId, at: usize) {
        let ways = relaxation.links.ways_of(need);
        let class = table.choice[ways[at].tier as usize] as usize;
        self.seats[class] += 1.0;
        let ty = relaxation.type_of[need.index()] as usize;
        for &r in &relaxation.cuts_of[class] {
            if relaxation.counts(ty, &relaxation.cuts[r as usize]) {
                self.cuts[r as usize] += 1.0;
            }
        }
        for &(row, factor) in relaxation.student_rows.terms_of(relaxation.links.first_way_of(need) + at) {
            self.student[row as usize - self.first_row] += factor;
        }
        for way in ways[..=at].iter().rev() {
            self.links[way.link as usize - self.first_link] += 1.0;
            if relaxation.links.tiers[way.tier as usize].opens {
                break;
            }
        }
    }
}

const NOBODY: usize = usize::MAX;
/// The path came through the presence of another block.
const FROM_PRESENCE: usize = usize::MAX - 1;
/// Less is no difference between two gains.
const TIE: f64 = 1e-9;

/// Room for one student's flow, used again for the next. Columns are the blocks in which the student can be anywhere
/// at all, those at one time in one column; rows the needs and, last, study.
#[derive(Default)]
struct Flow {
    /// The first block of each column.
    open: Vec<usize>,
    /// Per block, and per time: its column.
    column: Vec<usize>,
    column_at: Vec<usize>,
    /// Row x column: worth of the arc, -inf while the flow uses it.
    worth: Vec<f64>,
    /// Row x column: the best of the need's ways; of study, the block.
    way: Vec<u32>,
    /// Per row: sessions still to be had.
    left: Vec<u32>,
    fair: Vec<bool>,
    /// Per column: the row that has it, and the worth of that.
    holder: Vec<usize>,
    held: Vec<f64>,
    /// Per column: counts as presence.
    present: Vec<bool>,
    /// Per column: the best of the rows with sessions still to be had, among those that do not count for fairness and
    /// among those that do.
    entry: Vec<[(f64, usize); 2]>,
    /// Columns whose entries have to be looked for anew.
    stale: Vec<usize>,
    /// Gain of the best path found to the row, or column, where it comes from, and whether that is news.
    reach: Vec<f64>,
    from: Vec<From>,
    news: Vec<bool>,
    column_reach: Vec<f64>,
    column_from: Vec<usize>,
    column_news: Vec<bool>,
    /// Per column with [`FROM_PRESENCE`]: the column newly attended.
    presence_from: Vec<usize>,
    /// Per way of the student, what is added to its worth; empty: nothing.
    decided: Vec<f64>,
}

fn reset<T: Clone>(list: &mut Vec<T>, length: usize, value: T) {
    list.clear();
    list.resize(length, value);
}

impl Flow {
    /// Value of the best flow with each introduction decided, which the flow then is.
    fn best(
        &mut self,
        relaxation: &Relaxation,
        table: &Table,
        prices: &Prices,
        student: StudentId,
        needs: Range<usize>,
    ) -> f64 {
        self.decided.clear();
        let Some(introduction) = relaxation.student_rows.introduction(student) else {
            return self.solve(relaxation, table, prices, student, needs);
        };
        let first_way = relaxation.links.first_way_of(NeedId::new(needs.start));
        let ways: usize = needs.clone().map(|need| relaxation.links.ways_of(NeedId::new(need)).len()).sum();
        // Far more than all that there is to gain.
        let weights = &relaxation.school.weights;
        let needed = relaxation.school.needs[needs.clone()].iter();
        let gain: f64 = needed.map(|need| f64::from(need.sessions) * weights.priority(need.priority)).sum();
        let certain = 1000.0 * (gain + weights.fairness + weights.should + 1.0);
        let decide = |flow: &mut Self, attended: Option<usize>| {
            reset(&mut flow.decided, ways, 0.0);
            introduction.after.iter().for_each(|&way| flow.decided[way] = f64::NEG_INFINITY);
            let Some((first, later)) = attended.map(|at| &introduction.attended[at]) else {
                return Some(flow.solve(relaxation, table, prices, student, needs.clone()));
            };
            later.iter().for_each(|&way| flow.decided[way] = 0.0);
            flow.decided[*first] = certain;
            let value = flow.solve(relaxation, table, prices, student, needs.clone()) - certain;
            let goes = |(column, &row): (usize, &usize)| {
                row < needs.len() && {
                    let way = flow.way[row * flow.open.len() + column] as usize;
                    relaxation.links.first_way_of(NeedId::new(needs.start + row)) - first_way + way == *first
                }
            };
            flow.holder.iter().enumerate().any(goes).then_some(value)
        };
        let choices = std::iter::once(None).chain((0..introduction.attended.len()).map(Some));
        let mut best = (f64::NEG_INFINITY, None);
        for attended in choices {
            if let Some(value) = decide(self, attended)
                && value > best.0 + TIE
            {
                best = (value, attended);
            }
        }
        decide(self, best.1);
        best.0
    }

    /// Value of the best flow, fairness and presence included.
    fn solve(
        &mut self,
        relaxation: &Relaxation,
        table: &Table,
        prices: &Prices,
        student: StudentId,
        needs: Range<usize>,
    ) -> f64 {
        let school = relaxation.school;
        let weights = &school.weights;
        let minimum = school.presence.minimum(student);
        let mut unmet = self.lay_out(relaxation, (table, prices), student, needs, minimum);
        let mut value = -weights.fairness * unmet * (unmet - 1.0) / 2.0 - weights.should * f64::from(minimum);
        let all_present = self.present.iter().all(|&present| present);
        let mut present = 0;
        // Each pass adds the path of greatest gain; the gains never grow.
        loop {
            let gains = Gains {
                fair: weights.fairness * (unmet - 1.0),
                present: if present < minimum { weights.should } else { 0.0 },
                spared: if present == minimum && present > 0 && !all_present { weights.should } else { 0.0 },
            };
            let Some(taken) = self.augment(gains) else { return value };
            value += taken.gain;
            if taken.fair {
                unmet -= 1.0;
            }
            if taken.present {
                present += 1;
            }
        }
    }

    /// The student's arcs, with nothing attended yet; returns how many sessions of `must` and `should` are missing.
    fn lay_out(
        &mut self,
        relaxation: &Relaxation,
        (table, prices): (&Table, &Prices),
        student: StudentId,
        needs: Range<usize>,
        minimum: u32,
    ) -> f64 {
        let school = relaxation.school;
        let blocks = school.blocks.len();
        let free = school.student_free.row(student);
        self.open.clear();
        reset(&mut self.column, blocks, NOBODY);
        reset(&mut self.column_at, blocks, NOBODY);
        for (block, _) in free.iter().enumerate().filter(|&(_, &free)| free) {
            let column = &mut self.column_at[relaxation.time_of[block]];
            if *column == NOBODY {
                *column = self.open.len();
                self.open.push(block);
            }
            self.column[block] = *column;
        }
        let columns = self.open.len();
        let rows = needs.len() + 1;
        reset(&mut self.worth, rows * columns, f64::NEG_INFINITY);
        reset(&mut self.way, rows * columns, u32::MAX);
        self.left.clear();
        self.fair.clear();
        let mut unmet = f64::from(school[student].missed_before);
        let student_way =
            needs.clone().next().map_or(0, |need| relaxation.links.first_way_of(NeedId::new(need)));
        for (at, need) in needs.map(NeedId::new).enumerate() {
            let row = &school[need];
            self.left.push(relaxation.student_rows.most[need.index()]);
            self.fair.push(row.priority.counts_for_fairness());
            if row.priority.counts_for_fairness() {
                unmet += f64::from(row.sessions);
            }
            let mut paid = 0.0;
            let first_way = relaxation.links.first_way_of(need);
            for (index, way) in relaxation.links.ways_of(need).iter().enumerate() {
                let tier = &relaxation.links.tiers[way.tier as usize];
                let price = prices.links[way.link as usize];
                paid = if tier.opens { price } else { paid + price };
                let column = self.column[tier.block as usize];
                if column == NOBODY {
                    continue;
                }
                let Some(price) = relaxation.student_rows.price(first_way + index, &prices.student) else {
                    continue;
                };
                let decided = self.decided.get(first_way - student_way + index).copied().unwrap_or(0.0);
                let worth = table.worth[way.tier as usize] - paid - price + decided;
                let cell = at * columns + column;
                if worth > self.worth[cell] {
                    self.worth[cell] = worth;
                    self.way[cell] = index as u32;
                }
            }
        }
        // Study meets no need.
        self.left.push(minimum);
        self.fair.push(false);
        let site = school[student].site.map_or(school.sites.len(), Id::index);
        for (block, &column) in self.column.iter().enumerate().filter(|&(_, &column)| column != NOBODY) {
            if relaxation.study_seats[site][block] > 0.0 {
                let lines = relaxation.rooms.of_studying[site][block].lines.iter();
                let worth = -prices.study[site * blocks + block]
                    - lines.map(|&line| prices.rooms[line as usize]).sum::<f64>();
                let cell = (rows - 1) * columns + column;
                if worth > self.worth[cell] {
                    self.worth[cell] = worth;
                    self.way[cell] = block as u32;
                }
            }
        }
        self.present.clear();
        self.present.extend(self.open.iter().map(|&block| school.blocks[block].kind.counts_as_presence()));
        reset(&mut self.holder, columns, NOBODY);
        reset(&mut self.held, columns, f64::NEG_INFINITY);
        reset(&mut self.entry, columns, [(f64::NEG_INFINITY, NOBODY); 2]);
        self.stale.clear();
        self.stale.extend(0..columns);
        unmet
    }

    /// Looks for the best entries of the stale columns.
    fn find_entries(&mut self) {
        let columns = self.open.len();
        while let Some(column) = self.stale.pop() {
            let mut best = [(f64::NEG_INFINITY, NOBODY); 2];
            for (row, (&left, &fair)) in self.left.iter().zip(&self.fair).enumerate() {
                let worth = self.worth[row * columns + column];
                let best = &mut best[usize::from(fair)];
                if left > 0 && worth > best.0 {
                    *best = (worth, row);
                }
            }
            self.entry[column] = best;
        }
    }

    /// Finds and takes the best path from the source to a column that nobody has, if it gains anything.
    ///
    /// From a column that is taken, no path gains more than [`Gains::spared`]: with what is lost at the column it is a
    /// cycle, and the flow so far is the best of its size. So only columns that are worth more than the best end found
    /// are gone through.
    fn augment(&mut self, gains: Gains) -> Option<Taken> {
        let (rows, columns) = (self.left.len(), self.open.len());
        self.find_entries();
        self.column_reach.clear();
        self.column_from.clear();
        for &[other, fair] in &self.entry {
            let fair = (fair.0 + gains.fair, fair.1);
            let (reach, from) = if fair.0 > other.0 { fair } else { other };
            self.column_reach.push(reach);
            self.column_from.push(from);
        }
        reset(&mut self.from, rows, From::Source);
        let mut end = self.best_end(gains);
        let through = |flow: &Self, column: usize, end: f64| {
            flow.holder[column] != NOBODY && flow.value(column, gains) + gains.spared > end.max(0.0) + TIE
        };
        if (0..columns).any(|column| through(self, column, end.1)) {
            self.reach.clear();
            self.reach.extend(self.left.iter().zip(&self.fair).map(|(&left, &fair)| {
                match (left > 0, fair) {
                    (false, _) => f64::NEG_INFINITY,
                    (true, true) => gains.fair,
                    (true, false) => 0.0,
                }
            }));
            reset(&mut self.news, rows, false);
            reset(&mut self.column_news, columns, true);
            reset(&mut self.presence_from, columns, NOBODY);
            let mut claim = (gains.fair, NOBODY);
            for _ in 0..rows + columns + 2 {
                if gains.spared > 0.0 {
                    self.pass_presence();
                }
                for column in 0..columns {
                    if std::mem::take(&mut self.column_news[column]) && through(self, column, end.1) {
                        self.look_back(column, &mut claim);
                    }
                }
                self.pass_claim(claim);
                if !self.news.contains(&true) {
                    break;
                }
                self.look_ahead();
                end = self.best_end(gains);
            }
        }
        if end.1 > TIE { self.take(end) } else { None }
    }

    /// What a path that ends in the column gains.
    fn value(&self, column: usize, gains: Gains) -> f64 {
        self.column_reach[column] + if self.present[column] { gains.present } else { 0.0 }
    }

    /// The column of greatest value that nobody has.
    fn best_end(&self, gains: Gains) -> (usize, f64) {
        let free = (0..self.open.len()).filter(|&column| self.holder[column] == NOBODY);
        let values = free.map(|column| (column, self.value(column, gains)));
        values.fold((NOBODY, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best })
    }

    /// A block newly attended can take over the presence of one that is given up.
    fn pass_presence(&mut self) {
        let columns = 0..self.open.len();
        let (taken, free): (Vec<usize>, Vec<usize>) =
            columns.filter(|&c| self.present[c]).partition(|&c| self.holder[c] != NOBODY);
        let best = free.into_iter().max_by(|&a, &b| self.column_reach[a].total_cmp(&self.column_reach[b]));
        let Some(best) = best.filter(|&best| self.column_from[best] != NOBODY) else { return };
        for column in taken {
            if self.column_reach[best] > self.column_reach[column] + TIE {
                self.column_reach[column] = self.column_reach[best];
                self.column_from[column] = FROM_PRESENCE;
                self.presence_from[column] = best;
                self.column_news[column] = true;
            }
        }
    }

    /// From a column to the row that has it.
    fn look_back(&mut self, column: usize, claim: &mut (f64, usize)) {
        let holder = self.holder[column];
        let value = self.column_reach[column] - self.held[column];
        if value > self.reach[holder] + TIE {
            self.reach[holder] = value;
            self.from[holder] = From::Column(column);
            self.news[holder] = true;
        }
        if self.fair[holder] && value > claim.0 + TIE {
            *claim = (value, holder);
        }
    }

    /// A need that gives a session up can pass its claim on fairness to another one.
    fn pass_claim(&mut self, (value, holder): (f64, usize)) {
        for row in 0..self.left.len() {
            if self.fair[row] && self.left[row] > 0 && value > self.reach[row] + TIE && row != holder {
                self.reach[row] = value;
                self.from[row] = From::Need(holder);
                self.news[row] = true;
            }
        }
    }

    /// From rows reached anew to columns.
    fn look_ahead(&mut self) {
        let columns = self.open.len();
        for row in 0..self.left.len() {
            if !std::mem::take(&mut self.news[row]) {
                continue;
            }
            let reach = self.reach[row];
            let worth = &self.worth[row * columns..(row + 1) * columns];
            let ends = self.column_reach.iter_mut().zip(&mut self.column_from).zip(&mut self.column_news);
            for (&worth, ((best, from), news)) in worth.iter().zip(ends) {
                if reach + worth > *best + TIE {
                    *best = reach + worth;
                    *from = row;
                    *news = true;
                }
            }
        }
    }

    /// Takes the path that ends in the column.
    fn take(&mut self, (end, gain): (usize, f64)) -> Option<Taken> {
        let present = self.present[end];
        let mut row = self.hold(end);
        for _ in 0..=2 * (self.left.len() + self.open.len()) {
            match self.from[row] {
                From::Source => {
                    self.have_one(row);
                    return Some(Taken { gain, fair: self.fair[row], present });
                }
                From::Need(before) => {
                    self.have_one(row);
                    self.left[before] += 1;
                    self.stale.extend(0..self.open.len());
                    row = before;
                }
                From::Column(column) => {
                    self.worth[row * self.open.len() + column] = self.held[column];
                    row = if self.column_from[column] == FROM_PRESENCE {
                        self.holder[column] = NOBODY;
                        self.stale.push(column);
                        self.hold(self.presence_from[column])
                    } else {
                        self.hold(column)
                    };
                }
            }
        }
        None
    }

    /// Gives the column to the row that the best path comes from.
    fn hold(&mut self, column: usize) -> usize {
        let row = self.column_from[column];
        let cell = row * self.open.len() + column;
        self.holder[column] = row;
        self.held[column] = std::mem::replace(&mut self.worth[cell], f64::NEG_INFINITY);
        self.stale.push(column);
        row
    }

    /// One session less is to be had by the row.
    fn have_one(&mut self, row: usize) {
        self.left[row] -= 1;
        if self.left[row] == 0 {
            let best = |column: &usize| self.entry[*column].iter().any(|entry| entry.1 == row);
            self.stale.extend((0..self.open.len()).filter(best));
        }
    }
}

/// Where the best path to a need row comes from.
#[derive(Clone, Copy)]
enum From {
    Source,
    /// The row that gives up its claim.
    Need(usize),
    /// The column that the row gives up.
    Column(usize),
}

/// What counts beside the worth of a session.
#[derive(Clone, Copy)]
struct Gains {
    /// One more must or should session met.
    fair: f64,
    /// One more block of presence.
    present: f64,
    /// What a path may gain by giving up presence that is just enough: nothing where no block attended lacks it.
    spared: f64,
}

/// A path that was taken.
struct Taken {
    gain: f64,
    fair: bool,
    present: bool,
}
