//! Bars, as SVG. Each has a text for those who cannot see it and a tip for those who point at it.

use super::html::escape;
use crate::whatif::compare::measure::short;

const WIDTH: f64 = 320.0;

/// One bar: what it is of, how long it is, how long it could be, and what is told of it.
pub struct Bar {
    pub label: String,
    pub value: f64,
    pub of: f64,
    pub told: String,
}

/// Loss to the left, gain to the right.
pub struct Change {
    pub label: String,
    pub lose: f64,
    pub gain: f64,
}

/// A dot in a plane.
pub struct Point {
    pub label: String,
    pub told: String,
    pub at: (f64, f64),
    /// Drawn to be seen.
    pub best: bool,
}

fn svg(title: &str, height: f64, inner: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">{inner}</svg>",
        escape(title)
    )
}

fn rect(class: &str, (x, y): (f64, f64), (width, height): (f64, f64), tip: &str) -> String {
    format!(
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
        width.max(0.0),
        height.max(0.0),
        escape(tip)
    )
}

fn word(x: f64, y: f64, anchor: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escape(text))
}

fn part(value: f64, of: f64) -> f64 {
    if of > 0.0 { (value / of).clamp(0.0, 1.0) } else { 0.0 }
}

/// Bars below each other, each as long as its part of the whole.
pub fn parts(title: &str, bars: &[Bar]) -> String {
    const ROW: f64 = 20.0;
    const LEFT: f64 = 52.0;
    const RIGHT: f64 = 88.0;
    let room = WIDTH - LEFT - RIGHT;
    let mut inner = String::new();
    for (at, bar) in bars.iter().enumerate() {
        let y = at as f64 * ROW;
        let tip = format!("{}: {}", bar.label, bar.told);
        inner += &word(0.0, y + 14.0, "start", &bar.label);
        inner += &rect("back", (LEFT, y + 4.0), (room, ROW - 8.0), &tip);
        inner += &rect("bar", (LEFT, y + 4.0), (room * part(bar.value, bar.of), ROW - 8.0), &tip);
        inner += &word(WIDTH, y + 14.0, "end", &bar.told);
    }
    svg(title, bars.len() as f64 * ROW, &inner)
}

/// Columns beside each other under one scale, `top` high; `groups` are named below their columns.
pub fn columns(title: &str, bars: &[Bar], top: f64, groups: &[(String, usize)]) -> String {
    const TOP: f64 = 16.0;
    const HEIGHT: f64 = 98.0;
    let step = WIDTH / bars.len().max(1) as f64;
    let room = HEIGHT - TOP;
    let mut inner = String::new();
    for (at, bar) in bars.iter().enumerate() {
        let x = at as f64 * step + step * 0.1;
        let tip = format!("{}: {}", bar.label, bar.told);
        for (class, value) in [("back", bar.of), ("bar", bar.value)] {
            let height = room * part(value, top);
            inner += &rect(class, (x, HEIGHT - height), (step * 0.8, height), &tip);
        }
    }
    inner += &format!("<line class=\"axis\" x1=\"0\" y1=\"{HEIGHT}\" x2=\"{WIDTH}\" y2=\"{HEIGHT}\"/>");
    let mut first = 0;
    for (name, count) in groups {
        let middle = (first as f64 + *count as f64 / 2.0) * step;
        inner += &word(middle, HEIGHT + 14.0, "middle", name);
        first += count;
    }
    inner += &word(WIDTH, 11.0, "end", &format!("most {}", short(top)));
    svg(title, HEIGHT + 18.0, &inner)
}

/// Who loses and who gains, below each other.
pub fn changes(title: &str, bars: &[Change]) -> String {
    const ROW: f64 = 18.0;
    const LEFT: f64 = 70.0;
    const NUMBERS: f64 = 26.0;
    let most = bars.iter().map(|bar| bar.lose.max(bar.gain)).fold(1.0, f64::max);
    let middle = LEFT + (WIDTH - LEFT) / 2.0;
    let room = (WIDTH - LEFT) / 2.0 - NUMBERS;
    let mut inner = String::new();
    for (at, bar) in bars.iter().enumerate() {
        let y = at as f64 * ROW;
        let (lose, gain) = (room * bar.lose / most, room * bar.gain / most);
        let tip = format!("{}: {} gain, {} lose", bar.label, bar.gain, bar.lose);
        inner += &word(0.0, y + 13.0, "start", &bar.label);
        inner += &rect("lose", (middle - lose, y + 3.0), (lose, ROW - 6.0), &tip);
        inner += &rect("gain", (middle, y + 3.0), (gain, ROW - 6.0), &tip);
        inner += &word(middle - lose - 4.0, y + 13.0, "end", &short(bar.lose));
        inner += &word(middle + gain + 4.0, y + 13.0, "start", &short(bar.gain));
    }
    let height = bars.len() as f64 * ROW;
    inner += &format!("<line class=\"axis\" x1=\"{middle}\" y1=\"0\" x2=\"{middle}\" y2=\"{height}\"/>");
    svg(title, height, &inner)
}

/// Dots, each axis from the least to the most of them.
pub fn points(title: &str, points: &[Point]) -> String {
    const HEIGHT: f64 = 130.0;
    const EDGE: f64 = 18.0;
    let range = |of: &dyn Fn(&Point) -> f64| {
        let least = points.iter().map(of).fold(f64::INFINITY, f64::min);
        (least, points.iter().map(of).fold(f64::NEG_INFINITY, f64::max))
    };
    let (across, up) = (range(&|point| point.at.0), range(&|point| point.at.1));
    let place = |value: f64, (least, most): (f64, f64)| {
        if most > least { (value - least) / (most - least) } else { 0.5 }
    };
    let mut inner = format!("<line class=\"axis\" x1=\"0\" y1=\"{HEIGHT}\" x2=\"{WIDTH}\" y2=\"{HEIGHT}\"/>");
    for point in points {
        let x = EDGE + place(point.at.0, across) * (WIDTH - 3.0 * EDGE);
        let y = HEIGHT - EDGE - place(point.at.1, up) * (HEIGHT - 2.0 * EDGE);
        let class = if point.best { "gain" } else { "back" };
        let tip = escape(&point.told);
        inner += &format!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"><title>{tip}</title></circle>"
        );
        inner += &word(x + 8.0, y + 4.0, "start", &point.label);
    }
    inner += &word(0.0, HEIGHT + 14.0, "start", &format!("{} blocks", short(across.0)));
    inner += &word(WIDTH, HEIGHT + 14.0, "end", &format!("{} blocks", short(across.1)));
    format!("<div class=\"plane\">{}</div>", svg(title, HEIGHT + 18.0, &inner))
}
