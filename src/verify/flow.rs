//! The cheapest of the largest flows in a small network, by successive cheapest paths.

/// Costs closer than this, relative to their size, are equal: rounding never makes a path look cheaper
/// than itself.
const TOLERANCE: f64 = 1e-9;

struct Arc {
    to: usize,
    /// What may still flow along it.
    room: u32,
    cost: f64,
}

/// A directed network without cycles of negative cost. Arc `2k + 1` is the way back along arc `2k`.
pub struct Network {
    arcs: Vec<Arc>,
    leaving: Vec<Vec<usize>>,
}

impl Network {
    pub fn new(nodes: usize) -> Self {
        Self { arcs: Vec::new(), leaving: vec![Vec::new(); nodes] }
    }

    /// Adds an arc and gives its index for [`Network::flow`].
    pub fn add(&mut self, from: usize, to: usize, room: u32, cost: f64) -> usize {
        let index = self.arcs.len();
        self.arcs.push(Arc { to, room, cost });
        self.arcs.push(Arc { to: from, room: 0, cost: -cost });
        self.leaving[from].push(index);
        self.leaving[to].push(index + 1);
        index
    }

    /// What flows along an arc.
    pub fn flow(&self, arc: usize) -> u32 {
        self.arcs[arc + 1].room
    }

    /// Sends one unit after the other along the cheapest path while there is one. Gives their total cost.
    pub fn fill(&mut self, source: usize, sink: usize) -> f64 {
        let unit = || {
            let (path, cost) = self.cheapest_path(source, sink)?;
            for arc in path {
                self.arcs[arc].room -= 1;
                self.arcs[arc ^ 1].room += 1;
            }
            Some(cost)
        };
        std::iter::from_fn(unit).sum()
    }

    /// Bellman and Ford: at most as many rounds as there are nodes.
    fn cheapest_path(&self, source: usize, sink: usize) -> Option<(Vec<usize>, f64)> {
        let nodes = self.leaving.len();
        let mut distance = vec![f64::INFINITY; nodes];
        let mut by: Vec<Option<usize>> = vec![None; nodes];
        distance[source] = 0.0;
        for _ in 1..nodes {
            let mut changed = false;
            for from in 0..nodes {
                if distance[from].is_infinite() {
                    continue;
                }
                for &index in &self.leaving[from] {
                    let arc = &self.arcs[index];
                    let cost = distance[from] + arc.cost;
                    if arc.room > 0 && cost + TOLERANCE * cost.abs().max(1.0) < distance[arc.to] {
                        distance[arc.to] = cost;
                        by[arc.to] = Some(index);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let mut path = Vec::new();
        let mut node = sink;
        for _ in 0..nodes {
            if node == source {
                return Some((path, distance[sink]));
            }
            let arc = by[node]?;
            path.push(arc);
            node = self.arcs[arc ^ 1].to;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_later_path_may_take_back_an_earlier_choice() {
        // 1 may go to 3 (cost -5) or 4 (cost -1), 2 only to 3 (cost -4).
        let mut network = Network::new(6);
        network.add(0, 1, 1, 0.0);
        network.add(0, 2, 1, 0.0);
        let first = network.add(1, 3, 1, -5.0);
        network.add(1, 4, 1, -1.0);
        network.add(2, 3, 1, -4.0);
        network.add(3, 5, 1, 0.0);
        network.add(4, 5, 1, 0.0);
        assert_eq!(network.fill(0, 5), -5.0);
        assert_eq!(network.flow(first), 0);
    }
}
