//! How prices move: along an average of recent subgradients, at first from the best prices so far (the volume algorithm,
//! Barahona and Anbil 2000), later from the last ones, best or not, as subgradient methods do.

/// The gap that is expected before there is a schedule, and the widest afterwards.
const UNKNOWN_GAP: f64 = 0.02;

/// Answers that are no better after which steps become shorter, and by how much: at first a length that suits is soon
/// found. Once that gains nothing any more there is patience, from a greater length on, and steps go on from prices that
/// are no better: where none alone lowers the bound, many have to rise together first.
const HASTY: (u32, f64) = (5, 0.6);
const PATIENT: (u32, f64) = (20, 0.9);
/// Length at which haste ends, and from which patience begins: where the bound has not fallen at all, and elsewhere.
const STUCK: (f64, f64) = (1e-3, 0.1);
const SPENT: (f64, f64) = (1e-5, 0.02);

/// Kinds of rows that have prices.
pub const KINDS: usize = 12;

/// A list of numbers for the rows of each kind: prices, or how far an answer is from breaking each row.
#[derive(Clone, Debug)]
pub struct Prices {
    /// By class.
    pub seats: Vec<f64>,
    pub cuts: Vec<f64>,
    pub coached: Vec<f64>,
    /// By site x blocks + block.
    pub study: Vec<f64>,
    pub budgets: Vec<f64>,
    /// By block.
    pub reserve: Vec<f64>,
    /// Sessions at once in some places.
    pub places: Vec<f64>,
    /// Students at once in some places.
    pub rooms: Vec<f64>,
    /// By student and what they may be in.
    pub links: Vec<f64>,
    /// Least numbers of students, and most assistants, of some classes.
    pub least: Vec<f64>,
    pub assisted: Vec<f64>,
    /// By row of a student.
    pub student: Vec<f64>,
}

/// Where a dual stands: best prices so far, the bound they give, and how it goes on from there.
#[derive(Clone, Debug)]
pub struct DualState {
    pub bound: f64,
    pub prices: Prices,
    /// Prices that the next step sets out from once there is patience, and the bound they give: those of the last answer,
    /// worse ones too, until steps become shorter.
    here: Prices,
    here_value: f64,
    /// Slope at an average of recent answers, which tends to the slack of a best fractional solution.
    subgradient: Option<Prices>,
    /// Part of the step that would reach the target if the subgradient were straight.
    pub length: f64,
    /// The first bound.
    first: f64,
    /// Whether a length that suits is still looked for.
    hasty: bool,
    /// Most weight of a new answer in the average.
    freshness: f64,
    /// Answers since the bound last fell, and since the weight was last looked at.
    stale: u32,
    age: u32,
    looked: f64,
}

/// What the relaxation says at some prices.
pub struct Answer {
    pub value: f64,
    pub subgradient: Prices,
}

impl Prices {
    /// All prices as lists, in one order.
    fn parts(&self) -> [&[f64]; KINDS] {
        [
            &self.seats,
            &self.cuts,
            &self.coached,
            &self.study,
            &self.budgets,
            &self.reserve,
            &self.places,
            &self.rooms,
            &self.links,
            &self.least,
            &self.assisted,
            &self.student,
        ]
    }

    fn parts_mut(&mut self) -> [&mut [f64]; KINDS] {
        [
            &mut self.seats,
            &mut self.cuts,
            &mut self.coached,
            &mut self.study,
            &mut self.budgets,
            &mut self.reserve,
            &mut self.places,
            &mut self.rooms,
            &mut self.links,
            &mut self.least,
            &mut self.assisted,
            &mut self.student,
        ]
    }

    /// Each price with its counterpart in another point.
    fn zip_mut<'a>(&'a mut self, other: &'a Prices) -> impl Iterator<Item = (&'a mut f64, f64)> {
        self.parts_mut().into_iter().zip(other.parts()).flat_map(|(a, b)| a.iter_mut().zip(b.iter().copied()))
    }

    /// `share` of `fresh` and the rest of this.
    fn blend(&mut self, fresh: &Prices, share: f64) {
        self.zip_mut(fresh).for_each(|(a, b)| *a = (1.0 - share) * *a + share * b);
    }

    /// Product of two subgradients, without the parts that would only push a price of 0 below 0.
    fn product(&self, other: &Prices, prices: &Prices, scale: &[f64; KINDS]) -> f64 {
        let mut sum = 0.0;
        for (((a, b), prices), scale) in
            self.parts().into_iter().zip(other.parts()).zip(prices.parts()).zip(scale)
        {
            let rows = a.iter().zip(b).zip(prices);
            sum += scale
                * rows
                    .filter(|((a, _), price)| **price > 0.0 || **a < 0.0)
                    .map(|((a, b), _)| a * b)
                    .sum::<f64>();
        }
        sum
    }

    /// One step against the subgradient; no price falls below 0.
    fn step(&mut self, subgradient: &Prices, length: f64, scale: &[f64; KINDS]) {
        for ((prices, subgradients), scale) in
            self.parts_mut().into_iter().zip(subgradient.parts()).zip(scale)
        {
            for (price, subgradient) in prices.iter_mut().zip(subgradients) {
                *price = (*price - length * scale * subgradient).max(0.0);
            }
        }
    }
}

impl DualState {
    pub fn new(prices: Prices) -> Self {
        Self {
            bound: f64::INFINITY,
            here: prices.clone(),
            here_value: f64::INFINITY,
            prices,
            subgradient: None,
            length: 0.3,
            first: f64::INFINITY,
            hasty: true,
            freshness: 0.2,
            stale: 0,
            age: 0,
            looked: f64::INFINITY,
        }
    }

    /// `stake`: what the best and the worst schedule could differ by.
    pub fn next_prices(&self, target: f64, stake: f64, scale: &[f64; KINDS]) -> Prices {
        let (at, value) = match self.hasty {
            true => (&self.prices, self.bound),
            false => (&self.here, self.here_value),
        };
        let mut prices = at.clone();
        if let Some(subgradient) = &self.subgradient {
            let norm = subgradient.product(subgradient, at, scale);
            // Steps that fit a first schedule, far below the best, would be far too long.
            let widest = UNKNOWN_GAP * if self.hasty { value.abs() } else { stake };
            let ahead = match target.is_finite() {
                true => (value - target).min(widest).max(1e-4 * target.abs()),
                false => UNKNOWN_GAP * value.abs(),
            };
            if norm > 1e-12 {
                prices.step(subgradient, self.length * ahead / norm, scale);
            }
        }
        prices
    }

    pub fn take(&mut self, prices: Prices, answer: Answer, scale: &[f64; KINDS]) {
        let better = answer.value < self.bound;
        let subgradient = match self.subgradient.take() {
            None => answer.subgradient,
            Some(mut subgradient) => {
                // On the way: the new subgradient still points where the step went.
                let onward = answer.subgradient.product(&subgradient, &prices, scale);
                let share = self.share(&subgradient, &answer.subgradient, &prices, scale);
                subgradient.blend(&answer.subgradient, share);
                match (better, onward > 0.0) {
                    (true, true) => self.length = (self.length * 1.1).min(2.0),
                    (true, false) => {}
                    (false, _) => self.stale += 1,
                }
                subgradient
            }
        };
        self.subgradient = Some(subgradient);
        self.here = prices.clone();
        self.here_value = answer.value;
        if self.first.is_infinite() {
            self.first = answer.value;
        }
        if better {
            self.stale = 0;
            self.bound = answer.value;
            self.prices = prices;
        }
        let (patience, shrink) = if self.hasty { HASTY } else { PATIENT };
        if self.stale >= patience {
            self.stale = 0;
            self.length *= shrink;
            self.here = self.prices.clone();
            self.here_value = self.bound;
        }
        let stuck = self.bound > self.first - 1e-6 * self.first.abs();
        let (least, next) = if stuck { STUCK } else { SPENT };
        if self.hasty && self.length < least {
            self.hasty = false;
            self.length = next;
        }
        self.age += 1;
        if self.age >= 100 {
            self.age = 0;
            if self.bound > self.looked - 1e-4 * self.looked.abs() {
                self.freshness = (self.freshness * 0.5).max(0.005);
            }
            self.looked = self.bound;
        }
    }

    /// Weight of the new subgradient that makes the average shortest.
    fn share(&self, subgradient: &Prices, fresh: &Prices, prices: &Prices, scale: &[f64; KINDS]) -> f64 {
        let [old, mixed, new] = [
            subgradient.product(subgradient, prices, scale),
            subgradient.product(fresh, prices, scale),
            fresh.product(fresh, prices, scale),
        ];
        let curve = old - 2.0 * mixed + new;
        let best = if curve > 1e-12 { (old - mixed) / curve } else { self.freshness };
        best.clamp(self.freshness * 0.1, self.freshness)
    }
}
