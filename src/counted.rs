//! Numbers of things, as people say them.

/// `1 student`, `2 students`.
pub fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
