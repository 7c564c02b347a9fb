use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::model;
use crate::model::objective;
use crate::model::scope::people;
use crate::model::sets::Sets;
use crate::read::Input;
use crate::region::{bid, written};
use crate::school::School;
use crate::whatif::case::Case;
use crate::whatif::history;
use crate::whatif::scenario::Scenario;
use crate::write::{Staged, check_target_of};

use super::input::InputArgs;
use super::progress::{number, observer};
use super::refusal::{bad, bad_input};
use super::region::tell;
use super::running;
use super::solving::SolvingArgs;

/// Writes what further people would be worth to a school: no id, name or class of anybody
#[derive(clap::Args)]
pub struct BidArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Folder to write the bids into
    #[arg(long, value_name = "BID")]
    out: PathBuf,
    /// Id of the school in region.toml [default: the name of DIR]
    #[arg(long, value_name = "ID")]
    school: Option<String>,
    /// The running schedule [default: the school is solved]
    #[arg(long, value_name = "OUT")]
    schedule: Option<PathBuf>,
    /// The round of bids
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    round: u32,
    /// Bids that are confirmed by solving, the dearest first
    #[arg(long, value_name = "N", default_value_t = 40, allow_negative_numbers = true)]
    top: usize,
    #[command(flatten)]
    pub solving: SolvingArgs,
}

pub fn run(args: &BidArgs) -> anyhow::Result<ExitCode> {
    let quiet = args.solving.quiet;
    let id = match &args.school {
        Some(id) => id.clone(),
        None => {
            let whole = args.input.dir.canonicalize().unwrap_or_else(|_| args.input.dir.clone());
            let name = whole.file_stem().map(|name| name.to_string_lossy().into_owned());
            name.ok_or_else(|| bad_input("the folder has no name: say which school it is with --school"))?
        }
    };
    let input = args.input.read();
    let case = match &args.schedule {
        Some(out) => running::open(&args.input, out, quiet)?,
        None => {
            let school = input.told(quiet)?.clone();
            let options = args.solving.without_stop();
            let (schedule, _) = model::solve(&school, &options, &mut *observer(quiet, options.time_limit))?;
            Case { sets: Sets::new(&school), school, schedule }
        }
    };
    check_target_of(&args.out, &args.input.dir, args.schedule.as_slice(), written::BIDS).map_err(bad)?;
    let staged = Staged::beside_of(&args.out, written::BIDS)?;
    let options = args.solving.options()?;
    let changed = |text: &str| -> anyhow::Result<School> {
        let (history, _) = history::scenario(&args.input.history);
        let changes = &args.input.changes;
        let text = format!("{text}\n{history}");
        let scenario = Scenario::load_and(&args.input.dir, &changes.scenario, &changes.set, Some(&text));
        let layout = args.input.layout.as_deref();
        bid::usable(Input { dir: &args.input.dir, layout, changes: &scenario.changes }.read())
    };
    let bids = bid::bids(&case, &changed, &options, args.top)?;
    let used = used(args, &case);
    written::write_bids(&case.school, &id, (&bids, &used), args.round, &staged)?;
    staged.publish()?;
    let total = objective::total(&case.school, &case.schedule);
    let solved = bids.iter().filter(|bid| bid.solved).count();
    let document = json!({
        "school": id, "round": args.round, "total": total, "bids": bids.len(), "solved": solved,
        "given": used.len(), "used": used.iter().filter(|(.., used)| *used).count(),
        "to": args.out.display().to_string(),
    });
    let text = format!(
        "{} bids, {solved} of them confirmed by solving; the school's own total stays here: {}\nwritten to {}\n",
        bids.len(),
        number(total),
        args.out.display()
    );
    tell(&args.out, args.solving.json, &document, text)
}

/// Blocks of people that only the scenario brings, and whether they are deployed then.
fn used(args: &BidArgs, case: &Case) -> Vec<written::Used> {
    if args.input.changes.scenario.is_empty() {
        return Vec::new();
    }
    let own = Scenario::load(&args.input.dir, &[], &[]).changes;
    let layout = args.input.layout.as_deref();
    let Some(before) = (Input { dir: &args.input.dir, layout, changes: &own }.read()).school else {
        return Vec::new();
    };
    let known: BTreeSet<&str> = before.staff.iter().map(|staff| staff.id.as_str()).collect();
    let Case { school, schedule, .. } = case;
    let mut used = Vec::new();
    for staff in school.staff_ids().filter(|&staff| !known.contains(school[staff].id.as_str())) {
        for block in school.block_ids().filter(|&block| school.staff_free[(staff, block)]) {
            let leads = schedule.sessions.iter().filter(|session| session.block == block);
            let meets = schedule.meetings.iter().filter(|meeting| meeting.block == block);
            let at_work = leads.flat_map(people).any(|who| who == staff)
                || meets.into_iter().any(|meeting| schedule.lead_of(meeting) == staff);
            used.push((school[staff].id.clone(), school[block].id.clone(), at_work));
        }
    }
    used
}
