//! A system that refuses: every opening of a file, listing of a folder and change of a name fails in turn, and signals and
//! watches of folders. The command says what was refused, and the schedule that was there is whole. A small library
//! (`refuse.c`) stands before the C library and gives the error.

use std::path::{Path, PathBuf};
use std::process::Command as System;
use std::sync::OnceLock;

use crate::small::{Small, contents, leerzone};
use tempfile::TempDir;

const EACCES: u32 = 13;
const EMFILE: u32 = 24;
const ENOSPC: u32 = 28;

fn library() -> &'static Path {
    static LIBRARY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let made = LIBRARY.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder");
        let library = folder.path().join("refuse.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/system/refused/refuse.c");
        let mut compiler = System::new("cc");
        compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).args([source, "-ldl"]);
        assert!(compiler.status().expect("a C compiler").success());
        (folder, library)
    });
    &made.1
}

/// What the system refuses: a call, the error it gives, and in which files or folders, in part of their paths.
#[derive(Clone, Copy)]
struct Refused<'a> {
    call: &'a str,
    error: u32,
    path: &'a str,
}

impl Refused<'_> {
    /// Runs the command with the refusal after `after` calls; its exit code, what it told, and whether there was one.
    fn run(self, arguments: &[&str], after: u32) -> (i32, String, bool) {
        let folder = TempDir::new().expect("a temporary folder");
        let told = folder.path().join("told");
        let output = leerzone(arguments)
            .env("LD_PRELOAD", library())
            .env("REFUSE_CALL", self.call)
            .env("REFUSE_ERROR", self.error.to_string())
            .env("REFUSE_PATH", self.path)
            .env("REFUSE_AFTER", after.to_string())
            .env("REFUSE_TOLD", &told)
            .timeout(std::time::Duration::from_secs(120))
            .output()
            .expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap_or(-1), stderr, told.exists())
    }

    fn once(self, arguments: &[&str]) -> String {
        let (code, stderr, refused) = self.run(arguments, 0);
        assert!(refused && matches!(code, 1 | 2), "{code} {stderr}");
        stderr
    }

    /// Every such call in turn refused, until there is none left. In the arguments `{new}` stands for a folder that is
    /// not there yet. What was told, of all runs.
    fn in_turn(self, arguments: &[&str], kept: Option<(&Path, &Path)>) -> String {
        let before = kept.map(|(_, out)| contents(out));
        let mut all = String::new();
        for after in 0.. {
            let folder = TempDir::new().expect("a temporary folder");
            let new = folder.path().join("new");
            let new = new.to_str().expect("a path");
            let arguments: Vec<String> = arguments.iter().map(|one| one.replace("{new}", new)).collect();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let (code, stderr, refused) = self.run(&arguments, after);
            assert!(matches!(code, 0..=2), "{arguments:?} {} {after}: {code} {stderr}", self.call);
            assert!(!stderr.contains("panicked"), "{arguments:?} {} {after}: {stderr}", self.call);
            if let Some((dir, out)) = kept
                && before.as_ref() != Some(&contents(out))
            {
                leerzone(&["verify"]).arg(dir).arg(out).assert().success();
            }
            if !refused {
                assert_eq!(code, 0, "{arguments:?} {}: {stderr}", self.call);
                return all;
            }
            all += &stderr;
        }
        all
    }
}

/// A small school of two days with a schedule, weeks and layouts.
fn school() -> Small {
    let school = Small::new()
        .with("school.toml", "name = \"Small\"\ndays = [\"mon\", \"tue\"]\n")
        .with(
            "layout.toml",
            "[[block]]\nid = \"{day}-1\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n\
             [[block]]\nid = \"{day}-2\"\nstart = \"10:00\"\nend = \"11:00\"\nkind = \"zone\"\n",
        )
        .with(
            "weeks.toml",
            "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\n\
             [[week]]\nweek = \"37\"\nstart = \"2026-09-07\"\nholidays = [\"2026-09-08\"]\n",
        );
    let layouts = school.dir().join("layouts");
    std::fs::create_dir(&layouts).expect("a folder");
    std::fs::copy(school.dir().join("layout.toml"), layouts.join("same.toml")).expect("a file");
    school.solve(&[]).success();
    leerzone(&["roll"]).arg(school.dir()).args(["36", "--quiet"]).assert().success();
    school
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// Refuses every opening of a file in turn. In the arguments `{school}`, `{schedule}` and `{layouts}` stand for those
/// folders of a school of its own.
fn no_file_can_be_opened(commands: &[(&str, &[&str])]) {
    let school = school();
    let (dir, out) = (school.dir(), school.out());
    let layouts = dir.join("layouts");
    for (line, expected) in commands {
        let filled = |word: &str| {
            word.replace("{school}", text(&dir))
                .replace("{schedule}", text(&out))
                .replace("{layouts}", text(&layouts))
        };
        let words: Vec<String> = line.split(' ').map(filled).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let refused = Refused { call: "open", error: EACCES, path: "/.tmp" };
        let said = refused.in_turn(&words, Some((&dir, &out)));
        for expected in *expected {
            assert!(said.contains(expected), "{line}: {said}");
        }
    }
}

#[test]
fn where_files_cannot_be_opened_reading_commands_say_so_and_the_schedule_is_whole() {
    no_file_can_be_opened(&[
        ("check {school}", &["cannot be read"]),
        ("verify {school} {schedule}", &[]),
        ("show {schedule} s1", &[]),
        ("explain {school} {schedule} all", &[]),
        ("report {school} {schedule} --split --to {new}", &[]),
        ("export ics {school} {schedule} {new} --from 2026-08-31", &[]),
    ]);
}

#[test]
fn where_files_cannot_be_opened_solving_commands_say_so_and_the_schedule_is_whole() {
    no_file_can_be_opened(&[
        ("solve {school} --seed 1", &["cannot write"]),
        ("replan {school} {schedule} --absent ben --out {new}", &[]),
        ("roll {school} 37 --again", &["layout.toml"]),
    ]);
}

#[test]
fn where_files_cannot_be_opened_comparisons_say_so_and_the_schedule_is_whole() {
    no_file_can_be_opened(&[("compare {school} --layout {layouts} --out {new}", &["cannot write"])]);
}

#[test]
fn where_files_cannot_be_opened_new_schools_and_layouts_say_so_and_the_schedule_is_whole() {
    no_file_can_be_opened(&[
        ("layouts {school} --out {new} --time-limit 0.2", &["layout.toml"]),
        ("pseudonymise {school} {new}", &["cannot be read again"]),
        ("generate {new} --students 60", &[]),
    ]);
}

#[test]
fn folders_that_cannot_be_listed_are_named() {
    let school = school();
    let (dir, out) = (school.dir(), school.out());
    let (d, o) = (text(&dir), text(&out));
    let layouts = dir.join("layouts");
    let l = text(&layouts);
    for call in ["opendir", "readdir"] {
        let refused = |path| Refused { call, error: EACCES, path };
        for path in [o, ".tmp"] {
            let told = refused(path).in_turn(&["solve", d, "--quiet"], Some((&dir, &out)));
            assert!(told.contains(&format!("cannot read {o}: Permission denied")), "{call}: {told}");
        }
        let told = refused(l).in_turn(&["compare", d, "--layout", l, "--out", "{new}", "--quiet"], None);
        assert!(call == "readdir" || told.contains(&format!("cannot read {l}: ")), "{told}");
    }
    // A folder that is there and cannot be looked into is not taken.
    let refused = Refused { call: "opendir", error: EACCES, path: l };
    let told = refused.once(&["generate", l, "--students", "60"]);
    assert_eq!(told, format!("error: cannot read {l}: Permission denied (os error 13)\n"));
}

#[test]
fn a_name_that_cannot_be_changed_leaves_nothing_behind() {
    let school = school();
    let dir = school.dir();
    let new = dir.join("other");
    let refused = Refused { call: "rename", error: EACCES, path: text(&new) };
    let told = refused.once(&["solve", text(&dir), "--quiet", "--out", text(&new)]);
    let expected = format!("cannot put the new files in place of {}: Permission denied", new.display());
    assert!(told.contains(&expected), "{told}");
    assert!(!new.exists());
    let names =
        std::fs::read_dir(&dir).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with(".other-new")));
}

#[test]
fn the_folder_one_is_in_may_be_gone() {
    let school = school();
    let refused = Refused { call: "getcwd", error: 2, path: "" };
    let told = refused.once(&["solve", text(&school.dir()), "--quiet", "--out", "new"]);
    assert!(told.starts_with("error: cannot tell where `new` is: give its whole path: "), "{told}");
}

#[test]
fn signals_and_watches_that_are_refused_are_told() {
    let school = school();
    let dir = school.dir();
    let d = text(&dir);
    for command in ["solve", "watch"] {
        let refused = Refused { call: "sigaction", error: 22, path: "" };
        let told = refused.once(&[command, d]);
        assert!(told.contains("error: cannot listen for Ctrl-C: "), "{told}");
    }
    let told = Refused { call: "inotify_init", error: EMFILE, path: "" }.once(&["watch", d]);
    assert!(told.contains("error: cannot watch files; try --poll: "), "{told}");
    let told = Refused { call: "inotify_add_watch", error: ENOSPC, path: d }.once(&["watch", d]);
    assert!(told.contains(&format!("error: cannot watch {d}; try --poll: ")), "{told}");
}
