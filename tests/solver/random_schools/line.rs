//! Random schools through the program itself.

use std::path::Path;

use crate::small::leerzone;

/// The exit code of the program, which must be one of these, and what it wrote to stdout and stderr.
pub fn run(command: &str, folders: &[&Path], options: &[&str], allowed: &[i32]) -> Result<Ran, String> {
    let output = leerzone(&[command])
        .args(folders)
        .args(options)
        .output()
        .map_err(|error| format!("{command} cannot be run: {error}"))?;
    let code = output.status.code().unwrap_or(-1);
    let [said, told] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    if !allowed.contains(&code) || told.contains("panicked") {
        return Err(format!("{command} {options:?} gave {code}\n{told}"));
    }
    Ok(Ran { code, said, told })
}

pub struct Ran {
    pub code: i32,
    pub said: String,
    pub told: String,
}

/// Whether the program makes a schedule of the school.
pub fn solve(dir: &Path, out: &Path) -> Result<bool, String> {
    let ran = run(
        "solve",
        &[dir, Path::new("--out"), out],
        &["--quiet", "--gap", "0", "--threads", "1", "--time-limit", "1"],
        &[0, 1],
    )?;
    Ok(ran.code == 0)
}

/// Every command that takes a school: each ends with an exit code of its own, never with a panic.
pub fn every_command(dir: &Path) -> Result<(), String> {
    let out = &dir.join("schedule");
    if run("check", &[dir], &[], &[0, 2])?.code == 2 {
        run("solve", &[dir], &["--time-limit", "1"], &[2])?;
        return Ok(());
    }
    if run("solve", &[dir], &["--time-limit", "1"], &[0, 1])?.code == 1 {
        run("explain", &[dir], &["--time-limit", "1"], &[0])?;
        return Ok(());
    }
    run("verify", &[dir, out], &[], &[0])?;
    run("explain", &[dir, out], &["all", "--most", "1", "--time-limit", "0.2"], &[0])?;
    run("report", &[dir, out], &[], &[0])?;
    Ok(())
}
