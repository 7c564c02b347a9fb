use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::new_folder::claim;
use super::output::{as_text, finish};
use super::refusal::bad_input;
use crate::generate::{Options, generate};
use crate::write::write_file;

/// Writes a realistic school of any size
#[derive(clap::Args)]
pub struct Args {
    /// Folder to write; must not exist or be empty
    dir: PathBuf,
    /// Students, of all schools together
    #[arg(long, default_value_t = 900)]
    students: usize,
    /// Lesson and zone sessions that the staff have time for, as a part of those the needs ask for
    #[arg(long, default_value_t = 0.95)]
    tightness: f64,
    /// Equal options and seed give an equal school
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Offerings of lesson and zone blocks
    #[arg(long, default_value_t = Options::default().offerings)]
    offerings: usize,
    /// Schools, which share travelling staff
    #[arg(long, default_value_t = 1)]
    schools: usize,
    /// Sites of each school
    #[arg(long, default_value_t = 1)]
    sites: usize,
    /// A subject with fewer staff than the others, such as wi=0.7: the part of its sessions that there is time for
    #[arg(long, value_name = "SUBJECT=PART", value_parser = shortage)]
    shortage: Vec<(String, f64)>,
    /// Replace the files of a school that is already there; other files stay
    #[arg(long)]
    force: bool,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

fn shortage(text: &str) -> Result<(String, f64), String> {
    let parts =
        text.split_once('=').and_then(|(subject, part)| Some((subject.to_owned(), part.parse().ok()?)));
    parts.ok_or_else(|| "expected a subject and a part, such as wi=0.7".to_owned())
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let options = Options {
        students: args.students,
        tightness: args.tightness,
        seed: args.seed,
        offerings: args.offerings,
        schools: args.schools,
        sites: args.sites,
        shortage: args.shortage.clone(),
    };
    let school = generate(&options).map_err(bad_input)?;
    claim(&args.dir, args.force, "choose another folder or give --force")?;
    for (name, text) in &school.files {
        write_file(&args.dir.join(name), text.as_bytes())?;
    }
    let document = json!({
        "dir": as_text(&args.dir),
        "students": school.students,
        "staff": school.staff,
        "need_rows": school.need_rows,
        "tightness": school.tightness,
    });
    finish(args.json, &document, || {
        format!(
            "{}: {} students, {} staff, {} need rows, tightness {:.3}",
            args.dir.display(),
            school.students,
            school.staff,
            school.need_rows,
            school.tightness
        )
    })
}
