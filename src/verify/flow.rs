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

/// A directed network without cycles of negative cost. Arc `2k + 1` is the way back along arc `2k`. Paths are found
/// soonest where arcs lead to nodes of a higher number.
pub struct Network {
    arcs: Vec<Arc>,
    nodes: usize,
}

impl Network {
    pub fn new(nodes: usize) -> Self {
        Self { arcs: Vec::new(), nodes }
    }

    /// Adds an arc and gives its index for [`Network::flow`].
    pub fn add(&mut self, from: usize, to: usize, room: u32, cost: f64) -> usize {
        let index = self.arcs.len();
        self.arcs.push(Arc { to, room, cost });
        self.arcs.push(Arc { to: from, room: 0, cost: -cost });
        index
    }

    /// What flows along an arc.
    pub fn flow(&self, arc: usize) -> u32 {
        self.arcs[arc + 1].room
    }

    /// Sends one unit after the other along the cheapest path while there is one. Gives their total cost.
    pub fn fill(&mut self, source: usize, sink: usize) -> f64 {
        let mut paths = Paths::new(self);
        let mut total = 0.0;
        while let Some(cost) = paths.cheapest(&self.arcs, source, sink) {
            for &arc in &paths.path {
                self.arcs[arc].room -= 1;
                self.arcs[arc ^ 1].room += 1;
            }
            total += cost;
        }
        total
    }
}

/// The search for paths in one network.
struct Paths {
    /// Arcs by the node that they leave, in the order they were added; the first of each node.
    leaving: Vec<usize>,
    first: Vec<usize>,
    /// Cost of the cheapest way to a node, and the arc by which it comes.
    distance: Vec<f64>,
    by: Vec<Option<usize>>,
    /// Whether a cheaper way to the node was found since the arcs that leave it were looked at.
    cheaper: Vec<bool>,
    /// The last path found, from its end.
    path: Vec<usize>,
}

impl Paths {
    fn new(network: &Network) -> Self {
        let from = |arc: usize| network.arcs[arc ^ 1].to;
        let mut leaving: Vec<usize> = (0..network.arcs.len()).collect();
        leaving.sort_by_key(|&arc| from(arc));
        let first = (0..=network.nodes).map(|node| leaving.partition_point(|&arc| from(arc) < node));
        Self {
            first: first.collect(),
            leaving,
            distance: vec![f64::INFINITY; network.nodes],
            by: vec![None; network.nodes],
            cheaper: vec![false; network.nodes],
            path: Vec::new(),
        }
    }

    /// Bellman and Ford: at most as many rounds as there are nodes.
    fn cheapest(&mut self, arcs: &[Arc], source: usize, sink: usize) -> Option<f64> {
        let Self { leaving, first, distance, by, cheaper, path } = self;
        let nodes = distance.len();
        distance.fill(f64::INFINITY);
        by.fill(None);
        cheaper.fill(false);
        (distance[source], cheaper[source]) = (0.0, true);
        for _ in 1..nodes {
            let mut changed = false;
            for from in 0..nodes {
                if !std::mem::take(&mut cheaper[from]) {
                    continue;
                }
                for &index in &leaving[first[from]..first[from + 1]] {
                    let arc = &arcs[index];
                    if arc.room == 0 {
                        continue;
                    }
                    let cost = distance[from] + arc.cost;
                    if cost + TOLERANCE * cost.abs().max(1.0) < distance[arc.to] {
                        (distance[arc.to], by[arc.to], cheaper[arc.to]) = (cost, Some(index), true);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        path.clear();
        let mut node = sink;
        for _ in 0..nodes {
            if node == source {
                return Some(distance[sink]);
            }
            let arc = by[node]?;
            path.push(arc);
            node = arcs[arc ^ 1].to;
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
