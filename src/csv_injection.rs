//! Text that a spreadsheet would run. A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break is a formula
//! to it, which may do anything; behind an apostrophe it is text, and the apostrophe is no part of it.

use std::borrow::Cow;

/// The cell as it is written. Numbers stay as they are: they do nothing.
pub fn escape(cell: &str) -> Cow<'_, str> {
    if is_formula(cell.trim_start_matches('\'')) && cell.parse::<f64>().is_err() {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// What a written cell means: all that [`escape`] wrote comes back as it was.
pub fn unescape(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

fn is_formula(cell: &str) -> bool {
    matches!(cell.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::{escape, unescape};

    #[test]
    fn formulas_become_text_and_come_back() {
        for formula in ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-x", "=cmd|' /C calc'!A0"] {
            assert_eq!(escape(formula), format!("'{formula}"));
            assert_eq!(unescape(&escape(formula)), formula);
        }
        for plain in ["", "jan", "'t Hart", "'", "a=b", "-5", "+3.5", "-1e9", "08:30"] {
            assert_eq!(escape(plain), plain);
            assert_eq!(unescape(plain), plain);
        }
        assert_eq!(unescape("'-5"), "-5");
    }
}
