use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;
use serde_json::{Value, json};

use crate::read::columns::{Column, FILES, SECTIONS};
use crate::read::schema;
use crate::whatif::{compare, layouts, roll};
use crate::write::{files, summary};

use super::refusal::bad_input;

/// Explains a command, with `formats` each file's columns, or prints a JSON Schema
#[derive(clap::Args)]
pub struct Args {
    /// A command, `formats` and perhaps the name of a file, or `schema` with school, layout, scenario, weeks or summary
    topic: Vec<String>,
    /// Write one JSON document to stdout instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let text = match args.topic.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["formats"] => Ok(formats(None, args.json)),
        ["formats", file] if known_files().contains(file) => Ok(formats(Some(file), args.json)),
        ["formats", file] => {
            Err(format!("there is no file `{file}`; the files are {}", known_files().join(", ")))
        }
        ["schema", name] => schemas()
            .into_iter()
            .find(|(known, _)| known == name)
            .map(|(_, schema)| format!("{schema:#}\n"))
            .ok_or_else(|| format!("there is no schema `{name}`; the schemas are {}", schema_names())),
        ["schema"] => Err(format!("which one? The schemas are {}", schema_names())),
        topic => of_command(topic, args.json),
    };
    std::io::stdout().write_all(text.map_err(bad_input)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn schemas() -> Vec<(&'static str, Value)> {
    schema::all().into_iter().chain([("weeks", roll::schema()), ("summary", summary::schema())]).collect()
}

fn schema_names() -> String {
    schemas().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn of_command(topic: &[&str], as_json: bool) -> Result<String, String> {
    let mut command = super::Line::command();
    command.build();
    for name in topic {
        let commands: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        command = command.find_subcommand(name).cloned().ok_or_else(|| {
            format!("there is no command `{name}`; the commands are {}", commands.join(", "))
        })?;
    }
    if as_json {
        return Ok(format!("{:#}\n", described(&command)));
    }
    let more = if topic.is_empty() {
        "\nleerzone help formats: each file's columns\nleerzone help schema school: the JSON Schema of a TOML file or of summary.json\n"
    } else {
        ""
    };
    Ok(format!("{}{more}", command.render_long_help()))
}

/// What there is to say on the command line.
fn described(command: &clap::Command) -> Value {
    let about = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string);
    let argument = |argument: &clap::Arg| {
        let values = argument.get_value_names().filter(|_| argument.get_action().takes_values());
        json!({
            "name": argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}")),
            "short": argument.get_short().map(|short| format!("-{short}")),
            "value": values.map(|names| names.join(" ")),
            "required": argument.is_required_set(),
            "default": argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect::<Vec<_>>(),
            "about": about(argument.get_help()),
        })
    };
    let (arguments, commands) = (command.get_arguments(), command.get_subcommands());
    json!({
        "command": command.get_bin_name().unwrap_or(command.get_name()),
        "about": about(command.get_about()),
        "arguments": arguments.filter(|one| !one.is_hide_set()).map(argument).collect::<Vec<_>>(),
        "commands": commands.filter(|one| !one.is_hide_set()).map(described).collect::<Vec<_>>(),
    })
}

/// A table of an input or output file.
struct Format {
    file: &'static str,
    section: &'static str,
    about: String,
    columns: Vec<[&'static str; 4]>,
}

/// Input files with what each column holds, then output files with their columns.
fn all() -> Vec<Format> {
    let sections = SECTIONS.iter().map(|section| Format {
        file: section.file,
        section: section.name,
        about: String::new(),
        columns: section.keys.iter().map(row).collect(),
    });
    let inputs = FILES.iter().map(|file| Format {
        file: file.name,
        section: "",
        about: format!("{}{}", file.holds, if file.required { "" } else { " (may be left out)" }),
        columns: file.columns.iter().map(row).collect(),
    });
    sections.chain(inputs).chain(outputs()).collect()
}

fn outputs() -> Vec<Format> {
    fn output<const N: usize>(table: &files::Table<N>) -> Format {
        by(table, "solve")
    }
    fn by<const N: usize>(table: &files::Table<N>, command: &str) -> Format {
        named(table.file, &table.columns, command)
    }
    fn named(file: &'static str, columns: &[&'static str], command: &str) -> Format {
        let columns = columns.iter().map(|column| [*column, "", "", ""]).collect();
        Format { file, section: "", about: format!("written by {command}"), columns }
    }
    vec![
        output(&files::SESSIONS),
        output(&files::STUDENT_TIMETABLE),
        output(&files::STAFF_TIMETABLE),
        output(&files::PLACE_TIMETABLE),
        output(&files::COACHING_GROUPS),
        output(&files::PACKAGE_HOLDERS),
        output(&files::UNMET_NEEDS),
        output(&files::WISHES),
        output(&files::NAMES),
        by(&files::CHANGES, "replan and watch"),
        by(&files::ALL_CHANGES, "replan and watch"),
        named(compare::files::CSV, &compare::files::HEADER, "compare and layouts"),
        named(compare::files::GAINS, &compare::files::GAINS_HEADER, "compare and layouts"),
        named(layouts::TABLE, &layouts::COLUMNS, "layouts"),
    ]
}

fn row(column: &Column) -> [&'static str; 4] {
    let default = if column.required { "required" } else { column.default };
    [column.name, column.holds.label(), default, column.about]
}

fn known_files() -> Vec<&'static str> {
    let mut files: Vec<&str> = all().iter().map(|format| format.file).collect();
    files.dedup();
    files
}

fn formats(only: Option<&str>, as_json: bool) -> String {
    let formats = all().into_iter().filter(|format| only.is_none_or(|only| only == format.file));
    if as_json {
        return format!("{:#}\n", formats.map(document).collect::<Value>());
    }
    formats.map(|format| text(&format)).collect::<Vec<_>>().join("\n")
}

fn document(format: Format) -> Value {
    let column = |[name, holds, default, about]: [&str; 4]| json!({ "name": name, "holds": holds, "if_empty": default, "about": about });
    json!({
        "file": format.file,
        "table": format.section,
        "about": format.about,
        "columns": format.columns.into_iter().map(column).collect::<Vec<_>>(),
    })
}

fn text(format: &Format) -> String {
    let mut text = format.file.to_owned();
    if !format.section.is_empty() {
        let _ = write!(text, " [{}]", format.section);
    }
    if !format.about.is_empty() {
        let _ = write!(text, ": {}", format.about);
    }
    text.push('\n');
    let width = |at: usize| format.columns.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let (name, holds, default) = (width(0), width(1), width(2));
    for [a, b, c, d] in &format.columns {
        let line = format!("  {a:name$}  {b:holds$}  {c:default$}  {d}");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
