//! `--json` of every command: one document on stdout and nothing else, whether it works or not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, leerzone};
use rust_xlsxwriter::Workbook;
use serde_json::Value;

/// The document that the command writes with `--json`, of which the exit code is told where it failed.
fn told(arguments: &[&str], code: i32) -> Value {
    let output = leerzone(arguments).arg("--json").output().expect("it runs");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: not one document: {error}: {output:?}"));
    if [1, 2].contains(&code) {
        assert_eq!(json["exit_code"], code, "{arguments:?}: {json}");
        assert!(json["error"].as_str().is_some_and(|error| !error.is_empty()), "{arguments:?}: {json}");
        assert!(json["problems"].is_array(), "{arguments:?}: {json}");
        let is_check = arguments[0] == "check" && json["school"].is_null();
        assert!(is_check || !output.stderr.is_empty(), "{arguments:?} says nothing to people");
    } else {
        assert!(json.is_array() || json["error"].is_null(), "{arguments:?}: {json}");
    }
    json
}

/// Each command, with its subcommand, as the program tells of itself.
fn commands() -> BTreeSet<String> {
    fn leaves(command: &Value, path: &str, found: &mut BTreeSet<String>) {
        let below = command["commands"].as_array().expect("a list");
        for one in below {
            let full = one["command"].as_str().expect("a name");
            leaves(one, full.trim_start_matches("leerzone "), found);
        }
        if below.is_empty() {
            found.insert(path.to_owned());
        }
    }
    let mut found = BTreeSet::new();
    leaves(&told(&["help"], 0), "", &mut found);
    found
}

/// A school of three weeks with a schedule, and files of other systems beside it.
struct Case {
    small: Small,
}

impl Case {
    fn new() -> Self {
        let small = Small::new()
            .with("weeks.toml", "[[week]]\nweek = \"1\"\nstart = \"2027-01-11\"\n")
            .with("two.toml", "[set.staff.ann]\nmax_blocks = 1\n");
        small.solve(&["--quiet"]).success();
        let case = Self { small };
        fs::write(case.path("choices.csv"), "student,first\ns1,na\n").expect("a file");
        fs::write(case.path("week.ics"), CALENDAR).expect("a file");
        let pupils = "<EDEX><leerlingen><leerling key=\"l1\"><achternaam>Bos</achternaam></leerling></leerlingen></EDEX>";
        fs::write(case.path("edex.xml"), pupils).expect("a file");
        let users = "{\"response\":{\"data\":[{\"code\":\"s1\",\"lastName\":\"Bos\",\"isStudent\":true}]}}";
        fs::write(case.path("users.json"), users).expect("a file");
        fs::write(case.path("absent.csv"), "who,when\ns1,mon\n").expect("a file");
        let map = "file = \"busy.csv\"\n[map]\nwho = \"id\"\nwhen = \"day\"\n[fill]\nkind = \"student\"\n";
        fs::write(case.path("map.toml"), map).expect("a file");
        fs::write(case.path("broken.zip"), "no archive").expect("a file");
        fs::create_dir_all(case.path("region/pool")).expect("a folder");
        let files = [
            ("region.toml", "name = \"r\"\n[[school]]\nschool = \"a\"\nboard = \"b\"\nbid = \"bid\"\n"),
            ("pool/staff.csv", "staff,roles,employer,cost\np1,teacher,c,10\n"),
            ("plan.csv", "staff,school,day,start,end,role\np1,a,mon,09:00,10:00,work\n"),
            ("visitors.csv", "visitor\nv1\nv2\n"),
            ("hosts.csv", "host,school,day,start,end\nann,a,mon,09:00,10:00\n"),
        ];
        for (name, text) in files {
            fs::write(case.path("region").join(name), text).expect("a file");
        }
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("subjects").expect("a name");
        for (at, cell) in ["subject", "name"].iter().enumerate() {
            sheet.write(0, at as u16, *cell).expect("a cell");
            sheet.write(1, at as u16, "gs").expect("a cell");
        }
        book.save(case.path("school.xlsx")).expect("a workbook");
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.small.dir().parent().expect("a folder").join(name)
    }

    /// The arguments of a command, with what stands for the paths filled in: `@` the school, `@out` its schedule,
    /// `+name` something beside the school.
    fn run(&self, line: &str, code: i32) -> Value {
        let filled = |word: &str| match (word, word.strip_prefix('+')) {
            ("@", _) => text(&self.small.dir()),
            ("@out", _) => text(&self.small.out()),
            (_, Some(name)) => text(&self.path(name)),
            _ => word.to_owned(),
        };
        let words: Vec<String> = line.split_whitespace().map(filled).collect();
        told(&words.iter().map(String::as_str).collect::<Vec<_>>(), code)
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path of text").to_owned()
}

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n\
DTSTAMP:20270101T000000Z\r\nDTSTART:20270111T080000Z\r\nDTEND:20270111T090000Z\r\nSUMMARY:Exam\r\nEND:VEVENT\r\n\
END:VCALENDAR\r\n";

/// What works, of every command in an order in which each finds what it needs.
const WORKS: [&str; 41] = [
    "init +new",
    "check @",
    "check @ --pseudonymise +copy",
    "solve @ --time-limit 2",
    "solve @ --time-limit 2 --if-changed",
    "verify @ @out",
    "show @out s1",
    "explain @ @out all",
    "explain @",
    "advise @ @out --top 1 --time-limit 1",
    "replan @ @out --absent ann:mon --out +repaired",
    "seat @ @out s1 na",
    "stress @ @out --days 2 --out +stress",
    "roll @ 1",
    "roll @",
    "compare @ --scenario two.toml --time-limit 2 --out +cmp",
    "compare @ --plan --scenario two.toml --out +plan",
    "layouts @ --solve 0 --time-limit 2 --count 2 --length 60 --out +proposals",
    "report @ @out --to +page.html",
    "report @ @out --split --to +pages",
    "export ics @ @out +calendars --from 2027-01-11",
    "export xlsx @ @out +week.xlsx",
    "export untis @ @out +untis",
    "export oneroster @ @out +roster --from 2027-01-11",
    "export fet @ @out +fet.csv",
    "export zermelo @ @out +zermelo.csv --from 2027-01-11",
    "import oneroster +roster +i1",
    "import untis +untis +i2",
    "import xlsx +school.xlsx +i3",
    "import ics +week.ics @ --who staff:ann --from 2027-01-11",
    "import choices +choices.csv @ --add",
    "import edexml +edex.xml +i5",
    "import zermelo +users.json +i6 --from 2027-01-11",
    "import table +absent.csv +i7 --map +map.toml",
    "generate +made --students 60",
    "pseudonymise @ +copied --key +key.csv",
    "region bid @ --out +region/bid --school a",
    "region share +region --out +shared",
    "region place +region",
    "region settle +region --planned +region/plan.csv",
    "man +man",
];

/// What does not: what is missing, what is taken, what is not meant.
const FAILS: [(&str, i32); 42] = [
    ("init @", 2),
    ("check +nowhere", 2),
    ("solve +nowhere", 2),
    ("solve @ --out @", 2),
    ("solve @ --start +nowhere", 2),
    ("solve @ --set staff.nobody.cost=1", 2),
    ("verify @ +nowhere", 2),
    ("verify +nowhere @out", 2),
    ("show +nowhere s1", 2),
    ("show @out nobody", 2),
    ("explain @ @out nobody", 2),
    ("explain @ +nowhere all", 2),
    ("advise @ +nowhere", 2),
    ("replan @ @out", 2),
    ("replan @ @out --absent nobody", 2),
    ("seat @ @out nobody na", 2),
    ("seat @ +nowhere s1 na", 2),
    ("stress @ +nowhere", 2),
    ("roll @ 99", 2),
    ("roll +nowhere", 2),
    ("compare +nowhere", 2),
    ("compare --gather +nowhere", 2),
    ("compare --gather +plan", 1),
    ("layouts +nowhere", 2),
    ("report @ +nowhere", 2),
    ("report +nowhere @out", 2),
    ("export ics @ @out +new --from 2027-01-11 --skip +nowhere.csv", 2),
    ("export ics @ @out +new --from 2027-01-11", 2),
    ("export xlsx @ +nowhere +x.xlsx", 2),
    ("import oneroster +broken.zip +i4", 2),
    ("import untis +nowhere +i4", 2),
    ("import xlsx +broken.zip +i4", 2),
    ("import ics +week.ics @ --who ann --from 2027-01-11", 2),
    ("import choices +nowhere @", 2),
    ("generate @", 2),
    ("pseudonymise @ +new", 2),
    ("region bid +nowhere --out +bid", 2),
    ("region share +nowhere --out +shared2", 2),
    ("region place +nowhere", 2),
    ("region settle +region", 2),
    ("help slove", 2),
    ("watch +nowhere", 2),
];

#[test]
fn every_command_writes_one_document() {
    let case = Case::new();
    let mut seen = BTreeSet::new();
    for (line, code) in WORKS.into_iter().map(|line| (line, 0)).chain(FAILS) {
        case.run(line, code);
        if code == 0 {
            seen.insert(line.to_owned());
        }
    }
    for topic in [
        "help",
        "help solve",
        "help export ics",
        "help formats",
        "help formats needs.csv",
        "help schema school",
    ] {
        case.run(topic, 0);
    }
    for command in commands() {
        // `watch` goes on until it is ended, and tells a document a line: tests/system/watch.rs. What `completions` writes
        // is for a shell.
        let apart = ["watch", "completions", "help"].contains(&command.as_str());
        let shown =
            seen.iter().any(|line| line.split_whitespace().zip(command.split(' ')).all(|(a, b)| a == b));
        assert!(apart || shown, "`{command} --json` is not tried here");
        // A line that cannot be read is told in the same way.
        let words: Vec<&str> = command.split(' ').collect();
        let wrong = told(&[&words[..], &["--nonsense"]].concat(), 2);
        assert!(wrong["error"].as_str().is_some_and(|error| error.contains("--nonsense")), "{wrong}");
    }
    told(&["slove"], 2);
}

#[test]
fn files_that_cannot_be_used_are_told_alike() {
    let case = Case::new();
    let needs = case.small.dir().join("needs.csv");
    fs::write(&needs, "who,subject,sessions,priority\nall,wi,1,must\nall,chess,1,must\n").expect("a file");
    let checked = case.run("check @", 2);
    assert_eq!(checked["error"], "the input cannot be used: 1 error, 0 warnings");
    assert_eq!(checked["problems"][0]["line"], 3);
    for line in [
        "solve @",
        "verify @ @out",
        "explain @",
        "explain @ @out all",
        "advise @ @out",
        "replan @ @out --absent ann",
        "stress @ @out",
        "roll @ 1",
        "compare @ --scenario two.toml",
        "layouts @",
        "report @ @out",
        "export fet @ @out +fet.csv",
        "pseudonymise @ +copied",
    ] {
        let json = case.run(line, 2);
        assert_eq!(json["error"], checked["error"], "{line}");
        assert_eq!(json["problems"][0]["message"], checked["problems"][0]["message"], "{line}");
    }
}

/// Neither is a failure of the program: the document is the usual one.
#[test]
fn a_must_that_is_unmet_and_a_broken_rule_keep_their_documents() {
    let case = Case::new();
    let needs = case.small.dir().join("needs.csv");
    fs::write(&needs, "who,subject,sessions,priority\nall,na,1,must\n").expect("a file");
    let solved = case.run("solve @ --strict --time-limit 2", 3);
    assert_eq!(solved["needs"]["must"]["met"], 0);
    fs::write(&needs, "who,subject,sessions,priority\nall,wi,1,must\n").expect("a file");
    let verified = case.run("verify @ @out", 4);
    assert_eq!(verified["holds"], false);
}

/// Command lines in the folder of a school, with `@` for it.
const BY_NAME: [&str; 15] = [
    "solve @ --time-limit 2",
    "solve @ --time-limit 2 --if-changed",
    "solve @ --time-limit 2 --start @/schedule --history @/schedule --out @/again",
    "replan @ @/schedule --data @ --absent ann:mon",
    "report @ @/schedule",
    "report @ @/schedule --split",
    "export fet @ @/schedule @/week.csv",
    "compare @ --time-limit 2",
    "layouts @ --solve 0 --time-limit 2 --count 2 --length 60",
    "pseudonymise @ @/copy --key @/key.csv",
    "init @/new",
    "generate @/made --students 60",
    "verify @ @/schedule",
    "import choices @/choices.csv @ --add",
    "man @/man",
];

/// Other systems have no such names.
#[cfg(target_os = "linux")]
#[test]
fn folders_whose_names_are_no_text_are_told_as_near_as_can_be() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    let small = Small::new().with("choices.csv", "student,first\ns1,na\n");
    let odd = small.dir().with_file_name(OsString::from_vec(b"od\xffd".to_vec()));
    fs::rename(small.dir(), &odd).expect("another name");
    for line in BY_NAME {
        let words = line.split(' ').map(|word| match word.strip_prefix("@/") {
            Some(rest) => odd.join(rest).into_os_string(),
            None if word == "@" => odd.clone().into_os_string(),
            None => word.into(),
        });
        let output = leerzone(&[]).args(words).arg("--json").output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{line}: {output:?}");
        let json: Value = serde_json::from_slice(&output.stdout).expect("one document");
        let (told, name) = (json.to_string(), "od\u{fffd}d");
        assert!(line.starts_with("verify") || told.contains(name), "{line}: {told}");
    }
}
