//! Measures `leerzone solve` against the plain monolithic model in one run, and prints a table.
//!
//! `cargo bench --features highs --bench table` takes minutes; `-- --whole` runs the whole table, which takes
//! an hour; `-- --only TEXT` runs those whose name has the text; `-- --school DIR` adds a school of your own;
//! `-- --shapes` instead runs schools built around a timetable, whose total is known. Rows also go to `target/bench/table.csv`. Peak memory is read from /proc and so only known on Linux. The school with needs only
//! is given to HiGHS as the plain model of textbooks instead. `LEERZONE_PROGRAM=PATH` measures another build.

#[cfg(feature = "highs")]
mod plain;
mod planted;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use serde_json::Value;

/// The program that is measured, unless the environment names another.
const LEERZONE: &str = env!("CARGO_BIN_EXE_leerzone");
const PROGRAM: &str = "LEERZONE_PROGRAM";
/// For a school built around a timetable.
const SHAPE_SECONDS: &str = "10";
/// Gaps whose times are reported.
const GOOD_GAP: f64 = 0.01;
const CLOSE_GAP: f64 = 0.001;

/// A school and how long each method has.
struct Case {
    name: String,
    school: School,
    seconds: u32,
    /// 0: not run.
    monolith: u32,
}

enum School {
    Folder(PathBuf),
    Generated(&'static [&'static str]),
    /// Without coaching, units, presence and all else but needs, staff, places and likes.
    NeedsOnly(&'static [&'static str]),
}

/// What one run of the program did.
#[derive(Clone, Default)]
struct Run {
    total: f64,
    bound: f64,
    wall: f64,
    peak_mb: f64,
    trace: Vec<Moment>,
}

#[derive(Clone)]
struct Moment {
    seconds: f64,
    phase: String,
    total: Option<f64>,
    bound: Option<f64>,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let whole = arguments.iter().any(|argument| argument == "--whole");
    let mut cases = cases(whole);
    for pair in arguments.windows(2).filter(|pair| pair[0] == "--school") {
        let school = School::Folder(PathBuf::from(&pair[1]));
        cases.push(Case {
            name: pair[1].clone(),
            school,
            seconds: 60,
            monolith: if whole { 200 } else { 60 },
        });
    }
    if let Some(only) = arguments.windows(2).find(|pair| pair[0] == "--only") {
        cases.retain(|case| case.name.contains(&only[1]));
    }
    let work = tempfile::tempdir()?;
    if arguments.iter().any(|argument| argument == "--shapes") {
        let only = arguments.windows(2).find(|pair| pair[0] == "--only").map(|pair| pair[1].as_str());
        return shapes(work.path(), only.unwrap_or(""));
    }
    let mut rows = Vec::new();
    for case in &cases {
        eprintln!("{} ...", case.name);
        rows.push(measure(case, work.path()).with_context(|| case.name.clone())?);
    }
    let header = [
        "school",
        "students",
        "limit s",
        "total",
        "gap %",
        "s to 1 %",
        "s to 0.1 %",
        "monolith s",
        "monolith total",
        "total / monolith",
        "s to its total",
        "times sooner",
        "peak MB",
        "price s",
        "search s",
        "wall s",
        "plain total",
        "plain s to 0.1 %",
        "times sooner to 0.1 %",
    ];
    print(&header, &rows, Path::new("target/bench/table.csv"))
}

/// As a table, and to a file.
fn print(header: &[&str], rows: &[Vec<String>], file: &Path) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(header);
    fs::create_dir_all("target/bench")?;
    let mut csv = csv::Writer::from_path(file)?;
    csv.write_record(header)?;
    for row in rows {
        table.add_row(row);
        csv.write_record(row)?;
    }
    csv.flush()?;
    println!("{table}");
    println!(
        "engine: {}; rows in {}",
        if cfg!(feature = "highs") { "highs" } else { "microlp" },
        file.display()
    );
    Ok(())
}

/// Schools built around a timetable: how far the total is from that of the timetable, and how wide the gap.
fn shapes(work: &Path, only: &str) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for shape in planted::Shape::ALL.iter().filter(|shape| shape.name.contains(only)) {
        eprintln!("{} ...", shape.name);
        let dir = work.join(shape.name.replace(|c: char| !c.is_alphanumeric(), "-"));
        let planted = planted::write(*shape, 1, &dir)?;
        let run = solve(&dir, work, &["--time-limit", SHAPE_SECONDS]).with_context(|| shape.name)?;
        let percent = |more: f64, of: f64| format!("{:.2}", 100.0 * more / of.abs().max(1.0));
        let seconds = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}"));
        rows.push(vec![
            shape.name.to_owned(),
            shape.students.to_string(),
            format!("{planted:.0}"),
            format!("{:.0}", run.total),
            percent(run.total - planted, planted),
            percent(run.bound - run.total, run.total),
            seconds(run.reaches(planted)),
            seconds(run.within(GOOD_GAP)),
            format!("{:.1}", run.wall),
        ]);
    }
    let header = [
        "shape",
        "students",
        "planted",
        "total",
        "above planted %",
        "gap %",
        "s to planted",
        "s to 1 %",
        "wall s",
    ];
    print(&header, &rows, Path::new("target/bench/shapes.csv"))
}

fn cases(whole: bool) -> Vec<Case> {
    let generated = |name: &str, arguments: &'static [&'static str], seconds, monolith| Case {
        name: name.to_owned(),
        school: School::Generated(arguments),
        seconds,
        monolith,
    };
    let full = |small: u32, large: u32| if whole { large } else { small };
    let needs_only: &[&str] = &["--students", "1200", "--offerings", "42", "--tightness", "1.05"];
    let mut cases = vec![
        generated(
            "300, 42 offerings, staff 85 %",
            &["--students", "300", "--offerings", "42", "--tightness", "0.85"],
            full(10, 60),
            full(60, 120),
        ),
        generated(
            "300, short of two subjects",
            &["--students", "300", "--tightness", "1.05", "--shortage", "wi=0.7", "--shortage", "en=0.8"],
            full(10, 60),
            full(0, 120),
        ),
        Case {
            name: "data/ (900)".to_owned(),
            school: School::Folder(PathBuf::from("data")),
            seconds: 15,
            monolith: full(60, 120),
        },
        generated(
            "1200, 42 offerings, staff 105 %",
            &["--students", "1200", "--offerings", "42", "--tightness", "1.05"],
            full(20, 60),
            full(60, 180),
        ),
        Case {
            name: "1200, needs only".to_owned(),
            school: School::NeedsOnly(needs_only),
            seconds: 20,
            monolith: full(60, 180),
        },
        generated("5000, five sites", &["--students", "5000", "--sites", "5"], full(30, 60), full(0, 300)),
    ];
    if whole {
        let arguments: &[&str] = &["--students", "50000", "--schools", "40", "--sites", "1"];
        cases.push(generated("50000, forty schools", arguments, 600, 0));
    }
    cases
}

fn measure(case: &Case, work: &Path) -> anyhow::Result<Vec<String>> {
    let dir = match &case.school {
        School::Folder(dir) => dir.clone(),
        School::Generated(arguments) | School::NeedsOnly(arguments) => {
            let dir = work.join(case.name.replace(|c: char| !c.is_alphanumeric(), "-"));
            let done = Command::new(program()).arg("generate").arg(&dir).args(*arguments).output()?;
            if !done.status.success() {
                bail!("generate: {}", String::from_utf8_lossy(&done.stderr));
            }
            if matches!(case.school, School::NeedsOnly(_)) {
                keep_needs_only(&dir)?;
            }
            dir
        }
    };
    let ours = solve(&dir, work, &["--time-limit", &case.seconds.to_string()])?;
    let monolith = match (&case.school, case.monolith) {
        (_, 0) | (School::NeedsOnly(_), _) => None,
        (_, limit) => solve(&dir, work, &["--time-limit", &limit.to_string(), "--method", "monolith"])
            .map_err(|error| eprintln!("  the monolith has no schedule: {error:#}"))
            .ok(),
    };
    let plain = match case.school {
        School::NeedsOnly(_) => plain(&dir, case.monolith),
        _ => None,
    };
    let students = csv::Reader::from_path(dir.join("students.csv"))?.records().count();
    let gap = |run: &Run| 100.0 * (run.bound - run.total) / run.total.abs().max(1.0);
    let same = monolith.as_ref().and_then(|monolith| ours.reaches(monolith.total));
    let text =
        |value: Option<f64>, digits: usize| value.map_or("-".to_owned(), |value| format!("{value:.digits$}"));
    Ok(vec![
        case.name.clone(),
        students.to_string(),
        case.seconds.to_string(),
        format!("{:.0}", ours.total),
        format!("{:.2}", gap(&ours)),
        text(ours.within(GOOD_GAP), 1),
        text(ours.within(CLOSE_GAP), 1),
        text(monolith.as_ref().map(|run| run.wall), 1),
        text(monolith.as_ref().map(|run| run.total), 0),
        text(monolith.as_ref().map(|run| ours.total / run.total), 3),
        text(same, 1),
        text(same.zip(monolith.as_ref()).map(|(same, run)| run.wall / same.max(1e-3)), 1),
        format!("{:.0}", ours.peak_mb),
        text(ours.length_of("price"), 1),
        text(ours.length_of("improve"), 1),
        format!("{:.1}", ours.wall),
        text(plain.map(|(total, _)| total), 0),
        text(plain.and_then(|(_, seconds)| seconds), 1),
        text(plain.and_then(|(_, seconds)| Some(seconds? / ours.within(CLOSE_GAP)?.max(1e-3))), 1),
    ])
}

/// The total of the plain model, and after how many seconds HiGHS has it within [`CLOSE_GAP`], if within so many.
#[cfg(feature = "highs")]
fn plain(dir: &Path, limit: u32) -> Option<(f64, Option<f64>)> {
    let school = leerzone::read_school(dir, None).school?;
    match plain::solve(&school, CLOSE_GAP as f32, limit) {
        Ok(solved) => Some((solved.total, solved.proven.then_some(solved.seconds))),
        Err(error) => {
            eprintln!("  the plain model has no solution: {error:#}");
            None
        }
    }
}

#[cfg(not(feature = "highs"))]
fn plain(_: &Path, _: u32) -> Option<(f64, Option<f64>)> {
    None
}

/// The school as the plain model of textbooks has it: which sessions run, who leads them, who attends.
fn keep_needs_only(dir: &Path) -> anyhow::Result<()> {
    for table in ["packages.csv", "pairs.csv", "pins.csv", "history.csv"] {
        fs::remove_file(dir.join(table)).with_context(|| table.to_owned())?;
    }
    let settings = r#"name = "needs only"
days = ["mon", "tue", "wed", "thu", "fri"]
weights = { staff_asked = 0, likes = 0, fairness = 0 }
units = { own_staff = "ignore" }
"#;
    fs::write(dir.join("school.toml"), settings)?;
    let layout = fs::read_to_string(dir.join("layout.toml"))?;
    let parts = layout.split("[[block]]").filter(|part| !part.contains(r#"kind = "coaching""#));
    fs::write(dir.join("layout.toml"), parts.collect::<Vec<_>>().join("[[block]]"))?;
    Ok(())
}

fn program() -> String {
    std::env::var(PROGRAM).unwrap_or_else(|_| LEERZONE.to_owned())
}

/// Solves and verifies.
fn solve(dir: &Path, work: &Path, options: &[&str]) -> anyhow::Result<Run> {
    let (out, trace) = (work.join("out"), work.join("trace.csv"));
    let started = Instant::now();
    let mut child = Command::new(program())
        .args(["solve", "--json", "--quiet", "--gap", "0.001"])
        .args(options)
        .arg(dir)
        .arg("--out")
        .arg(&out)
        .arg("--trace")
        .arg(&trace)
        .stdout(Stdio::from(fs::File::create(work.join("summary.json"))?))
        .stderr(Stdio::piped())
        .spawn()?;
    let mut run = Run::default();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        run.peak_mb = run.peak_mb.max(peak_mb(child.id()).unwrap_or(0.0));
        sleep(Duration::from_millis(50));
    };
    run.wall = started.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{status}");
    }
    let verified = Command::new(program()).arg("verify").arg(dir).arg(&out).output()?;
    if !verified.status.success() {
        bail!("verify: {}", String::from_utf8_lossy(&verified.stdout));
    }
    let summary: Value = serde_json::from_slice(&fs::read(work.join("summary.json"))?)?;
    let number = |key: &str| summary[key].as_f64().with_context(|| format!("summary.json has no {key}"));
    run.total = number("total")?;
    run.bound = number("bound")?;
    for row in csv::Reader::from_path(&trace)?.records() {
        let row = row?;
        let cell = |at: usize| row.get(at).and_then(|cell| cell.parse().ok());
        run.trace.push(Moment {
            seconds: cell(0).unwrap_or(0.0),
            phase: row.get(1).unwrap_or("").to_owned(),
            total: cell(2),
            bound: cell(3),
        });
    }
    Ok(run)
}

/// Most memory the process has held so far.
fn peak_mb(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1000.0)
}

impl Run {
    /// Seconds until the total was reached.
    fn reaches(&self, total: f64) -> Option<f64> {
        self.trace
            .iter()
            .find(|moment| moment.total.is_some_and(|now| now >= total))
            .map(|moment| moment.seconds)
    }

    /// Seconds until the gap was proven.
    fn within(&self, gap: f64) -> Option<f64> {
        let proven = |moment: &&Moment| match (moment.total, moment.bound) {
            (Some(total), Some(bound)) => bound - total <= gap * total.abs(),
            _ => false,
        };
        self.trace.iter().find(proven).map(|moment| moment.seconds)
    }

    /// Seconds from the start of a phase to the start of the next.
    fn length_of(&self, phase: &str) -> Option<f64> {
        let from = self.trace.iter().position(|moment| moment.phase == phase)?;
        let first = if from == 0 { 0.0 } else { self.trace[from - 1].seconds };
        let next = self.trace[from..].iter().find(|moment| moment.phase != phase)?;
        Some(next.seconds - first)
    }
}
