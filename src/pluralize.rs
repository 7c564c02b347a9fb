//! Numbers of things, as people say them.

/// `a student`, `an offering`, `a member of staff`.
pub fn one(word: &str) -> String {
    match word {
        "staff" => "a member of staff".to_owned(),
        _ if word.starts_with(['a', 'e', 'i', 'o']) => format!("an {word}"),
        _ => format!("a {word}"),
    }
}

/// `1 student`, `2 students`.
pub fn pluralize(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
