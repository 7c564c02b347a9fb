//! How a command ends that cannot do what it was asked: told on stderr, and with `--json` by a document on stdout.

use std::fmt::{self, Display};
use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::read::{self, Problem};

use super::progress::note;
use super::{BAD_INPUT, FAILED};

/// What is wrong with what the user gave.
#[derive(Debug)]
struct Refusal {
    message: String,
    problems: Vec<Problem>,
    /// It stands on stderr already.
    told: bool,
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// Bad usage or bad input, in one sentence.
pub fn bad_input(message: impl Display) -> anyhow::Error {
    Refusal { message: message.to_string(), problems: Vec::new(), told: false }.into()
}

/// An error for which whoever gave the arguments or files is to blame.
pub fn bad(error: anyhow::Error) -> anyhow::Error {
    bad_input(format!("{error:#}"))
}

/// Input files that cannot be used.
pub fn bad_files(problems: Vec<Problem>) -> anyhow::Error {
    Refusal { message: unusable(&problems), problems, told: false }.into()
}

/// The same of several schools, which were told one by one.
pub fn bad_files_told(problems: Vec<Problem>) -> anyhow::Error {
    Refusal { message: unusable(&problems), problems, told: true }.into()
}

fn unusable(problems: &[Problem]) -> String {
    format!("the input cannot be used: {}", read::tally(problems))
}

/// Adds to a document that it tells of a failure.
pub fn add_to(document: &mut Value, message: &str, code: u8, problems: &[Problem]) {
    document["error"] = json!(message);
    document["exit_code"] = json!(code);
    document["problems"] = json!(problems);
}

/// Adds to a document that the input files cannot be used.
pub fn add_unusable(document: &mut Value, problems: &[Problem]) {
    add_to(document, &unusable(problems), BAD_INPUT, problems);
}

/// Tells why a command did not do what it was asked, and gives its exit code.
pub fn tell(error: &anyhow::Error, form: Form) -> ExitCode {
    let refusal = error.downcast_ref::<Refusal>();
    let (problems, told) = refusal.map_or((&[][..], false), |refusal| (&refusal.problems, refusal.told));
    let message = format!("{error:#}");
    match (told, problems) {
        (true, _) => {}
        (false, []) => note(&format!("error: {message}")),
        (false, problems) => read::print_problems(problems),
    }
    let code = if refusal.is_some() { BAD_INPUT } else { FAILED };
    write(&message, code, problems, form);
    ExitCode::from(code)
}

/// Tells what is wrong with a command line, or prints the help that it asks for.
pub fn tell_usage(error: &clap::Error, form: Form) -> ExitCode {
    // Nobody is left to tell where this cannot be printed.
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let message = text.split("\n\nUsage").next().unwrap_or(&text).trim_start_matches("error: ").trim_end();
    write(message, BAD_INPUT, &[], form);
    ExitCode::from(BAD_INPUT)
}

/// What goes to stdout of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Nothing,
    /// One document, which is all that there is.
    Document,
    /// A document in a line of its own, the last of several.
    Line,
}

fn write(message: &str, code: u8, problems: &[Problem], form: Form) {
    let mut document = json!({});
    add_to(&mut document, message, code, problems);
    let text = match form {
        Form::Nothing => return,
        Form::Document => format!("{document:#}\n"),
        Form::Line => format!("{document}\n"),
    };
    // Why it failed stands on stderr as well.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
