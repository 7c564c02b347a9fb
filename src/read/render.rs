//! Problems as messages: the source line, the cell underlined, what was expected and how to mend it.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use crate::pluralize::pluralize;

use super::problem::{Problem, Severity};

/// Problems of one kind in one column of one file that are shown; the rest is counted.
const SHOWN_PER_KIND: usize = 20;

/// Prints the problems and their number to stderr, in colour if that is a terminal.
pub fn print_problems(problems: &[Problem]) {
    let stderr = std::io::stderr();
    let colour = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    // Nothing can be said to anybody once stderr is closed.
    let _ = stderr.lock().write_all(render(problems, &renderer).as_bytes());
}

/// What [`print_problems`] prints, without colour.
pub fn problems_as_text(problems: &[Problem]) -> String {
    render(problems, &Renderer::plain())
}

type KindOfProblem<'p> = (Severity, &'p str, &'p str, Option<&'p str>);

fn kind(problem: &Problem) -> KindOfProblem<'_> {
    (problem.severity, problem.code, &problem.file, problem.field.as_deref())
}

fn render(problems: &[Problem], renderer: &Renderer) -> String {
    let mut total: HashMap<KindOfProblem, usize> = HashMap::new();
    for problem in problems {
        *total.entry(kind(problem)).or_default() += 1;
    }
    let mut seen: HashMap<KindOfProblem, usize> = HashMap::new();
    let mut text = String::new();
    for problem in problems {
        let count = seen.entry(kind(problem)).or_default();
        *count += 1;
        if *count <= SHOWN_PER_KIND {
            text += &render_one(problem, renderer);
            text.push('\n');
        }
        let total = total[&kind(problem)];
        if *count == SHOWN_PER_KIND && total > SHOWN_PER_KIND {
            text += &format!(
                "… and {} more like this in {}; --json lists all",
                total - SHOWN_PER_KIND,
                problem.file
            );
            text.push('\n');
        }
        if *count <= SHOWN_PER_KIND {
            text.push('\n');
        }
    }
    if !problems.is_empty() {
        text += &format!("{}\n", tally(problems));
    }
    text
}

/// `2 errors, 1 warning`.
pub fn tally(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    format!("{}, {}", pluralize(errors, "error"), pluralize(problems.len() - errors, "warning"))
}

fn render_one(problem: &Problem, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let id = problem.rule.map_or(problem.code.to_owned(), |rule| format!("{rule}: {}", problem.code));
    let mut group = level.primary_title(printable(&problem.message)).id(id).element(place(problem));
    let field = problem.field.as_ref().map_or(String::new(), |field| format!("in `{}`, ", printable(field)));
    if problem.excerpt.is_none() {
        group = group.element(Level::NOTE.message(format!("{field}found: {}", printable(&problem.found))));
    }
    let expected = format!("{field}expected: {}", printable(&problem.expected));
    group = group.element(Level::NOTE.message(expected));
    group = group.element(Level::HELP.message(printable(&problem.help)));
    renderer.render(&[group])
}

fn place(problem: &Problem) -> Element<'_> {
    let path = match (&problem.sheet, &problem.cell) {
        (Some(sheet), Some(cell)) => format!("{}, sheet {sheet}, cell {cell}", printable(&problem.file)),
        (Some(sheet), None) => format!("{}, sheet {sheet}", printable(&problem.file)),
        _ => printable(&problem.file),
    };
    if problem.sheet.is_some() {
        return Origin::path(path).into();
    }
    match (&problem.excerpt, problem.line) {
        (Some(excerpt), Some(line)) => Snippet::source(excerpt.text.as_str())
            .path(path)
            .line_start(line)
            .annotation(
                AnnotationKind::Primary
                    .span(excerpt.span.clone())
                    .label(format!("found {}", printable(&problem.found))),
            )
            .into(),
        (_, Some(line)) => Origin::path(path).line(line).char_column(problem.column.unwrap_or(1)).into(),
        _ => Origin::path(path).into(),
    }
}

/// The text on one line and without control characters, which a cell may contain.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
