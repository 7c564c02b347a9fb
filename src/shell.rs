//! Words of command lines that are told, so that whoever copies one into a shell runs what was meant.

use std::path::Path;

/// A word as a POSIX shell takes it literally.
pub fn word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A path the same way, which nothing takes for an option.
pub fn path(path: &Path) -> String {
    let text = path.to_string_lossy();
    word(&if text.starts_with('-') { format!("./{text}") } else { text.into_owned() })
}

/// The last word of a line, which is no option either.
pub fn last(text: &str) -> String {
    if text.starts_with('-') { format!("-- {}", word(text)) } else { word(text) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{last, path, word};

    #[test]
    fn words_are_taken_as_they_are() {
        for (plain, quoted) in
            [("cmp/a+b", "cmp/a+b"), ("pl an", "'pl an'"), ("it's", r"'it'\''s'"), ("", "''")]
        {
            assert_eq!(word(plain), quoted);
        }
        assert_eq!([path(Path::new("-x")), path(Path::new("-x y"))], ["./-x", "'./-x y'"]);
        assert_eq!([last("-s1"), last("s 1")], ["-- -s1", "'s 1'"]);
    }
}
