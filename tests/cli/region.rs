//! `leerzone region`: people shared by schools that keep their students to themselves.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::small::leerzone;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

const REGION: &str = "name = \"North\"\n\
    [fund]\nname = \"fund\"\nshare = 0.25\n\
    [[school]]\nschool = \"oak\"\nboard = \"red\"\nran = [\"oak.csv\"]\n\
    [[school]]\nschool = \"elm\"\nboard = \"blue\"\n\
    [[school]]\nschool = \"ash\"\nboard = \"blue\"\nran = [\"ash.csv\"]\n\
    [[travel]]\nfrom = \"oak\"\nto = \"elm\"\nminutes = 30\n\
    [[travel]]\nfrom = \"oak\"\nto = \"ash\"\nminutes = 90\n";
const POOL: &str = "staff,name,roles,subjects,employer,cost\n\
    ida,Ida,teacher,wi,red,50\njan,Jan,teacher,en,blue,30.10\nkim,Kim,teacher,na,agency,40\n";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(TempDir::new().expect("a temporary folder"));
        fs::create_dir(folder.path().join("pool")).expect("a folder");
        folder.with("region.toml", REGION).with("pool/staff.csv", POOL)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn with(self, file: &str, text: &str) -> Self {
        fs::write(self.path().join(file), text).expect("a file");
        self
    }

    fn rows(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.path().join(file))
    }

    fn run(&self, words: &[&str]) -> Value {
        let output = leerzone(&["region"]).args(words).current_dir(self.path()).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    }
}

fn rows(path: &PathBuf) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the file");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn what_ran_is_settled_and_adds_up_to_nothing() {
    let ran = "staff,block,day,start,end,kind,role,session,offering,place\n";
    let folder = Folder::new()
        // Ann is the school's own; one block counts once, whatever Jan does in it; who stood by is paid as planned.
        .with(
            "oak.csv",
            &format!("{ran}ann,b1,,,,,,,,\njan,b1,,,,,lead,s1,,\njan,b1,,,,,lead,s2,,\njan,b2,,,,,reserve,,,\nida,b1,,,,,lead,,,\n"),
        )
        .with("ash.csv", &format!("{ran}kim,b1,,,,,lead,,,\nkim,b2,,,,,lead,,,\njan,b3,,,,,lead,,,\n"))
        .with(
            "plan.csv",
            "staff,school,day,start,end,role\nida,elm,mon,09:00,10:00,work\nida,oak,tue,09:00,10:00,work\nkim,,mon,11:00,12:00,reserve\n",
        );
    let told = folder.run(&["settle", ".", "--planned", "plan.csv", "--json"]);
    let owed: BTreeMap<(String, String), (String, String)> = folder
        .rows("settlement.csv")
        .into_iter()
        .map(|row| ((row["from"].clone(), row["to"].clone()), (row["blocks"].clone(), row["cost"].clone())))
        .collect();
    let expected = [
        // Kim twice at ash.
        (("blue", "agency"), ("2", "60.00")),
        // Ida at elm; oak said what ran, so that its plan does not count.
        (("blue", "red"), ("1", "37.50")),
        // Kim at ash, and in reserve.
        (("fund", "agency"), ("3", "60.00")),
        // Jan at oak and at ash: cents of each block are whole.
        (("fund", "blue"), ("2", "15.06")),
        // Ida at oak and at elm.
        (("fund", "red"), ("2", "25.00")),
        (("red", "blue"), ("1", "22.57")),
    ];
    let expected = expected.map(|((from, to), (blocks, cost))| {
        ((from.to_owned(), to.to_owned()), (blocks.to_owned(), cost.to_owned()))
    });
    assert_eq!(owed, expected.into());
    let balance = told["balance"].as_object().expect("balances");
    let cents = balance.values().map(|amount| (amount.as_f64().expect("an amount") * 100.0).round() as i64);
    assert_eq!(cents.sum::<i64>(), 0, "{balance:?}");
}

#[test]
fn a_settlement_without_weeks_says_what_is_missing() {
    let region = REGION.replace("ran = [\"oak.csv\"]\n", "").replace("ran = [\"ash.csv\"]\n", "");
    let folder = Folder::new().with("region.toml", &region);
    let settle = |words: &[&str]| {
        leerzone(&["region", "settle", "."]).args(words).current_dir(folder.path()).assert().code(2)
    };
    settle(&[]).stderr(contains("no school says what ran"));
    settle(&["--planned", "none.csv"]).stderr(contains("`none.csv` is missing"));
    let folder = Folder::new();
    leerzone(&["region", "settle"]).arg(folder.path()).assert().code(2).stderr(contains("oak.csv"));
}

/// Every row of `visits.csv` against the files, by plain loops.
fn recount(folder: &Folder) -> usize {
    let (visitors, hosts, visits) =
        (folder.rows("visitors.csv"), folder.rows("hosts.csv"), folder.rows("visits.csv"));
    let has = |list: &str, item: &str| list.is_empty() || list.split('|').any(|one| one == item);
    for visit in &visits {
        let same = |row: &&BTreeMap<String, String>| {
            ["host", "school", "day", "start", "end"].iter().all(|column| row[*column] == visit[*column])
        };
        let host = hosts.iter().find(same).unwrap_or_else(|| panic!("nobody guides then: {visit:?}"));
        let visitor = visitors.iter().find(|row| row["visitor"] == visit["visitor"]).expect("a visitor");
        assert!(has(&host["kinds"], &visitor["kind"]), "{visit:?}");
        assert!(has(&visitor["days"], &visit["day"]), "{visit:?}");
        let subjects = &visitor["subjects"];
        assert!(
            subjects.is_empty() || subjects.split('|').any(|one| has(&host["subjects"], one)),
            "{visit:?}"
        );
        let guests = visits
            .iter()
            .filter(|other| ["host", "day", "start"].iter().all(|column| other[*column] == visit[*column]));
        assert!(guests.count() <= host["most"].parse().expect("a number"), "{visit:?}");
        let at_once = visits.iter().filter(|other| {
            other["visitor"] == visit["visitor"]
                && other["day"] == visit["day"]
                && other["start"] < visit["end"]
                && visit["start"] < other["end"]
        });
        assert_eq!(at_once.count(), 1, "{visit:?}");
        let minutes: u32 = visit["minutes"].parse().expect("a number");
        assert!(visitor["minutes"].is_empty() || minutes <= visitor["minutes"].parse().expect("a number"));
    }
    for visitor in &visitors {
        let asked: usize = visitor["times"].parse().expect("a number");
        let got = visits.iter().filter(|visit| visit["visitor"] == visitor["visitor"]).count();
        let missing =
            folder.rows("unplaced.csv").into_iter().find(|row| row["visitor"] == visitor["visitor"]);
        let missing = missing.map_or(0, |row| row["missing"].parse().expect("a number"));
        assert_eq!(got + missing, asked, "{visitor:?}");
    }
    visits.len()
}

#[test]
fn visitors_find_hosts_and_hear_why_not() {
    let folder = Folder::new()
        .with(
            "hosts.csv",
            "host,school,kinds,subjects,day,start,end,most\n\
             ann,oak,visit,wi,mon,09:00,10:00,1\n\
             ann,oak,visit,wi,tue,09:00,10:00,1\n\
             bob,elm,,wi|en,mon,09:00,10:00,2\n\
             cas,ash,trainee,en,mon,09:00,12:00,1\n",
        )
        .with(
            "visitors.csv",
            "visitor,name,kind,subjects,schools,from,minutes,days,times\n\
             v1,Vera,visit,wi,oak,oak,,mon,1\n\
             v2,Wim,visit,wi,oak,oak,,mon,1\n\
             v3,Xia,visit,,,,,,2\n\
             v4,Yan,trainee,en,ash,oak,60,,1\n\
             v5,Zoe,visit,fr,,,,,1\n\
             v6,Abe,trainee,wi,oak,,,tue,1\n\
             v7,Bea,visit,wi,,,,wed,1\n",
        );
    let told = folder.run(&["place", ".", "--json"]);
    assert_eq!(told["proven"], true);
    // Hours: ann mon 1, ann tue 1, bob mon 2; cas is too far for the only trainee of English.
    assert_eq!(recount(&folder), 4, "{told}");
    let visits = folder.rows("visits.csv");
    let of = |id: &str| visits.iter().filter(|row| row["visitor"] == id).collect::<Vec<_>>();
    // One of the two who asked for oak goes to elm instead.
    assert_eq!(of("v1").len() + of("v2").len() + of("v4").len(), 3, "{visits:?}");
    assert_eq!(of("v3").len(), 1);
    let reasons: BTreeMap<String, String> = folder
        .rows("unplaced.csv")
        .into_iter()
        .map(|row| (row["visitor"].clone(), row["reason"].clone()))
        .collect();
    let expected = [("v3", "full"), ("v5", "subject"), ("v6", "day"), ("v7", "day")];
    assert_eq!(reasons, expected.map(|(id, why)| (id.to_owned(), why.to_owned())).into());
    let before = fs::read(folder.path().join("visits.csv")).expect("the file");
    leerzone(&["region", "place"]).arg(folder.path()).assert().success().stdout(contains("Zoe: 1 fewer"));
    assert_eq!(fs::read(folder.path().join("visits.csv")).expect("the file"), before);
}

#[test]
fn hosts_of_no_school_are_told() {
    let folder = Folder::new()
        .with("visitors.csv", "visitor,schools\nv1,oka\nv1,\n")
        .with("hosts.csv", "host,school,day,start,end\nann,beech,mon,10:00,09:00\n");
    leerzone(&["region", "place"])
        .arg(folder.path())
        .assert()
        .code(2)
        .stderr(contains("unknown school `beech`"))
        .stderr(contains("did you mean `oak`?"));
    leerzone(&["region", "place", "nowhere"])
        .assert()
        .code(2)
        .stderr(contains("`nowhere/region.toml` is missing"));
}
