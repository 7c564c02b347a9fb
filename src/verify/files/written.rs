//! What `sessions.csv` says, for comparison with the files that repeat its cells.

use std::collections::{HashMap, HashSet};

use crate::verify::violation::Row;
use crate::verify::week::SESSIONS;

/// The sessions as written, for comparison with the files that repeat their cells.
#[derive(Default)]
pub struct Written {
    /// By index into [`Week::sessions`].
    pub cells: Vec<Cells>,
    /// Indices by session id: one for a session, one a meeting for a group.
    pub index: HashMap<String, Vec<usize>>,
    /// Ids of rows that could not be used; they are reported once, not at every row that names them.
    pub dropped: HashSet<String>,
}

pub struct Cells {
    pub line: u64,
    pub block: String,
    pub offering: String,
    pub place: String,
    pub lead: String,
    pub kind: String,
    pub students: String,
    pub capacity: String,
}

impl Written {
    /// The session of that id in that block; of an id that stands for one session also in another block.
    pub fn find(&self, session: &str, block: &str) -> Option<usize> {
        let candidates = self.index.get(session)?;
        let same = candidates.iter().find(|&&index| self.cells[index].block == block);
        match (same, &candidates[..]) {
            (Some(&index), _) | (None, &[index]) => Some(index),
            _ => None,
        }
    }

    pub fn dropped(&self, session: &str) -> bool {
        self.dropped.contains(session)
    }

    pub fn row(&self, session: usize) -> Row {
        Row { file: SESSIONS, line: self.cells[session].line }
    }
}
