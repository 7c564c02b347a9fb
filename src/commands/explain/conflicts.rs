//! `leerzone explain DIR`: do the rules contradict each other?

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;

use crate::commands::progress::{note, number};
use crate::model::sets::Sets;
use crate::school::{PinKind, School};
use crate::whatif::explain::conflict::{self, Conflict, Demand};
use crate::whatif::explain::remedies::budget_name;
use crate::whatif::part::Solver;

use super::{Args, TIME};

/// Whether the rules of the school contradict each other.
pub fn conflicts(args: &Args) -> anyhow::Result<ExitCode> {
    let input = args.input.read();
    let school = input.told(args.solving.quiet)?;
    let options = args.solving.options()?;
    let sets = Sets::new(school);
    let deadline = Instant::now() + options.time_limit.unwrap_or(4 * TIME);
    let solver = Solver { school, sets: &sets, engine: options.engine, deadline, stop: options.stop.clone() };
    let found = conflict::find(&solver)?;
    let names: Vec<String> = match &found {
        Conflict::Smallest(demands) => demands.iter().map(|&demand| demanded(school, demand)).collect(),
        _ => Vec::new(),
    };
    if args.solving.json {
        let verdict = match found {
            Conflict::None => "none",
            Conflict::Smallest(_) => "conflict",
            Conflict::Unknown => "unknown",
        };
        writeln!(std::io::stdout(), "{:#}", json!({ "verdict": verdict, "conflict": names }))?;
        return Ok(ExitCode::SUCCESS);
    }
    match found {
        Conflict::None => {
            writeln!(
                std::io::stdout(),
                "no contradiction: pins, pairs, packages and budgets can hold together"
            )?;
        }
        Conflict::Unknown => {
            note("not decided: the time ran out, or coaching or places alone leave no schedule")
        }
        Conflict::Smallest(_) => {
            let mut text = "these cannot hold together; without any one of them the others can:\n".to_owned();
            names.iter().for_each(|name| text += &format!("  {name}\n"));
            std::io::stdout().write_all(text.as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn demanded(school: &School, demand: Demand) -> String {
    match demand {
        Demand::Pin(at) => {
            let pin = &school.pins[at];
            let kind = match pin.kind {
                PinKind::Session => "session",
                PinKind::Attend => "attend",
                PinKind::Ban => "ban",
            };
            let cells = [
                pin.student.map(|student| school[student].id.as_str()),
                pin.offering.map(|offering| school[offering].id.as_str()),
                pin.block.map(|block| school[block].id.as_str()),
                pin.staff.map(|staff| school[staff].id.as_str()),
                pin.place.map(|place| school[place].id.as_str()),
            ];
            let cells: Vec<&str> = cells.into_iter().flatten().collect();
            format!("pins.csv:{}: {kind} {}", pin.line, cells.join(" "))
        }
        Demand::Pair(at) => {
            let pair = &school.pairs[at];
            let kind = if pair.kind == crate::school::PairKind::Apart { "apart" } else { "together" };
            format!(
                "pairs.csv:{}: {} and {} {kind}",
                pair.line, school[pair.student].id, school[pair.other].id
            )
        }
        Demand::Budget(at) => {
            let budget = &school.budgets[at];
            let whose = budget_name(school, budget);
            format!("school.toml: the budget of {whose}, {}", number(budget.cost))
        }
        Demand::Package(at) => {
            let package = &school.packages[at];
            format!("packages.csv: {} for {} people", package.id, package.people)
        }
        Demand::Reserve => {
            let groups = school
                .reserve_groups
                .iter()
                .map(|group| format!("; {} people{} in reserve", group.people, school.reserve_told(group)));
            let groups: String = groups.collect();
            format!("school.toml: staff_per_block = {}{groups}", school.staff_per_block)
        }
        Demand::OwnStaff => "school.toml: own_staff = \"require\"".to_owned(),
        Demand::OwnPlaces => "school.toml: own_places = \"require\"".to_owned(),
    }
}
