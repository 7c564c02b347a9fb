//! Cells that do not say what somebody typed: errors of a spreadsheet's formulas, and characters that nobody can see.

use super::columns::{Column, Holds};
use super::problem::Problem;

/// Errors of formulas that do not end in `!` or `?`, in English, Dutch, German and French.
const FORMULA_ERRORS: [&str; 6] = ["#N/A", "#N/B", "#NV", "#N/D", "#GETTING_DATA", "#GEGEVENS_OPHALEN"];

/// What is wrong with a cell as a spreadsheet left it.
pub fn report(column: &Column, cell: &str) -> Option<Problem> {
    if is_formula_error(cell) {
        return Some(
            Problem::error("formula-error", format!("`{cell}` is the error of a formula, not a value"))
                .found(format!("`{cell}`"))
                .expected(format!("a value: {}", column.about))
                .help("mend the formula in the spreadsheet and save the file again, or type the value"),
        );
    }
    if is_too_narrow(cell) {
        return Some(
            Problem::error(
                "formula-error",
                format!("`{cell}` stands for a value that did not fit its column"),
            )
            .found(format!("`{cell}`"))
            .expected(format!("a value: {}", column.about))
            .help("widen the column in the spreadsheet and save the file again"),
        );
    }
    let odd = cell.chars().find(|&c| is_odd(c, column.holds))?;
    Some(odd_character(column, odd))
}

/// Whether the cell is what a spreadsheet shows for a formula that failed: `#REF!`, `#NAAM?`, `#N/A`.
fn is_formula_error(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix('#') else { return false };
    let upper = cell.to_uppercase();
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '/' | '_');
    let marked = rest.strip_suffix(['!', '?']);
    FORMULA_ERRORS.contains(&upper.as_str())
        || marked.is_some_and(|word| word.len() > 2 && cell == upper && word.chars().all(is_letter))
}

/// Whether the cell is what a spreadsheet shows for a number or date that is wider than its column.
fn is_too_narrow(cell: &str) -> bool {
    cell.len() >= 3 && cell.chars().all(|c| c == '#')
}

/// Whether no such cell should have the character: it cannot be seen, so that two ids look alike.
fn is_odd(c: char, holds: Holds) -> bool {
    match holds {
        // Where an id has one, its own message names it.
        Holds::Id => is_invisible(c),
        // Names may have characters that join letters, and lines.
        Holds::Text => c.is_control() && !matches!(c, '\n' | '\r' | '\t'),
        _ => c.is_control() || is_invisible(c),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn odd_character(column: &Column, odd: char) -> Problem {
    let code = u32::from(odd);
    let message = format!("`{}` has a character that nobody can see, U+{code:04X}", column.name);
    let problem = match column.holds {
        Holds::Text => Problem::warning("invisible-character", message),
        _ => Problem::error("invisible-character", message),
    };
    let help = match odd {
        '\u{80}'..='\u{9f}' => {
            "such characters come from a file saved in another encoding: save it as `CSV UTF-8`, or type the cell anew"
        }
        _ => "type the cell anew; such characters come along when text is pasted",
    };
    problem.found(format!("the character U+{code:04X}")).expected("letters, digits and signs only").help(help)
}
