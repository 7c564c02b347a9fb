use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::pluralize::pluralize;
use crate::report::{self, Repair};
use crate::school::{Language, School};
use crate::timetable::Timetable;
use crate::verify::verify;
use crate::write::{Contents, Staged, check_file, check_target_of, write_file};

use super::input::InputArgs;
use super::load_schedule::{open, school};
use super::output::{as_text, in_brackets, tell_of};
use super::refusal::bad;

/// Makes one self-contained HTML page of a schedule, or one a student
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Folder of the schedule
    out: PathBuf,
    /// File of the page, or with --split the folder of the pages [default: OUT.html, OUT-students]
    #[arg(long, value_name = "TO")]
    to: Option<PathBuf>,
    /// Language of the page: en or nl [default: `language` of school.toml]
    #[arg(long, value_parser = language)]
    lang: Option<Language>,
    /// Make a page for each student, which holds nothing of any other student
    #[arg(long)]
    split: bool,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let school = school(&args.input, &args.out)?;
    let timetable = open(&school, &args.out)?;
    let language = args.lang.unwrap_or(school.language);
    let (to, pages) = if args.split {
        split(args, &timetable, language)?
    } else {
        (page(args, &school, &timetable, language)?, 1)
    };
    let scenario = in_brackets(timetable.scenario.as_deref());
    let text = if args.json {
        format!(
            "{:#}\n",
            json!({ "to": as_text(&to), "pages": pages, "language": language.code(), "scenario": timetable.scenario })
        )
    } else if args.split {
        format!("{} written to {}{scenario}\n", pluralize(pages, "page"), to.display())
    } else {
        format!("page written to {}{scenario}\n", to.display())
    };
    tell_of(&to, &text)?;
    Ok(ExitCode::SUCCESS)
}

fn page(args: &Args, school: &School, timetable: &Timetable, language: Language) -> anyhow::Result<PathBuf> {
    let to = args.to.clone().unwrap_or_else(|| beside(&args.out, ".html"));
    check_file(&to, &args.input.taken(&args.out)).map_err(bad)?;
    let verdict = verify(school, &args.out)?;
    let html = report::page(timetable, &verdict, Repair::read(&args.out)?.as_ref(), language)?;
    write_file(&to, html.as_bytes())?;
    Ok(to)
}

/// What a folder of pages may hold.
const PAGES: Contents = Contents {
    what: "set of student pages",
    name: "pages",
    option: "--to",
    belongs: |path| path.extension().is_some_and(|ending| ending == "html"),
};

fn split(args: &Args, timetable: &Timetable, language: Language) -> anyhow::Result<(PathBuf, usize)> {
    let to = args.to.clone().unwrap_or_else(|| beside(&args.out, "-students"));
    let taken = args.input.taken(&args.out);
    check_target_of(&to, &args.input.dir, &taken.schedules, PAGES).map_err(bad)?;
    let staged = Staged::beside_of(&to, PAGES)?;
    let pages = report::student_pages(timetable, language)?;
    for page in &pages {
        staged.write(&page.file, &page.html)?;
    }
    staged.publish()?;
    Ok((to, pages.len()))
}

/// `OUT` with something behind its name. A schedule's folder holds nothing but the schedule.
pub fn beside(out: &Path, ending: &str) -> PathBuf {
    // `.` and `..` have a name only in full.
    let full = || out.canonicalize().unwrap_or_else(|_| out.to_owned());
    let out = if out.file_name().is_some() { out.to_owned() } else { full() };
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    out.with_file_name(name)
}

pub fn language(code: &str) -> Result<Language, String> {
    let known = Language::ALL.into_iter().find(|language| language.code() == code);
    known.ok_or_else(|| "expected en or nl".to_owned())
}
