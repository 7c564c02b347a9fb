//! What a single cell or key may say: numbers, times, words. Shared by CSV and TOML.

use std::collections::HashSet;

use super::problem::{Problem, nearest};
use super::words;

/// No count of people, blocks or minutes of a school comes near it. Sums over people can still leave `u32`.
pub const MOST: u32 = 1_000_000;
/// The same for values and costs.
const MOST_AMOUNT: f64 = 1e9;

/// A whole number from 0 to [`MOST`].
pub fn count(text: &str) -> Result<u32, Problem> {
    if let Ok(number) = text.parse::<u32>() {
        return if number <= MOST { Ok(number) } else { Err(too_large(text)) };
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(if text.starts_with('-') { negative(text) } else { too_large(text) });
    }
    let number = text.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
    Err(match number {
        Some(number) if number < 0.0 => negative(text),
        Some(number) => not_a_number(text, "a whole number")
            .help(format!("write it without a decimal part, such as `{:.0}`", number.min(f64::from(MOST)))),
        None => not_a_number(text, "a whole number"),
    })
}

/// A number from 0. A decimal comma is read where `comma` says that it can be nothing else.
pub fn amount(text: &str, comma: bool) -> Result<f64, Problem> {
    let point = if comma { text.replacen(',', ".", 1) } else { text.to_owned() };
    match point.parse::<f64>() {
        Ok(number) if number.is_finite() => checked_amount(number, text),
        _ if !comma && text.contains(',') && text.replacen(',', ".", 1).parse::<f64>().is_ok() => {
            let with_point = text.replacen(',', ".", 1);
            Err(not_a_number(text, "a number with a decimal point").help(format!("write `{with_point}`")))
        }
        _ => Err(not_a_number(text, "a number")),
    }
}

/// `number`, if it is neither negative nor absurd.
pub fn checked_amount(number: f64, text: &str) -> Result<f64, Problem> {
    if number < 0.0 {
        Err(negative(text))
    } else if number > MOST_AMOUNT || number.is_nan() {
        Err(too_large(text))
    } else {
        // -0 would print as such.
        Ok(number.abs())
    }
}

fn not_a_number(text: &str, expected: &str) -> Problem {
    Problem::error("not-a-number", format!("`{text}` is not {expected}"))
        .found(format!("`{text}`"))
        .expected(format!("{expected}, 0 or more"))
        .help("write digits only, without units or thousands separators")
}

fn negative(text: &str) -> Problem {
    Problem::error("negative-number", format!("`{text}` is negative"))
        .found(format!("`{text}`"))
        .expected("a number, 0 or more")
        .help("take the minus sign out")
}

fn too_large(text: &str) -> Problem {
    Problem::error("number-too-large", format!("`{text}` is too large"))
        .found(format!("`{text}`"))
        .expected(format!("a number, at most {MOST}"))
        .help("check for a digit too many")
}

/// Minutes since midnight of `H:MM` or `HH:MM`, 0:00 to 24:00.
pub fn time(text: &str) -> Result<u16, Problem> {
    parse_time(text).ok_or_else(|| {
        let digits = text.replace(['.', 'h', 'u', ' '], ":");
        let clock = digits.splitn(3, ':').take(2).collect::<Vec<_>>().join(":");
        let help = match parse_time(&clock) {
            Some(minutes) => format!("write `{}`", clock_time(minutes)),
            None => "write hours and minutes, such as `08:30` or `13:05`".to_owned(),
        };
        Problem::error("bad-time", format!("`{text}` is not a time"))
            .found(format!("`{text}`"))
            .expected("a time `HH:MM` from 00:00 to 24:00")
            .help(help)
    })
}

fn parse_time(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=2).contains(&hours.len()) || minutes.len() != 2 || !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

/// `HH:MM` of minutes since midnight.
pub fn clock_time(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Start and end of an interval, in this order.
pub fn check_interval(start: u16, end: u16) -> Result<(), Problem> {
    if start < end {
        return Ok(());
    }
    let (start, end) = (clock_time(start), clock_time(end));
    Err(Problem::error("end-before-start", format!("the end {end} is not after the start {start}"))
        .found(format!("{start} to {end}"))
        .expected(format!("an end after {start}"))
        .help("swap the two, or correct the one that is wrong"))
}

/// One of a few words, in capitals or not, or what else it is called.
pub fn word<T: Copy>(what: &str, text: &str, words: &[(&str, T)]) -> Result<T, Problem> {
    let meant = words::meant(text, words.iter().map(|(word, _)| *word));
    if let Some((_, value)) = words.iter().find(|(word, _)| Some(*word) == meant) {
        return Ok(*value);
    }
    let all = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let help = match nearest(text, words.iter().map(|(word, _)| *word)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {all}"),
    };
    Err(Problem::error("unknown-word", format!("unknown {what} `{text}`"))
        .found(format!("`{text}`"))
        .expected(format!("one of {all}"))
        .help(help))
}

/// What to say of several items with another separator than that of lists; `None` where one of them is not known.
pub fn separate(text: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    let items: Vec<&str> = text.split([',', ';', '/', '+']).map(str::trim).collect();
    let are_known = items.len() > 1 && items.iter().all(|item| is_known(item));
    are_known.then(|| format!("separate the items of a list by `|`: `{}`", items.join("|")))
}

/// The items of a list cell with their position, trimmed; empty and repeated items are handed to
/// `report` and left out.
pub fn list(text: &str, mut report: impl FnMut(usize, Problem)) -> Vec<(usize, &str)> {
    let (mut items, mut seen) = (Vec::new(), HashSet::new());
    for (index, item) in text.split('|').map(str::trim).enumerate() {
        if item.is_empty() {
            report(
                index,
                Problem::error("empty-item", "a list with an empty item")
                    .found(format!("`{text}`"))
                    .expected("items separated by single `|`")
                    .help("take the superfluous `|` out, or fill the item in"),
            );
        } else if seen.insert(item) {
            items.push((index, item));
        } else {
            report(index, repeated(item, text));
        }
    }
    items
}

/// An item that stands in a list for a second time.
pub fn repeated(item: &str, list: &str) -> Problem {
    Problem::warning("repeated-item", format!("`{item}` stands in the list twice"))
        .found(format!("`{list}`"))
        .expected("each item once")
        .help(format!("take the second `{item}` out"))
}

/// A smallest above a largest number.
pub fn check_range(low: (&str, u32), high: (&str, u32)) -> Result<(), Problem> {
    if low.1 <= high.1 {
        return Ok(());
    }
    let ((low_name, low), (high_name, high)) = (low, high);
    Err(Problem::error("min-above-max", format!("`{low_name}` {low} is above `{high_name}` {high}"))
        .found(format!("`{low_name}` {low}, `{high_name}` {high}"))
        .expected(format!("`{low_name}` at most `{high_name}`"))
        .help("swap the two, or correct the one that is wrong"))
}
