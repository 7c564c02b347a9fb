//! The program killed while it works, a full disk, a folder that cannot be written or is gone, two runs at
//! once: the previous schedule is whole or the new one is. `LEERZONE_KILLS=500` kills so often.

#![cfg(unix)]

mod small;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use small::{Small, contents, leerzone};

/// Kills in a run that nobody asked for more.
const FEW: u32 = 15;

fn solve(dir: &Path, seed: u32) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("leerzone"));
    command.arg("solve").arg(dir).args(["--quiet", "--seed", &seed.to_string()]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Everything in the folder but what runs in between leave there.
fn left(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("the folder").map(|entry| entry.expect("an entry"));
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".schedule")).collect()
}

#[test]
fn killed_at_any_instant_one_schedule_is_whole() {
    let kills = std::env::var("LEERZONE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(FEW);
    let school = Small::new();
    let dir = school.dir();
    let begun = Instant::now();
    assert!(solve(&dir, 0).status().expect("it runs").success());
    let whole = begun.elapsed();
    let (mut replaced, mut unfinished) = (0, 0);
    for kill in 1..=kills {
        let before = contents(&school.out());
        let mut child = solve(&dir, kill).spawn().expect("it starts");
        // Spread over a whole run by the golden ratio, so that no instant is favoured.
        let part = (f64::from(kill) * 0.618_033_988_75).fract();
        std::thread::sleep(whole.mul_f64(part * 1.1));
        let _ = child.kill();
        let _ = child.wait();
        leerzone(&["verify"]).arg(&dir).arg(school.out()).assert().success();
        unfinished += u32::from(!left(&dir).is_empty());
        replaced += u32::from(contents(&school.out()) != before);
    }
    println!(
        "{kills} kills within {whole:?}: {replaced} times the new schedule, {unfinished} times leftovers"
    );
    assert!(solve(&dir, 0).status().expect("it runs").success());
    assert!(left(&dir).is_empty(), "{:?}", left(&dir));
}

#[test]
fn a_disk_that_fills_up_leaves_the_previous_schedule() {
    let school = Small::new();
    school.solve(&[]).success();
    let before = contents(&school.out());
    let program = assert_cmd::cargo::cargo_bin!("leerzone");
    // Files beyond a block of 512 bytes fail as on a full disk; without the signal the write gives an error.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" solve \"$1\" --seed 5";
    let output = Command::new("sh").args(["-c", script]).arg(program).arg(school.dir()).output().expect("sh");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("cannot write"), "{told}");
    assert_eq!(contents(&school.out()), before);
    assert!(left(&school.dir()).is_empty());
}

#[test]
fn two_runs_at_once_do_not_meet() {
    let school = Small::new();
    school.solve(&[]).success();
    let lock = school.dir().join(".schedule-lock");
    let held = fs::File::create(&lock).expect("the lock");
    held.lock().expect("held");
    let output = school.solve(&["--seed", "9"]).code(1);
    let told = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(told.contains("another run of leerzone is at work on"), "{told}");
    leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().success();
    // Its holder died: the file alone holds nobody up.
    drop(held);
    school.solve(&["--seed", "9"]).success();
    assert!(left(&school.dir()).is_empty());
}

#[test]
fn a_folder_removed_meanwhile_is_told() {
    let school = Small::new();
    let mut child = solve(&school.dir(), 1)
        .args(["--method", "search", "--time-limit", "3", "--gap", "0"])
        .spawn()
        .expect("it starts");
    std::thread::sleep(Duration::from_millis(300));
    let _ = fs::remove_dir_all(school.dir());
    let status = child.wait().expect("it ends");
    // Either it was done by then or it says that it cannot finish.
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
}
