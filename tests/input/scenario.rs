//! `--scenario` and `--set`: a school changed in memory is the school whose files were changed by hand, and
//! what is wrong with a change is told where the change stands.

use std::fs;
use std::path::{Path, PathBuf};

use crate::small_school::{Checked, Folder, check};
use assert_cmd::Command;
use leerzone::read::Input;
use leerzone::whatif::scenario::Scenario;
use serde_json::Value;

/// The small school and a scenario beside it.
fn checked(folder: &Folder, scenario: &str, more: &[&str]) -> Checked {
    folder.write("what-if.toml", scenario);
    let file = folder.file("what-if.toml");
    let mut arguments = vec!["--scenario", file.to_str().unwrap()];
    arguments.extend(more);
    check(folder.path(), &arguments)
}

/// Everything that is read, with the changes.
fn read(folder: &Path, files: &[PathBuf], sets: &[&str]) -> String {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    let scenario = Scenario::load(folder, files, &sets);
    let reading = Input { dir: folder, layout: None, changes: &scenario.changes }.read();
    let school = reading.school.unwrap_or_else(|| panic!("{:?}", reading.problems));
    // Lines of pins and pairs are those of the file, which the other way of changing may move.
    format!("{school:?}")
}

fn with(folder: &Folder, scenario: &str) -> String {
    folder.write("what-if.toml", scenario);
    read(folder.path(), &[folder.file("what-if.toml")], &[])
}

const EVERYTHING: &str = r#"
name = "all at once"
remove.places = ["r2"]
remove.school = ["presence.fill", "reserve"]
[[remove.offerings]]
offering = "ku-les"
[[remove.needs]]
subject = "ne|ku"
priority = "should"
[[remove.needs]]
who = "s3"
[[remove.block]]
id = "mon-2"
[set.staff.jan]
max_blocks = 9
subjects = ["wi-ha", "ne"]
max_per_day = 2
[[set.needs]]
where = { who = "class:1a" }
sessions = 2
staff = ""
[set.school]
name = "Groot"
[set.school.presence.min_blocks]
"1" = 2
[set.block."{day}-1"]
end = "10:15"
[[set.budget]]
where = { unit = "*" }
cost = 900
[[add.staff]]
staff = "lia, jr"
roles = "teacher"
subjects = "ne"
cost = 9.5
[[add.pins]]
kind = "ban"
staff = "lia, jr"
block = "mon-1"
"#;

#[test]
fn a_changed_school_is_the_school_whose_files_were_changed() {
    let by_hand = Folder::with("places.csv", "r2,atelier,,20,2,atelier\n", "")
        .and("offerings.csv", "ku-les,kunst,ku,zone,1,4,teacher|guest,atelier,\n", "")
        .and("needs.csv", "s1,ne|ku,1,should,,\n", "")
        .and("needs.csv", "s3,ku,1,could,,\n", "")
        .and("needs.csv", "class:1a,wi-ha,1,must,,jan", "class:1a,wi-ha,2,must,,")
        .and("layout.toml", "10:00\"\nkind = \"lesson\"", "10:15\"\nkind = \"lesson\"")
        .and("school.toml", "Klein", "Groot")
        .and("school.toml", "\"1\" = 1", "\"1\" = 2")
        .and("school.toml", "fill = \"study\"\n", "")
        .and("school.toml", "[reserve]\nstaff_per_block = 0\n", "")
        .and("school.toml", "1200.0", "900")
        .and("staff.csv", ",max_blocks,cost\n", ",max_blocks,cost,max_per_day\n")
        .and("staff.csv", "onder,8,10.5\n", "onder,9,10.5,2\n")
        .and("staff.csv", "onder,8,10\n", "onder,8,10,\n\"lia, jr\",,teacher,ne,,,,9.5,\n")
        .plus("pins.csv", "kind,block,offering,staff,place,student\nban,mon-1,,\"lia, jr\",,\n");
    let layout = fs::read_to_string(by_hand.file("layout.toml")).unwrap();
    let end = layout.rfind("[[block]]").unwrap();
    by_hand.write("layout.toml", &layout[..end]);
    assert_eq!(with(&Folder::new(), EVERYTHING), read(by_hand.path(), &[], &[]));
}

#[test]
fn semicolons_quotes_and_line_ends_are_kept() {
    let excel = "student;name;class;year;unit;coach\r\ns1;\"Anna; \"\"A\"\"\";1a;1;onder;jan\r\n\
                 s2;Bram;1a;1;onder;\r\ns3;Chaya;2b;2;onder;";
    let folder = Folder::new().plus("students.csv", excel);
    let changed =
        with(&folder, "[set.students.s1]\nyear = 2\n[[add.students]]\nstudent = \"s4\"\nclass = \"1a\"\n");
    let by_hand = Folder::new()
        .plus("students.csv", &(excel.replace("1a;1;onder;jan", "1a;2;onder;jan") + "\r\ns4;;1a;;;\r\n"));
    assert_eq!(changed, read(by_hand.path(), &[], &[]));
}

#[test]
fn setting_every_cell_to_what_it_is_changes_nothing() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for example in fs::read_dir(examples).unwrap() {
        let dir = example.unwrap().path();
        // Its headings are Dutch.
        if dir.ends_with("eerste-school") {
            continue;
        }
        let mut sets = Vec::new();
        for file in ["staff", "students", "places", "offerings", "subjects"] {
            let mut reader = csv::Reader::from_path(dir.join(format!("{file}.csv"))).unwrap();
            let header = reader.headers().unwrap().clone();
            for row in reader.records().map(Result::unwrap) {
                sets.extend(
                    header
                        .iter()
                        .zip(&row)
                        .skip(1)
                        .map(|(column, cell)| format!("{file}.{}.{column}={cell}", row[0].to_owned())),
                );
            }
        }
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        assert!(!sets.is_empty());
        assert_eq!(read(&dir, &[], &sets), read(&dir, &[], &[]), "{}", dir.display());
    }
}

#[test]
fn single_changes_set_cells_and_settings() {
    let folder = Folder::new();
    let sets = [
        "staff.jan.max_blocks=9",
        "staff.eva.likes=ku-les|ne-les",
        "students.s1.coach=",
        "school.weights.must=50",
        "school.presence.min_blocks.2=1",
        "block.{day}-1.start=08:55",
    ];
    let by_hand = Folder::with("staff.csv", "onder,8,10.5", "onder,9,10.5")
        .and("staff.csv", "ku|ne,,", "ku|ne,ku-les|ne-les,")
        .and("students.csv", "1,onder,jan", "1,onder,")
        .and("school.toml", "must = 100", "must = 50")
        .and("school.toml", "\"1\" = 1,", "\"1\" = 1, \"2\" = 1,")
        .and("layout.toml", "\"09:00\"\nend = \"10:00\"", "\"08:55\"\nend = \"10:00\"");
    assert_eq!(read(folder.path(), &[], &sets), read(by_hand.path(), &[], &[]));
}

#[test]
fn all_rows_of_a_table_can_go() {
    let folder = Folder::with("needs.csv", ",,jan", ",,");
    let changed = with(&folder, "remove.busy = \"all\"\nremove.needs = \"all\"\nremove.budget = \"all\"\n");
    let by_hand = Folder::new()
        .plus("busy.csv", "kind,id,day\n")
        .plus("needs.csv", "who,subject,sessions,priority\n")
        .and("school.toml", "[[budget]]\nunit = \"*\"\ncost = 1200.0\n", "");
    assert_eq!(changed, read(by_hand.path(), &[], &[]));
}

#[test]
fn scenarios_are_made_in_turn_and_then_the_single_changes() {
    let folder =
        Folder::new().plus("a.toml", "[[add.staff]]\nstaff = \"lia\"\nroles = \"guest\"\nmax_blocks = 1\n");
    folder.write("b.toml", "[set.staff.lia]\nmax_blocks = 2\ncost = 3\n");
    let files = [folder.file("a.toml"), folder.file("b.toml")];
    let changed = read(folder.path(), &files, &["staff.lia.max_blocks=3"]);
    let by_hand = Folder::with("staff.csv", "onder,8,10\n", "onder,8,10\nlia,,guest,,,,3,3\n");
    assert_eq!(changed, read(by_hand.path(), &[], &[]));
    let turned = [folder.file("b.toml"), folder.file("a.toml")];
    let reading = Scenario::load(folder.path(), &turned, &[]);
    let reading = Input { dir: folder.path(), layout: None, changes: &reading.changes }.read();
    assert!(reading.problems[0].message.contains("no row with staff `lia`"), "{:?}", reading.problems);
}

#[test]
fn what_is_wrong_with_a_change_is_told_where_it_stands() {
    let scenario = "[set.staff.jan]\nmax_blocks = \"x3\"\n[[add.needs]]\nwho = \"class:9z\"\nsubject = \"ku\"\n\
                    sessions = 1\npriority = \"must\"\n[set.school.weights]\nmust = \"veel\"\n\
                    [set.block.mon-2]\nkind = \"zoen\"\n";
    let folder = Folder::new();
    let wrong = checked(&folder, scenario, &[]);
    wrong.fails_with(&[
        "what-if.toml:2:14",
        "found `x3`",
        "what-if.toml:4:7",
        "no student has the class `9z`",
        "what-if.toml:9:8",
        "what-if.toml:11:8",
        "did you mean `zone`?",
    ]);
}

#[test]
fn what_can_never_work_is_told_at_the_change_that_asks_for_it() {
    let folder = Folder::new();
    let scenario = "[[add.subjects]]\nsubject = \"la\"\n[[add.needs]]\nwho = \"s1\"\nsubject = \"la\"\nsessions = 1\n\
                    priority = \"could\"\n[[add.pins]]\nkind = \"attend\"\nblock = \"mon-1\"\noffering = \"ku-les\"\nstudent = \"s1\"\n";
    let wrong = checked(&folder, scenario, &[]);
    wrong.fails_with(&["what-if.toml:5:11", "what-if.toml:11:12"]);
}

#[test]
fn no_spoilt_scenario_makes_the_reader_panic() {
    let folder = Folder::new();
    let read_all = |text: &str| {
        folder.write("what-if.toml", text);
        let sets: Vec<String> = text.lines().map(|line| format!("school.{line}")).collect();
        for sets in [&[][..], &sets] {
            let scenario = Scenario::load(folder.path(), &[folder.file("what-if.toml")], sets);
            let reading = Input { dir: folder.path(), layout: None, changes: &scenario.changes }.read();
            assert_eq!(
                reading.school.is_none(),
                reading
                    .problems
                    .iter()
                    .any(|one| one.line.is_some() && one.severity == leerzone::read::Severity::Error)
            );
            leerzone::read::problems_as_text(&reading.problems);
        }
    };
    for (at, _) in EVERYTHING.char_indices() {
        if at % 3 == 0 {
            read_all(&EVERYTHING[..at]);
        }
        if at % 7 == 0 {
            read_all(&(EVERYTHING[..at].to_owned() + "é\"|=[" + &EVERYTHING[at + 1..]));
        }
    }
}

#[test]
fn an_added_row_without_a_required_cell_is_told_as_a_whole() {
    let folder = Folder::new();
    let wrong = checked(
        &folder,
        "[[add.staff]]\nstaff = \"lia\"\n[[add.pairs]]\nkind = \"apart\"\nstudent = \"s1\"\n",
        &[],
    );
    wrong.fails_with(&["`roles` is empty", "what-if.toml:1:1", "`other` is empty", "what-if.toml:3:1"]);
}

#[test]
fn what_is_wrong_with_a_file_keeps_its_place_there() {
    let folder = Folder::with("staff.csv", "onder,8,10\n", "onder,acht,10\n");
    let changes = "remove.staff = [\"jan\"]\n[set.staff.eva]\nname = \"Eva de Lange, met een komma\"\nmax_per_day = 3\n";
    let wrong = checked(&folder, changes, &[]);
    wrong.fails_with(&["staff.csv:3:30", "eva,Eva,teacher,ku|ne,,onder,acht,10", "found `acht`"]);
}

#[test]
fn a_change_without_effect_is_an_error() {
    let folder = Folder::new();
    for (scenario, texts) in [
        ("[set.staff.jann]\ncost = 1\n", ["no row with staff `jann`", "did you mean `jan`?"]),
        ("[set.staff.jan]\ncosts = 1\n", ["unknown column `costs`", "did you mean `cost`?"]),
        ("[set.stuff.jan]\ncost = 1\n", ["unknown table `stuff`", "did you mean `staff`?"]),
        ("[change.staff.jan]\ncost = 1\n", ["`change` is not a kind of change", "what-if.toml:1:2"]),
        ("[set.needs.s1]\nsessions = 1\n", ["the rows of `needs` have no ids", "where"]),
        ("remove.school = [\"travel\"]\n", ["`travel` is a table with rows", "[[remove.travel]]"]),
        ("remove.school = [\"weights.could\"]\n", ["does not set `weights.could`", "what-if.toml:1:18"]),
        ("[set.school.weights]\nmost = 1\n", ["unknown setting of [weights] `most`", "did you mean `must`?"]),
        ("[[remove.pairs]]\nkind = \"apart\"\n", ["`pairs.csv` has no row", "what-if.toml:1:1"]),
        ("remove.packages = \"all\"\n", ["`packages.csv` has no row", "what-if.toml:1:19"]),
        ("[[remove.block]]\nid = \"mon-9\"\n", ["has no row with id `mon-9`", "did you mean `mon-2`?"]),
        ("[set.staff.jan]\ncost = { a = 1 }\n", ["`cost` cannot stand in a cell", "what-if.toml:2:8"]),
        ("set = 3\n", ["does not say which rows", "what-if.toml:1:7"]),
        ("[set.staff.jan\n", ["toml-syntax", "what-if.toml:1"]),
    ] {
        let wrong = checked(&folder, scenario, &[]);
        wrong.fails_with(&texts);
        wrong.says(&["1 error, 0 warnings"]);
    }
    for (set, text) in [
        ("staff.jan.max_blocks", "`staff.jan.max_blocks` is not a change"),
        ("staff.jan=3", "`staff.jan=3` is not a change"),
        ("staff.jan.max_blocks=veel", "--set:1:22"),
        ("school.name=", "`name` is empty"),
    ] {
        let wrong = check(folder.path(), &["--set", set]);
        wrong.fails_with(&[text, "1 error, 0 warnings"]);
    }
    let wrong = check(folder.path(), &["--scenario", "nowhere.toml"]);
    wrong.fails_with(&["`nowhere.toml` cannot be read"]);
}

fn leerzone(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("leerzone").unwrap();
    command.args(arguments);
    command
}

#[test]
fn a_schedule_names_its_scenario_and_is_verified_with_it() {
    let folder = Folder::new();
    folder.write(
        "more.toml",
        "name = \"more mathematics\"\n[[set.needs]]\nwhere = { subject = \"wi-ha\" }\nsessions = 2\n",
    );
    let dir = folder.path().to_str().unwrap();
    let out = folder.file("schedule");
    let more = ["--scenario", "more.toml", "--set", "staff.jan.max_blocks=9"];
    let summary =
        || -> Value { serde_json::from_slice(&fs::read(out.join("summary.json")).unwrap()).unwrap() };
    leerzone(&["solve", dir, "--quiet"]).assert().success();
    let plain = summary();
    let told = leerzone(&["solve", dir]).args(more).assert().success().get_output().stdout.clone();
    assert!(
        String::from_utf8(told).unwrap().contains("(scenario `more mathematics + staff.jan.max_blocks=9`)")
    );
    let changed = summary();
    assert_eq!(changed["options"]["scenario"][0], "more.toml");
    assert_eq!(changed["options"]["set"][0], "staff.jan.max_blocks=9");
    assert_eq!(
        (&plain["needs"]["must"]["asked"], &changed["needs"]["must"]["asked"]),
        (&2.into(), &4.into())
    );
    assert_ne!(plain["input_hash"], changed["input_hash"]);
    let schedule = out.to_str().unwrap();
    leerzone(&["verify", dir, schedule]).args(more).assert().success();
    let without = leerzone(&["verify", dir, schedule]).assert().code(4).get_output().stderr.clone();
    let without = String::from_utf8(without).unwrap();
    assert!(without.contains("made with --scenario more.toml --set staff.jan.max_blocks=9"), "{without}");
}

#[test]
fn every_output_of_such_a_schedule_names_the_scenario() {
    let folder = Folder::new();
    folder.write("most.toml", "name = \"Jan works more\"\n[set.staff.jan]\nmax_blocks = 9\n");
    let (dir, out, under) = (folder.path(), folder.file("schedule"), ["--scenario", "most.toml"]);
    let run = |command: &[&str], rest: &[&str]| {
        let mut run = leerzone(command);
        let told =
            run.arg(dir).arg(&out).args(rest).args(under).assert().success().get_output().stdout.clone();
        String::from_utf8(told).unwrap()
    };
    leerzone(&["solve", "--quiet"]).arg(dir).args(under).assert().success();
    let summary = fs::read_to_string(out.join("summary.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&summary).unwrap()["scenario"], "Jan works more");
    let page = folder.file("page.html");
    let sheet = folder.file("week.xlsx");
    let (page, sheet) = (page.to_str().unwrap(), sheet.to_str().unwrap());
    for told in [
        run(&["report"], &["--to", page]),
        run(&["export", "xlsx"], &[sheet]),
        run(&["explain", "--quiet"], &["all"]),
        run(&["advise", "--quiet", "--top", "2"], &[]),
        run(&["replan", "--quiet"], &["--absent", "jan"]),
    ] {
        assert!(told.contains("scenario `Jan works more`"), "{told}");
    }
    assert!(fs::read_to_string(page).unwrap().contains("Scenario: Jan works more"));
    let shown = leerzone(&["show"]).arg(&out).arg("jan").assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(shown).unwrap().contains("(scenario `Jan works more`)"));
    let mut compare = leerzone(&["compare", "--quiet"]);
    let told = compare.arg(dir).args(under).assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(told).unwrap().contains("most"));
    let compared = fs::read_to_string(folder.file("compare/comparison.csv")).unwrap();
    assert!(compared.contains("Jan works more"), "{compared}");
    // Who forgets it is told, whichever command it is.
    for command in ["explain", "report"] {
        let who: &[&str] = if command == "explain" { &["all"] } else { &[] };
        let mut forgetful = leerzone(&[command]);
        let told = forgetful.arg(dir).arg(&out).args(who).output().unwrap().stderr;
        let told = String::from_utf8(told).unwrap();
        assert!(told.contains("was made with --scenario most.toml: give it here as well"), "{told}");
    }
}

#[test]
fn a_schedule_that_counts_earlier_weeks_is_verified_with_them() {
    let folder = Folder::new();
    let (dir, first, second) = (folder.path(), folder.file("first"), folder.file("second"));
    leerzone(&["solve", "--quiet", "--out"]).arg(&first).arg(dir).assert().success();
    let mut solve = leerzone(&["solve", "--quiet", "--history"]);
    solve.arg(&first).arg("--out").arg(&second).arg(dir).assert().success();
    let mut verify = leerzone(&["verify", "--history"]);
    let told = verify.arg(&first).arg(dir).arg(&second).assert().success().get_output().stderr.clone();
    assert_eq!(String::from_utf8(told).unwrap(), "");
    let without = leerzone(&["verify"]).arg(dir).arg(&second).output().unwrap().stderr;
    let hint = format!("made with --history {}: give it here as well", first.display());
    assert!(String::from_utf8(without).unwrap().contains(&hint));
}
