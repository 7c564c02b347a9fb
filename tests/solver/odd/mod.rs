//! Small schools of odd shapes, drawn from a seed: nobody, nothing, everything busy, every optional file.

mod draft;
mod optional;
mod settings;
mod tables;

use std::fs;
use std::path::Path;

pub use draft::Dice;
use draft::Draft;

/// What the same school is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Plain,
    /// So few of everything that every schedule can be tried.
    Tiny,
    /// Other ids, so that they sort the other way round.
    Renamed,
    /// Rows of every table in another order.
    Reordered,
    /// A second copy of the first place and of the first staff member, staff and places busy less.
    Richer,
    /// One rule, which the seed says, is off: nobody and nothing that it holds back is held back.
    Freer,
}

/// Rules that a school can do without, by what sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Busy,
    LeastStudents,
    StaffLimits,
    Travel,
    Order,
    Bans,
    Pairs,
    Budget,
    OwnStaff,
    Reserve,
    Packages,
}

/// The rule that [`Shape::Freer`] leaves out.
pub fn freed(seed: u64) -> Rule {
    use Rule::*;
    let all =
        [Busy, LeastStudents, StaffLimits, Travel, Order, Bans, Pairs, Budget, OwnStaff, Reserve, Packages];
    all[(seed % all.len() as u64) as usize]
}

/// Writes the school of the seed into the folder.
pub fn write(seed: u64, shape: Shape, dir: &Path) {
    let off = (shape == Shape::Freer).then(|| freed(seed));
    let mut d =
        Draft { dice: Dice::new(seed), later: Dice::new(seed ^ 0x001a_7e55), shape, off, tables: Vec::new() };
    let d = &mut d;
    let s = &settings::sizes(d);
    fs::write(dir.join("school.toml"), settings::settings(d, s)).expect("school.toml");
    let (layout, taken) = settings::layout(d, s);
    fs::write(dir.join("layout.toml"), layout).expect("layout.toml");
    tables::subjects(d, s);
    let tags = tables::offerings(d, s);
    tables::places(d, s, tags);
    tables::staff(d, s);
    tables::students(d, s);
    tables::needs(d, s);
    optional::tables(d, s, &taken);
    // A wish for a package is worth nothing in the same school without packages, which would then be no better.
    let packages = freed(seed) != Rule::Packages;
    optional::wishes(d, s, taken.len(), packages, Dice::new(seed ^ 0x3157));
    let mut order = Dice::new(seed ^ 0x5eed);
    for table in &mut d.tables {
        if shape == Shape::Reordered {
            for at in (1..table.rows.len()).rev() {
                table.rows.swap(at, order.below(at + 1));
            }
        }
        let text = format!("{}\n{}\n", table.header, table.rows.join("\n"));
        fs::write(dir.join(table.file), text).expect("a table");
    }
}
