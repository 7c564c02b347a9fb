//! `leerzone report`: a page that needs no network, in which text from the school stays text, and pages of
//! students that hold nothing of others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::small::{Small, contents, leerzone};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

/// Names that a page must not take for markup.
const SCRIPT: &str = "<script>alert(1)</script>";
const END: &str = "</script><img src=x onerror=alert(2)>";

/// A school with odd names, solved.
fn odd() -> Small {
    let small = Small::new()
        .with(
            "students.csv",
            &format!(
                "student,name,class,year\ns1,{SCRIPT},\"</style><b>1a\",1\ns2,{END},1b,1\ns3,Zoë Bos,1b,1\n"
            ),
        )
        .with("places.csv", "place,name,seats\nr1,\"\"\"><svg onload=alert(3)>\",10\nr2,Room 2,10\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\nall,en,1,should\ns3,na,1,could\n");
    small.solve(&[]).success();
    small
}

#[test]
fn the_page_of_a_unit_shows_what_its_budget_bought() {
    let toml = "name = \"Small\"\ndays = [\"mon\"]\n[[budget]]\nunit = \"red\"\ncovers = [\"staff:ben\"]\ncost = 50.5\n";
    let small = Small::new()
        .with("school.toml", toml)
        .with(
            "staff.csv",
            "staff,name,roles,subjects,unit,cost\nann,Ann,teacher,wi,red,10\nben,Ben,teacher,en,,8.25\n",
        )
        .with("packages.csv", "package,name,blocks,roles,people,unit\nkey,Keys,2,,1,red\n");
    small.solve(&[]).success();
    let told = data(&page(&small, &[]))["budgets"].clone();
    let text = "38.25 of 50.5 a week: 4 blocks, 2 of them in packages; 4 needs met in sessions led";
    assert_eq!(told, serde_json::json!([[0, text]]));
    let told = data(&page(&small, &["--lang", "nl"]))["budgets"].clone();
    assert!(told[0][1].as_str().is_some_and(|text| text.starts_with("38,25 van 50,5 per week")), "{told}");
}

fn page(small: &Small, arguments: &[&str]) -> String {
    let to = small.dir().join("page.html");
    leerzone(&["report"])
        .arg(small.dir())
        .arg(small.out())
        .arg("--to")
        .arg(&to)
        .args(arguments)
        .assert()
        .success()
        .stdout(contains("page.html"));
    fs::read_to_string(to).expect("the page")
}

/// What the page's script reads.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").expect("the data");
    let (json, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(json).expect("JSON")
}

#[test]
fn text_from_the_school_stays_text() {
    let small = odd();
    let page = page(&small, &[]);
    assert_eq!(page.matches("<script").count(), 2, "the data and the program's own script");
    assert_eq!(page.matches("</script>").count(), 2);
    for markup in ["<img", "<b>1a", "<svg onload", "alert(1)</script>"] {
        assert!(!page.contains(markup), "{markup} stands in the page as markup");
    }
    let data = data(&page);
    assert_eq!(data["students"][0][1], SCRIPT);
    assert_eq!(data["students"][1][1], END);
    assert_eq!(data["students"][2][1], "Zoë Bos");
}

#[test]
fn the_page_needs_nothing_else() {
    let page = page(&odd(), &[]);
    let own = page.replace("src=x", "");
    for reference in ["http:", "https:", "src=", "@import", "url(", "<link"] {
        assert!(!own.contains(reference), "the page refers to something by {reference}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn every_picture_has_its_table_and_the_figures_are_those_of_the_schedule() {
    let small = odd();
    let page = page(&small, &[]);
    assert_eq!(page.matches("<svg ").count(), 5);
    for section in page.split("<svg ").skip(1) {
        let (_, behind) = section.split_once("</svg>").expect("the end of the picture");
        let next = behind.split("<section").next().unwrap_or_default();
        assert!(next.contains("<table>"), "a picture without a table: {next}");
    }
    // Three of three, three of three, and physics, which nobody offers.
    for figure in ["3 of 3", "0 of 1", "3 of 3 students", "Every rule holds.", "nothing on offer meets it"] {
        assert!(page.contains(figure), "no {figure}");
    }
}

#[test]
fn the_language_is_that_of_the_school_unless_asked_otherwise() {
    let small = odd().with("school.toml", "name = \"Klein\"\ndays = [\"mon\"]\nlanguage = \"nl\"\n");
    let dutch = page(&small, &[]);
    assert!(
        dutch.contains("<html lang=\"nl\">") && dutch.contains("Wat zoekt u?") && dutch.contains("maandag")
    );
    let english = page(&small, &["--lang", "en"]);
    assert!(english.contains("<html lang=\"en\">") && english.contains("What are you looking for?"));
    leerzone(&["report"]).arg(small.dir()).arg(small.out()).args(["--lang", "de"]).assert().code(2);
    let wrong = small.with("school.toml", "name = \"Klein\"\ndays = [\"mon\"]\nlanguage = \"de\"\n");
    leerzone(&["check"]).arg(wrong.dir()).assert().code(2).stderr(contains("unknown language `de`"));
}

#[test]
fn a_page_of_a_student_holds_nothing_of_others() {
    let small = odd();
    let to = small.dir().join("pages");
    let split = || {
        let mut command = leerzone(&["report", "--split", "--to"]);
        command.arg(&to).arg(small.dir()).arg(small.out());
        command.assert()
    };
    split().success().stdout(contains("3 pages"));
    let pages = contents(&to);
    assert_eq!(pages.keys().collect::<Vec<_>>(), ["s1.html", "s2.html", "s3.html"]);
    let zoe = &pages["s3.html"];
    assert!(zoe.contains("Zoë Bos") && zoe.contains("Mathematics") && zoe.contains("Ann Smit"));
    for other in ["alert", "s1", "s2", "<script", "&lt;"] {
        let text = zoe.split_once("</style>").expect("the style's end").1;
        // The room's own name is odd as well.
        let text = text.replace("&#60;svg onload=alert(3)&#62;", "");
        assert!(!text.contains(other), "{other} stands in {text}");
    }
    assert!(pages["s1.html"].contains("&#60;script&#62;alert(1)&#60;/script&#62;"));

    // A folder in the schedule would be in the way of the next solve.
    let inside = small.out().join("pages");
    let mut command = leerzone(&["report", "--split", "--to"]);
    command.arg(&inside).arg(small.dir()).arg(small.out());
    command.assert().code(2).stderr(contains("pages lies in the schedule").and(contains("with --to")));
    assert!(!inside.exists());

    split().success();
    fs::write(to.join("notes.txt"), "mine").expect("a file");
    split().code(2).stderr(contains("notes.txt"));
    assert_eq!(fs::read_to_string(to.join("notes.txt")).expect("still there"), "mine");
}

#[test]
fn a_schedule_of_another_school_is_told_and_nothing_is_written() {
    let small = odd();
    let other = Small::new();
    let to = other.dir().join("page.html");
    fs::write(&to, "before").expect("a file");
    leerzone(&["report"])
        .arg(other.dir())
        .arg(small.out())
        .arg("--to")
        .arg(&to)
        .assert()
        .code(2)
        .stderr(contains("the school has no student `s3`"));
    assert_eq!(fs::read_to_string(&to).expect("the page"), "before");
    leerzone(&["report"]).arg(small.dir()).arg(small.dir().join("nowhere")).assert().code(2);
}

#[test]
fn the_page_stands_beside_the_schedule_by_default() {
    let small = odd();
    leerzone(&["report"]).arg(small.dir()).arg(small.out()).assert().success();
    assert!(small.dir().join("schedule.html").exists());
    // So the schedule's folder can still be replaced.
    small.solve(&[]).success();
}

/// A headless browser, where there is one.
fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let known = folders.iter().flat_map(|folder| names.map(|name| folder.join(name)));
    named.into_iter().chain(known).find(|path| path.is_file())
}

/// What the browser writes to stdout of a page; `None` without a browser.
fn browse(page: &Path, whose: &str, arguments: &[&str]) -> Option<String> {
    let Some(browser) = browser() else {
        eprintln!("skipped: no Chromium found (install it, or name it in CHROMIUM)");
        return None;
    };
    let profile = TempDir::new().expect("a temporary folder");
    let output = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(arguments)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}{whose}", page.display()))
        .output()
        .expect("the browser runs");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The week that the browser draws for an address behind `#`.
fn drawn(page: &Path, whose: &str) -> Option<String> {
    let dom = browse(page, whose, &["--dump-dom"])?;
    let view = dom.split_once("id=\"view\"").and_then(|(_, view)| view.split_once("<div id=\"overview\">"));
    Some(view.unwrap_or_else(|| panic!("no view in {dom}")).0.to_owned())
}

/// The sheets of paper that it takes.
fn sheets(page: &Path, whose: &str) -> Option<usize> {
    let folder = TempDir::new().expect("a temporary folder");
    let to = folder.path().join("page.pdf");
    browse(page, whose, &["--no-pdf-header-footer", &format!("--print-to-pdf={}", to.display())])?;
    let pdf = fs::read(&to).expect("the printed page");
    let count = |text: &str| pdf.windows(text.len()).filter(|window| *window == text.as_bytes()).count();
    Some(count("/Type /Page") - count("/Type /Pages"))
}

#[test]
fn a_week_prints_on_one_sheet() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = TempDir::new().expect("a temporary folder");
    let (school, out) = (root.join("examples").join("first-school"), folder.path().join("out"));
    leerzone(&["solve", "--quiet", "--out"]).arg(&out).arg(&school).assert().success();
    leerzone(&["report"]).arg(&school).arg(&out).assert().success();
    leerzone(&["report", "--split"]).arg(&school).arg(&out).assert().success();
    let page = out.with_extension("html");
    for whose in ["#student/amina", "#staff/bert", "#place/plein"] {
        let Some(sheets) = sheets(&page, whose) else { return };
        assert_eq!(sheets, 1, "{whose}");
    }
    assert_eq!(sheets(&folder.path().join("out-students").join("amina.html"), ""), Some(1));
}

#[test]
fn a_repaired_week_says_who_is_out_who_stands_in_and_no_gap_of_the_plan() {
    let small = Small::new().with(
        "staff.csv",
        "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\nben,Ben Mol,teacher,wi|en\ncid,Cid Pol,teacher,wi\n",
    );
    small.solve(&[]).success();
    let sessions = fs::read_to_string(small.out().join("sessions.csv")).expect("the sessions");
    let lead = if sessions.contains(",cid,") { "cid" } else { "ann" };
    leerzone(&["replan", "--absent", lead, "--out"])
        .arg(small.out())
        .arg(small.dir())
        .arg(small.out())
        .assert()
        .success()
        .stdout(contains(" of ").and(contains("repaired schedule written")));
    let page = page(&small, &[]);
    let repair = &data(&page)["repair"];
    assert_eq!(repair["absent"].as_array().map(Vec::len), Some(1), "{repair}");
    assert!(repair["shifts"].as_array().is_some_and(|shifts| !shifts.is_empty()), "{repair}");
    let said = page.split("id=\"data\"").next().unwrap_or_default();
    assert!(
        said.contains("This week was repaired after it was made") && !said.contains("better than this one")
    );
}

#[test]
fn regular_lessons_stand_in_the_week() {
    let small = odd().with("busy.csv", "kind,id,day,start,end,note\nclass,1b,mon,13:00,14:00,History\n");
    small.solve(&[]).success();
    let page = page(&small, &[]);
    assert_eq!(data(&page)["busy"][0][4], "History");
    let to = small.dir().join("pages");
    let mut command = leerzone(&["report", "--split", "--to"]);
    command.arg(&to).arg(small.dir()).arg(small.out()).assert().success();
    assert!(contents(&to)["s3.html"].contains("History") && !contents(&to)["s1.html"].contains("History"));
}

/// A page that shows another one at several widths and writes down what is out of place: a page wider than its window,
/// text outside its card, cards that lie over each other.
const RULER: &str = r##"<body><script>
const shown = SHOWN;
const found = [];
let left = shown.length;
const measure = (frame, name) => {
  const page = frame.contentDocument;
  const cards = [...page.querySelectorAll("#view .card")];
  if (page.documentElement.scrollWidth > frame.clientWidth) found.push(name + ": wider than its window");
  if (frame.contentWindow.location.hash && !page.querySelector("#view > *")) found.push(name + ": nothing shown");
  const boxes = cards.map((card) => card.getBoundingClientRect());
  boxes.forEach((box, at) => {
    for (const part of cards[at].querySelectorAll("*")) {
      if (part.closest("details > ul")) continue;
      const inner = part.getBoundingClientRect();
      if (inner.width && (inner.right > box.right + 1 || inner.bottom > box.bottom + 1)) found.push(name + ": outside its card: " + part.textContent);
    }
    boxes.slice(at + 1).forEach((other) => {
      const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (across > 1 && down > 1) found.push(name + ": over another card: " + cards[at].textContent);
    });
  });
  left -= 1;
  if (!left) document.body.append("measured " + shown.length + "; " + found.join("; ") + " end");
};
for (const [address, width] of shown) {
  const frame = document.createElement("iframe");
  frame.style.cssText = "border:0;height:900px;width:" + width + "px";
  frame.onload = () => measure(frame, address + " at " + width);
  frame.src = address;
  document.body.append(frame);
}
</script>"##;

#[test]
fn nothing_is_wider_than_its_window_outside_its_card_or_over_another() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = TempDir::new().expect("a temporary folder");
    let (school, out) = (root.join("examples").join("first-school"), folder.path().join("out"));
    leerzone(&["solve", "--quiet", "--out"]).arg(&out).arg(&school).assert().success();
    leerzone(&["report"]).arg(&school).arg(&out).assert().success();
    let of_school = data(&fs::read_to_string(out.with_extension("html")).expect("the page"));
    let first = |list: &str| of_school[list][0][0].as_str().expect("an id").to_owned();
    let mut whose =
        vec![String::new(), "#weeks/all/student".to_owned(), format!("#lists/block/{}", first("blocks"))];
    for (kind, list) in [
        ("student", "students"),
        ("staff", "staff"),
        ("block", "blocks"),
        ("subject", "subjects"),
        ("group", "groups"),
    ] {
        whose.push(format!("#{kind}/{}", first(list)));
    }
    whose.extend(["#place/plein", "#day/mon"].map(str::to_owned));
    let shown: Vec<(String, u32)> = whose
        .iter()
        .flat_map(|whose| [1440, 1280, 390].map(|width| (format!("out.html{whose}"), width)))
        .collect();
    let ruler = folder.path().join("ruler.html");
    let list = serde_json::to_string(&shown).expect("JSON");
    fs::write(&ruler, RULER.replace("SHOWN", &list)).expect("the ruler");
    let arguments = ["--allow-file-access-from-files", "--virtual-time-budget=20000", "--dump-dom"];
    let Some(dom) = browse(&ruler, "", &arguments) else { return };
    let clean = format!("measured {};  end", shown.len());
    let said = dom.split_once("</script>").map_or(&*dom, |(_, said)| said);
    assert!(said.contains(&clean), "{}", said.rsplit("measured").next().unwrap_or(said));
}

#[test]
fn everybody_prints_on_a_sheet_each() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = TempDir::new().expect("a temporary folder");
    let (school, out) = (root.join("examples").join("first-school"), folder.path().join("out"));
    leerzone(&["solve", "--quiet", "--out"]).arg(&out).arg(&school).assert().success();
    leerzone(&["report"]).arg(&school).arg(&out).assert().success();
    let page = out.with_extension("html");
    let of_school = data(&fs::read_to_string(&page).expect("the page"));
    for (kind, list) in [("student", "students"), ("staff", "staff"), ("place", "places")] {
        let Some(sheets) = sheets(&page, &format!("#weeks/all/{kind}")) else { return };
        assert_eq!(sheets, of_school[list].as_array().expect("a list").len(), "{kind}");
    }
}

#[test]
fn a_browser_draws_the_week_of_whoever_is_asked_for() {
    let small = odd();
    page(&small, &[]);
    let path = small.dir().join("page.html");
    let Some(student) = drawn(&path, "#student/s1") else { return };
    assert!(student.contains("<h2 tabindex=\"-1\">&lt;script&gt;alert(1)&lt;/script&gt;</h2>"), "{student}");
    assert!(student.contains(">Mathematics</a></strong>"), "no lesson in {student}");
    assert!(!student.contains("<img"));
    let Some(class) = drawn(&path, "#class/1b") else { return };
    assert!(class.contains("2 of these students") && class.contains("Zoë Bos"), "{class}");
    let Some(place) = drawn(&path, "#place/r2") else { return };
    assert!(place.contains("3 of 4 seats") || place.contains("Nothing this week"), "{place}");
    // A link may be written either way.
    let Some(linked) = drawn(&path, "#student=s3") else { return };
    assert!(linked.contains("<h2 tabindex=\"-1\">Zoë Bos</h2>"), "{linked}");
    let Some(nobody) = drawn(&path, "#student/nobody") else { return };
    assert!(nobody.contains("This timetable has nothing called nobody."));
}

#[test]
fn what_was_asked_for_and_by_whom() {
    let needs = "who,subject,sessions,priority,by,note\n\
                 s1,wi,1,must,ann,test on <b>Thursday</b>\ns2,na,1,must,Ann Smit,\ns2,wi,1,must,mother of Bea,tired\n";
    let small = Small::new().with("needs.csv", needs);
    small.solve(&[]).success();
    leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
    let unmet = fs::read_to_string(small.out().join("unmet_needs.csv")).expect("the file");
    let mut lines = unmet.lines();
    assert_eq!(lines.next(), Some("student,subject,priority,missing,reason,detail,by,note"));
    assert!(lines.next().is_some_and(|line| line.ends_with(",Ann Smit,")), "{unmet}");
    let data = data(&page(&small, &[]));
    let requests: Vec<Vec<Value>> = serde_json::from_value(data["requests"].clone()).expect("rows");
    assert_eq!(requests.len(), 3, "{requests:?}");
    assert_eq!(requests[0][4], "asked by Ann Smit: test on <b>Thursday</b>");
    assert_eq!(requests[0][6], "met");
    assert_eq!(requests[1][0], 0, "a member of staff by name");
    assert!(
        requests[1][6].as_str().is_some_and(|outcome| outcome.starts_with("1 not met: ")),
        "{requests:?}"
    );
    assert_eq!((&requests[2][0], &requests[2][4]), (&Value::Null, &"asked by mother of Bea: tired".into()));
    let pages = small.dir().join("pages");
    leerzone(&["report", "--split", "--to"]).arg(&pages).arg(small.dir()).arg(small.out()).assert().success();
    let own = fs::read_to_string(pages.join("s1.html")).expect("a page");
    assert!(own.contains("asked by your teacher of Mathematics: test on"), "{own}");
    assert!(!own.contains("<b>Thursday"), "{own}");
}
