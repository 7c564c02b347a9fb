//! Who owes whom: every block of somebody of the pool that ran is paid by the school's board and by the fund to whoever
//! employs them. Counted in cents, so that what one party pays is what others get, and all balances add up to 0.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::read::tabular::{Problem, Problems};
use crate::school::CsvStyle;
use crate::write::files::Table;

use super::columns;
use super::read::{Region, finish, opened};

pub const SETTLEMENT: Table<4> = Table { file: "settlement.csv", columns: ["from", "to", "blocks", "cost"] };

#[derive(Debug, Default)]
pub struct Settled {
    pub debts: Vec<Debt>,
    /// Cents that a party gets, less those that it pays; adds up to 0.
    pub balance: BTreeMap<String, i64>,
    /// Cents that the fund pays.
    pub fund: i64,
}

/// How a file that is not there is mended.
const MEND: &str = "correct the path, or ask for the file";

/// What one party owes another.
#[derive(Debug, PartialEq)]
pub struct Debt {
    pub from: String,
    pub to: String,
    pub blocks: u32,
    pub cents: i64,
}

/// One block of somebody at a school; `None`: in reserve for several.
struct Worked {
    person: usize,
    school: Option<usize>,
}

/// Settles what ran, and for schools without weeks that ran, what was planned.
///
/// # Errors
/// Files that cannot be used.
pub fn settle(dir: &Path, planned: Option<&Path>) -> Result<Settled, Vec<Problem>> {
    let region = Region::read(dir)?;
    let mut problems = Problems::default();
    let mut worked = Vec::new();
    for (at, school) in region.schools.iter().enumerate() {
        for file in &school.ran {
            worked.extend(ran(&region, at, file, &mut problems));
        }
    }
    if let Some(planned) = planned {
        worked.extend(as_planned(&region, planned, &mut problems));
    } else if region.schools.iter().all(|school| school.ran.is_empty()) {
        problems.push(
            Problem::error("nothing-ran", "no school says what ran")
                .file(dir.join(columns::REGION_TOML).display().to_string())
                .found("no `ran` in any `[[school]]`")
                .expected("the staff_timetable.csv of each week that ran")
                .help("add `ran = [\"week37/staff_timetable.csv\"]` to the schools, or give what was planned: `--planned pool_timetable.csv`"),
        );
    }
    finish(count(&region, &worked), problems)
}

/// Blocks that people of the pool worked at the school in one week. Others are its own staff.
fn ran(region: &Region, school: usize, path: &Path, problems: &mut Problems) -> Vec<Worked> {
    let mut seen = BTreeSet::new();
    let mut worked = Vec::new();
    let Some(file) = opened(path, &columns::RAN, MEND, problems) else { return worked };
    file.each_row(problems, |row, problems| {
        let (staff, block) = (row.required("staff", problems), row.required("block", problems));
        let (Some(staff), Some(block)) = (staff, block) else { return };
        let Some(person) = region.person(staff) else { return };
        // Who stands by and was not needed is paid by the fund, as planned.
        if row.text("role") != Some("reserve") && seen.insert((person, block.to_owned())) {
            worked.push(Worked { person, school: Some(school) });
        }
    });
    worked
}

fn as_planned(region: &Region, path: &Path, problems: &mut Problems) -> Vec<Worked> {
    let mut worked = Vec::new();
    let Some(file) = opened(path, &columns::POOL_TIMETABLE, MEND, problems) else { return worked };
    file.each_row(problems, |row, problems| {
        let person = region.person_of(row, problems);
        let school = match row.text("school") {
            None => None,
            Some(_) => match region.school_of(row, problems) {
                None => return,
                found => found,
            },
        };
        let Some(person) = person else { return };
        // What ran counts for a school that says so.
        if school.is_none_or(|school| region.schools[school].ran.is_empty()) {
            worked.push(Worked { person, school });
        }
    });
    worked
}

fn count(region: &Region, worked: &[Worked]) -> Settled {
    let mut debts: BTreeMap<(&str, &str), (u32, i64)> = BTreeMap::new();
    let mut settled = Settled::default();
    for Worked { person, school } in worked {
        let person = &region.pool[*person];
        let cents = cents(person.cost);
        // A reserve is everybody's.
        let share = if school.is_some() { region.fund.share } else { 1.0 };
        let of_fund = (cents as f64 * share).round() as i64;
        settled.fund += of_fund;
        let board = school.map(|school| region.schools[school].board.as_str());
        let parts = [(Some(region.fund.name.as_str()), of_fund), (board, cents - of_fund)];
        for (from, cents) in parts {
            // Nobody owes themselves, and a fund without a share nobody.
            let Some(from) = from.filter(|&from| from != person.employer && cents != 0) else { continue };
            let debt = debts.entry((from, &person.employer)).or_default();
            debt.0 += 1;
            debt.1 += cents;
        }
    }
    for ((from, to), (blocks, cents)) in debts {
        *settled.balance.entry(from.to_owned()).or_default() -= cents;
        *settled.balance.entry(to.to_owned()).or_default() += cents;
        settled.debts.push(Debt { from: from.to_owned(), to: to.to_owned(), blocks, cents });
    }
    settled
}

fn cents(amount: f64) -> i64 {
    (amount * 100.0).round() as i64
}

/// An amount as files have it.
pub fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

impl Settled {
    /// `settlement.csv`.
    ///
    /// # Errors
    /// As [`Table::bytes`].
    pub fn table(&self) -> anyhow::Result<Vec<u8>> {
        let rows = self
            .debts
            .iter()
            .map(|debt| [debt.from.clone(), debt.to.clone(), debt.blocks.to_string(), money(debt.cents)]);
        SETTLEMENT.bytes(CsvStyle::PLAIN, rows)
    }
}
