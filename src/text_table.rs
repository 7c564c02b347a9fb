//! Tables as text for a terminal, or for a pipe.

use comfy_table::presets::{NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{Cell, CellAlignment, Table};

/// With lines between the cells, or only with space.
pub fn text_table<const N: usize>(lines: bool, header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(if lines { UTF8_FULL_CONDENSED } else { NOTHING });
    table.set_header(header);
    table
}

/// A cell of a number.
pub fn right(number: impl ToString) -> Cell {
    Cell::new(number).set_alignment(CellAlignment::Right)
}
