//! The program killed while it works, a full disk, a folder that cannot be written or is gone, two runs at
//! once: the previous schedule is whole or the new one is. `LEERZONE_KILLS=500` kills so often.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::small::{Small, contents, large, leerzone, wait_for};

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
fn two_real_runs_at_once_do_not_meet() {
    let school = Small::new();
    school.solve(&[]).success();
    // A run on a large school is sure to be at work still when a second one comes.
    let (_folder, dir) = large();
    let mut first = solve(&dir, 1).args(["--gap", "0", "--time-limit", "6"]).spawn().expect("it starts");
    wait_for(&dir.join(".schedule-lock"));
    let second = leerzone(&["solve", "--time-limit", "1"]).arg(&dir).assert().code(1);
    let told = String::from_utf8_lossy(&second.get_output().stderr).into_owned();
    assert!(told.contains("another run of leerzone is at work on"), "{told}");
    assert!(told.contains("nothing was written to"), "{told}");
    assert!(first.wait().expect("it ends").success());
    leerzone(&["verify"]).arg(&dir).arg(dir.join("schedule")).assert().success();
    // Many short ones: each is done or is told that another one is at work.
    let runs: Vec<_> = (0..8).map(|seed| solve(&school.dir(), seed).spawn().expect("it starts")).collect();
    let codes: Vec<_> = runs.into_iter().map(|mut run| run.wait().expect("it ends").code()).collect();
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 1))), "{codes:?}");
    assert!(codes.contains(&Some(0)), "{codes:?}");
    leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().success();
    assert!(left(&school.dir()).is_empty());
}

#[test]
fn a_parent_removed_meanwhile_comes_back_with_the_new_schedule() {
    let (folder, dir) = large();
    let parent = folder.path().join("weeks");
    let out = parent.join("out");
    let trace = folder.path().join("trace.csv");
    let mut run = solve(&dir, 1);
    run.args(["--gap", "0", "--time-limit", "5", "--out"]).arg(&out).arg("--trace").arg(&trace);
    let mut run = run.spawn().expect("it starts");
    // From then on it searches.
    wait_for(&trace);
    fs::remove_dir_all(&parent).expect("removed");
    assert!(run.wait().expect("it ends").success());
    leerzone(&["verify"]).arg(&dir).arg(&out).assert().success();
}

/// A small file system of its own, for those who may make one.
struct Mounted(PathBuf);

impl Mounted {
    fn new(at: PathBuf, size: &str) -> Option<Self> {
        fs::create_dir(&at).expect("a folder");
        let options = format!("size={size}");
        mount(&["-t", "tmpfs", "-o", &options, "leerzone"], &at).then_some(Self(at))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).stderr(Stdio::null()).status();
    }
}

fn mount(arguments: &[&str], at: &Path) -> bool {
    let status = Command::new("mount").args(arguments).arg(at).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Nothing can be written: the error says so and that the schedule stays, and it does.
fn refused(school: &Small, out: &Path, reason: &str) {
    let before = contents(out);
    let told = school.solve(&["--seed", "5", "--out", out.to_str().expect("text")]).code(1);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains(reason) && told.contains("out stays as it was"), "{told}");
    assert_eq!(contents(out), before);
    leerzone(&["verify"]).arg(school.dir()).arg(out).assert().success();
}

#[test]
fn a_full_file_system_leaves_the_previous_schedule() {
    let school = Small::new();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = Mounted::new(elsewhere.path().join("disk"), "256k") else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let out = disk.0.join("out");
    school.solve(&["--out", out.to_str().expect("text")]).success();
    let full = fs::write(disk.0.join("filler"), vec![b'x'; 512 * 1024]);
    assert!(full.is_err(), "the file system is larger than it should be");
    refused(&school, &out, "No space left on device");
    let gpu = disk.0.join("gpu");
    let told = leerzone(&["export", "untis"]).args([school.dir(), out.clone(), gpu.clone()]).assert().code(1);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains("cannot write") && told.contains("No space left on device"), "{told}");
    assert!(!gpu.exists());
    let repaired = disk.0.join("repaired");
    let told = leerzone(&["replan", "--quiet", "--absent", "ann", "--out"])
        .args([repaired.clone(), school.dir(), out.clone()])
        .assert()
        .code(1);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains("No space left on device") && !repaired.exists(), "{told}");
    let plan = disk.0.join("plan");
    let told = leerzone(&["compare", "--plan", "--quiet", "--out"])
        .args([plan.clone(), school.dir()])
        .assert()
        .code(1);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains("error: cannot write ") && told.contains("No space left on device"), "{told}");
    fs::remove_dir_all(plan).expect("removed");
    let names = fs::read_dir(&disk.0).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["filler", "out"]);
    // Room again: the next run goes through.
    fs::remove_file(disk.0.join("filler")).expect("removed");
    school.solve(&["--out", out.to_str().expect("text")]).success();
}

/// A search for so many seconds of which nothing can be written in the end; gives what it says.
fn out_of_room(dir: &Path, disk: &Mounted, seconds: &str, meanwhile: impl FnOnce()) -> String {
    let mut run = Command::new(assert_cmd::cargo::cargo_bin!("leerzone"));
    run.arg("solve").arg(dir).args(["--gap", "0", "--time-limit", seconds, "--out"]).arg(disk.0.join("out"));
    let run = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    meanwhile();
    let output = run.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(!disk.0.join("out").exists() && told.contains("No space left on device"), "{told}");
    told
}

#[test]
fn a_search_on_a_full_file_system_says_what_it_could_not_keep_and_what_is_kept() {
    let (_folder, dir) = large();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = Mounted::new(elsewhere.path().join("disk"), "8m") else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let fill = || assert!(fs::write(disk.0.join("filler"), vec![b'x'; 16 << 20]).is_err());
    let best = disk.0.join(".out-best");
    let told = out_of_room(&dir, &disk, "8", || {
        wait_for(&best.join("summary.json"));
        fill();
    });
    assert!(told.contains("is kept in") && told.contains("run again with --resume"), "{told}");
    leerzone(&["verify"]).arg(&dir).arg(&best).assert().success();

    fs::remove_dir_all(&best).expect("removed");
    fill();
    let told = out_of_room(&dir, &disk, "4", || ());
    assert!(told.contains("the best schedule so far cannot be kept for --resume"), "{told}");
    // At a terminal the bar makes room for it.
    let line = format!(
        "{} solve {} --gap 0 --time-limit 4 --out {}",
        assert_cmd::cargo::cargo_bin!("leerzone").display(),
        dir.display(),
        disk.0.join("out").display()
    );
    match Command::new("script").args(["-qec", &line, "/dev/null"]).stdin(Stdio::null()).output() {
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(told.contains("warning: the best schedule so far cannot be kept for --resume"), "{told}");
        }
        Err(_) => eprintln!("skipped: no `script` to make a terminal of"),
    }
}

#[test]
fn a_read_only_folder_keeps_the_previous_schedule() {
    let school = Small::new();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    // Permissions do not bind everybody; a file system that is mounted read-only does.
    if let Some(disk) = Mounted::new(elsewhere.path().join("disk"), "1m") {
        let out = disk.0.join("out");
        school.solve(&["--out", out.to_str().expect("text")]).success();
        assert!(mount(&["-o", "remount,ro"], &disk.0), "it can be made read-only");
        refused(&school, &out, "Read-only file system");
        return;
    }
    let parent = elsewhere.path().join("parent");
    let out = parent.join("out");
    school.solve(&["--out", out.to_str().expect("text")]).success();
    let closed = |mode| fs::set_permissions(&parent, fs::Permissions::from_mode(mode)).expect("permissions");
    closed(0o555);
    match fs::write(parent.join("probe"), "") {
        Err(_) => refused(&school, &out, "Permission denied"),
        Ok(()) => eprintln!("skipped: permissions do not bind this user, and nothing can be mounted"),
    }
    closed(0o755);
}

/// Each with the folder that cannot be written as `@`, the school as `DIR` and its schedule as `OUT`.
const WRITING: [(&str, &str); 11] = [
    ("init @/empty", "cannot write @/empty/README.md"),
    ("init @/new", "cannot make @/new"),
    ("generate @/new --students 60", "cannot make @/new"),
    ("pseudonymise DIR @/new", "cannot make @/new"),
    ("man @/man", "cannot write @/man"),
    ("solve DIR --quiet --out @/out", "cannot write into @: check that you may write there"),
    ("solve DIR --quiet --trace @/trace.csv", "cannot write @/trace.csv"),
    ("report DIR OUT --to @/page.html", "cannot write @/page.html"),
    ("report DIR OUT --split --to @/pages", "cannot write into @: check that you may write there"),
    ("export fet DIR OUT @/week.csv", "cannot write @/week.csv"),
    ("compare DIR --plan --quiet --out @/compare", "cannot make @/compare"),
];

#[test]
fn what_cannot_be_written_is_named() {
    let school = Small::new();
    school.solve(&[]).success();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = Mounted::new(elsewhere.path().join("disk"), "1m") else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    fs::create_dir(disk.0.join("empty")).expect("a folder");
    assert!(mount(&["-o", "remount,ro"], &disk.0), "it can be made read-only");
    let at = disk.0.canonicalize().expect("a folder").display().to_string();
    for (line, message) in WRITING {
        let words = line.split(' ').map(|word| {
            let word = word.replace("DIR", &school.dir().display().to_string());
            word.replace("OUT", &school.out().display().to_string()).replace('@', &at)
        });
        let told = leerzone(&[]).args(words).assert();
        let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
        assert!(told.contains(&format!("error: {}", message.replace('@', &at))), "{line}: {told}");
    }
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

#[cfg(target_os = "linux")]
#[test]
fn a_schedule_that_cannot_be_told_of_is_there_all_the_same() {
    let school = Small::new();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    // Without --quiet, which says nothing where all went well.
    let mut solve = Command::new(assert_cmd::cargo::cargo_bin!("leerzone"));
    let output =
        solve.arg("solve").arg(school.dir()).stdout(full).stderr(Stdio::piped()).output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    let out = school.out().display().to_string();
    assert!(told.contains(&format!("{out} is written, but not what is told of it on stdout: ")), "{told}");
    leerzone(&["verify"]).arg(school.dir()).arg(school.out()).assert().success();
}
