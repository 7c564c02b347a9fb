//! `comparison.html`: one page that needs nothing else, with the same small pictures for every combination.

mod charts;
mod html;

use askama::Template;

use crate::pluralize::pluralize;
use crate::school::Priority;

use super::evaluate::Block;
use super::measure::{Measure, short};
use super::pair::{Finding, Group, Pair};
use super::{Comparison, Evaluated, Ranked, text};

use charts::{Bar, Change, Point};
use html::{escape, figure, table};

/// Pairs with pictures; all stand in `comparison.json`.
const PAIRS_SHOWN: usize = 40;
/// Groups drawn of one kind; the table has all.
const GROUPS_DRAWN: usize = 30;
/// Students who miss so many or more share a column.
const MANY: u32 = 6;

#[derive(Template)]
#[template(path = "comparison.html")]
struct Page<'a> {
    lang: &'static str,
    title: &'a str,
    style: &'static str,
    /// Put together by the functions below.
    body: &'a str,
}

/// The whole page.
///
/// # Errors
/// Never for a comparison; rendering reports its own faults.
pub fn page(comparison: &Comparison) -> Result<String, askama::Error> {
    let schools: Vec<&str> = comparison
        .results
        .chunk_by(|a, b| a.judged.combination.dir == b.judged.combination.dir)
        .map(|of_school| of_school[0].judged.school.as_str())
        .collect();
    let title = match schools[..] {
        [one] => format!("{one}: layouts and scenarios compared"),
        _ => format!("{} schools compared", schools.len()),
    };
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    body += &findings(comparison);
    for of_school in comparison.results.chunk_by(|a, b| a.judged.combination.dir == b.judged.combination.dir)
    {
        body += &school(of_school, comparison);
    }
    body += &pairs(comparison);
    Page { lang: "en", title: &title, style: html::STYLE, body: &body }.render()
}

/// What stands fast, and in how many pairs nothing does; the words on each pair follow below.
fn findings(comparison: &Comparison) -> String {
    let mut html = String::new();
    let better = |pair: &&Pair| matches!(pair.finding, Finding::Better(_));
    for pair in comparison.pairs.iter().filter(better).take(PAIRS_SHOWN) {
        html += &finding(comparison, pair);
    }
    let count = |finding: Finding| comparison.pairs.iter().filter(|pair| pair.finding == finding).count();
    for (finding, words) in [
        (Finding::Noise, "no finding: the two totals differ by less than the lower one may still gain"),
        (Finding::Equal, "the two totals are the same"),
        (
            Finding::Incomparable,
            "the two totals count different needs, weights or rules: compare what is met",
        ),
    ] {
        let pairs = count(finding);
        if pairs > 0 {
            let all = comparison.pairs.len();
            html += &format!("<p class=\"finding noise\">In {pairs} of {all} pairs: {words}.</p>\n");
        }
    }
    if let Some(noise) = text::noise(comparison) {
        html += &format!("<p>{}</p>\n", escape(&noise));
    }
    for missing in &comparison.missing {
        html += &format!("<p><b>Missing:</b> {}: {}</p>\n", escape(&missing.name), escape(&missing.why));
    }
    html
}

fn finding(comparison: &Comparison, pair: &Pair) -> String {
    let class = if matches!(pair.finding, Finding::Better(_)) { "finding" } else { "finding noise" };
    format!("<p class=\"{class}\">{}.</p>\n", escape(&pair.words(comparison)))
}

fn school(results: &[Ranked], comparison: &Comparison) -> String {
    let mut html = String::new();
    if comparison.several_schools() {
        html += &format!("<h2>{}</h2>\n", escape(&results[0].judged.school));
    }
    html += &format!("<p>The best first, by {}.</p>\n", escape(comparison.by.about()));
    let mut header = vec!["combination", "rank"];
    header.extend(Measure::ALL.map(Measure::heading));
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|ranked| {
            let mut row = vec![ranked.judged.combination.name.clone(), ranked.rank.to_string()];
            row.extend(Measure::ALL.map(|measure| measure.shown(&ranked.judged)));
            row
        })
        .collect();
    html += &table(&header, &rows);
    html += &frontier(results, comparison);
    let scale = Scale::of(results);
    html += "<div class=\"many\">\n";
    for ranked in results {
        html += &one(ranked, &scale);
    }
    html + "</div>\n"
}

/// Needs met against staff used, where there is a choice.
fn frontier(results: &[Ranked], comparison: &Comparison) -> String {
    if results.len() < 3 {
        return String::new();
    }
    let on_it = comparison.frontier();
    let (mut points, mut rows) = (Vec::new(), Vec::new());
    for ranked in results {
        let judged = &ranked.judged;
        let best = on_it.iter().any(|one| std::ptr::eq(*one, judged));
        let name = &judged.combination.name;
        points.push(Point {
            label: ranked.rank.to_string(),
            told: format!(
                "{name}: {} in needs with {} staff blocks",
                short(judged.needs_value()),
                judged.staff_blocks
            ),
            at: (judged.staff_blocks as f64, judged.needs_value()),
            best,
        });
        let numbers = [short(judged.needs_value()), judged.staff_blocks.to_string()];
        let mut row = vec![name.clone()];
        row.extend(numbers);
        row.push(if best { "yes" } else { "no" }.to_owned());
        rows.push(row);
    }
    let title = "Value of the needs met (upwards) against blocks that staff work (to the right), by rank";
    let header = ["combination", "needs met", "staff blocks", "nothing is better in both"];
    figure(title, &charts::points(title, &points), &header, &rows)
}

/// The tops that all results of a school share, so that their pictures can be held against each other.
struct Scale {
    seats: f64,
    free: f64,
    students: f64,
}

impl Scale {
    fn of(results: &[Ranked]) -> Self {
        let most = |value: &dyn Fn(&Evaluated) -> f64| {
            results.iter().map(|ranked| value(&ranked.judged)).fold(1.0, f64::max)
        };
        let of_blocks = |judged: &Evaluated, value: &dyn Fn(&Block) -> u32| {
            judged.blocks.iter().map(|block| f64::from(value(block))).fold(0.0, f64::max)
        };
        Self {
            seats: most(&|judged| of_blocks(judged, &|block| block.usage.seats)),
            free: most(&|judged| of_blocks(judged, &|block| block.usage.free)),
            students: most(&|judged| {
                missed(judged).iter().map(|(_, students)| *students as f64).fold(0.0, f64::max)
            }),
        }
    }
}

fn one(ranked: &Ranked, scale: &Scale) -> String {
    let judged = &ranked.judged;
    let mut about = vec![format!("layout {}", judged.layout)];
    about.extend(judged.scenario.as_ref().map(|scenario| format!("scenario {scenario}")));
    let mut html = format!(
        "<section class=\"one\"><h3>{}. {}</h3><p>{}<br>total {}, at most {} is possible (gap {})</p>\n",
        ranked.rank,
        escape(&judged.combination.name),
        escape(&about.join(", ")),
        short(judged.total),
        short(judged.bound),
        Measure::Gap.shown(judged)
    );
    html += &needs(judged);
    html += &seats(judged, scale);
    html += &free(judged, scale);
    html += &misses(judged, scale);
    html + "</section>\n"
}

fn needs(judged: &Evaluated) -> String {
    let (mut bars, mut rows) = (Vec::new(), Vec::new());
    for priority in Priority::ALL {
        let (met, asked) = (judged.met[priority as usize], judged.asked[priority as usize]);
        if asked > 0 {
            let label = priority.label().to_owned();
            rows.push(vec![label.clone(), met.to_string(), asked.to_string()]);
            bars.push(Bar { label, value: met as f64, of: asked as f64, told: format!("{met} of {asked}") });
        }
    }
    let title = "Need sessions met";
    figure(title, &charts::parts(title, &bars), &["priority", "met", "asked"], &rows)
}

/// Blocks of each day, in their order.
fn days(judged: &Evaluated) -> Vec<(String, usize)> {
    judged.blocks.chunk_by(|a, b| a.day == b.day).map(|day| (day[0].day.clone(), day.len())).collect()
}

fn seats(judged: &Evaluated, scale: &Scale) -> String {
    let bars: Vec<Bar> = judged
        .blocks
        .iter()
        .map(|block| Bar {
            label: block.block.clone(),
            value: f64::from(block.usage.taken),
            of: f64::from(block.usage.seats),
            told: format!("{} of {} seats taken", block.usage.taken, block.usage.seats),
        })
        .collect();
    let title = "Seats taken in each block, of those that the sessions have";
    let rows: Vec<Vec<String>> = judged
        .blocks
        .iter()
        .map(|block| {
            let usage = &block.usage;
            let mut row = vec![block.block.clone(), block.kind.to_owned()];
            row.extend(
                [usage.taken, usage.seats, usage.sessions, usage.study].map(|count| count.to_string()),
            );
            row
        })
        .collect();
    let header = ["block", "kind", "taken", "seats", "sessions", "at study"];
    figure(title, &charts::columns(title, &bars, scale.seats, &days(judged)), &header, &rows)
}

fn free(judged: &Evaluated, scale: &Scale) -> String {
    let (mut bars, mut rows) = (Vec::new(), Vec::new());
    for block in &judged.blocks {
        let (free, deployed) = (block.usage.free, block.usage.deployed);
        rows.push(vec![block.block.clone(), free.to_string(), deployed.to_string()]);
        bars.push(Bar {
            label: block.block.clone(),
            value: f64::from(free),
            of: f64::from(free),
            told: format!("{free} free, {deployed} at work"),
        });
    }
    let title = "Staff neither busy nor at work in each block";
    let picture = charts::columns(title, &bars, scale.free, &days(judged));
    figure(title, &picture, &["block", "free", "at work"], &rows)
}

/// How many students miss one, two, ... sessions of `must` and `should`.
fn missed(judged: &Evaluated) -> Vec<(u32, usize)> {
    let students =
        |missed: u32| judged.students.iter().filter(|student| student.missed().min(MANY) == missed).count();
    (1..=MANY).map(|missed| (missed, students(missed))).collect()
}

fn misses(judged: &Evaluated, scale: &Scale) -> String {
    let label = |missed: u32| if missed == MANY { format!("{MANY} or more") } else { missed.to_string() };
    let (mut bars, mut rows, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for (missed, students) in missed(judged) {
        let students_of = students as f64;
        rows.push(vec![label(missed), students.to_string()]);
        labels.push((label(missed), 1));
        let told = pluralize(students, "student");
        bars.push(Bar {
            label: format!("{} missing", label(missed)),
            value: students_of,
            of: students_of,
            told,
        });
    }
    let title = "Students by must and should sessions that they miss";
    let picture = charts::columns(title, &bars, scale.students, &labels);
    figure(title, &picture, &["sessions missing", "students"], &rows)
}

fn pairs(comparison: &Comparison) -> String {
    let with_changes: Vec<&Pair> = comparison.pairs.iter().filter(|pair| !pair.changes.is_empty()).collect();
    if with_changes.is_empty() {
        return String::new();
    }
    let mut html =
        "<h2>Who gains and who loses</h2>\n<p>A student gains who misses fewer sessions, those of \
                    <code>must</code> first.</p>\n"
            .to_owned();
    for pair in with_changes.iter().take(PAIRS_SHOWN) {
        html += &one_pair(comparison, pair);
    }
    if with_changes.len() > PAIRS_SHOWN {
        html +=
            &format!("<p>{} more pairs stand in comparison.json.</p>\n", with_changes.len() - PAIRS_SHOWN);
    }
    html
}

fn one_pair(comparison: &Comparison, pair: &Pair) -> String {
    let name = |index: usize| escape(&comparison.judged(index).combination.name);
    let mut html = format!(
        "<h3>{} against {}</h3>\n<p>{}.</p>\n{}<div class=\"many\">\n",
        name(pair.b),
        name(pair.a),
        escape(&text::sentence(pair)),
        finding(comparison, pair)
    );
    for by in ["year", "class", "unit"] {
        let groups: Vec<&Group> = pair.groups.iter().filter(|group| group.by == by).collect();
        if groups.is_empty() {
            continue;
        }
        let bars = groups.iter().take(GROUPS_DRAWN).map(|group| Change {
            label: group.value.clone(),
            lose: group.lose as f64,
            gain: group.gain as f64,
        });
        let title = format!("Students who lose and gain, by {by}");
        let picture = charts::changes(&title, &bars.collect::<Vec<_>>());
        let rows = groups.iter().map(|group| {
            let mut row = vec![group.value.clone(), group.gain.to_string(), group.lose.to_string()];
            row.extend(group.more.map(|more| format!("{more:+}")));
            row
        });
        let header = [by, "gain", "lose", "must", "should", "could"];
        html += &figure(&title, &picture, &header, &rows.collect::<Vec<_>>());
    }
    html + "</div>\n"
}
