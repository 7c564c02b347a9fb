//! Which day of the week a day label of `school.toml` means.

/// Monday is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weekday(pub u8);

/// The words for each day, Monday first: English and Dutch, long and short.
const WORDS: [&[&str]; 7] = [
    &["monday", "mon", "mo", "maandag", "ma"],
    &["tuesday", "tue", "tues", "tu", "dinsdag", "di"],
    &["wednesday", "wed", "we", "woensdag", "wo"],
    &["thursday", "thu", "thur", "thurs", "th", "donderdag", "do"],
    &["friday", "fri", "fr", "vrijdag", "vr"],
    &["saturday", "sat", "sa", "zaterdag", "za"],
    &["sunday", "sun", "su", "zondag", "zo"],
];

/// The weekday that one of the label's words names: `mon`, `Maandag`, `a-mon`, `ma2`.
pub fn weekday(label: &str) -> Option<Weekday> {
    let lower = label.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.find_map(|word| {
        let day = WORDS.iter().position(|known| known.contains(&word))?;
        u8::try_from(day).ok().map(Weekday)
    })
}

/// Whether the label is nothing but a day of the week.
pub fn is_plain(label: &str) -> bool {
    WORDS.iter().any(|words| words.contains(&label.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Weekday, weekday};

    #[test]
    fn labels_of_schools_are_understood() {
        for (label, day) in
            [("mon", 0), ("Dinsdag", 1), ("wo2", 2), ("a-thu", 3), ("B vrijdag", 4), ("fri_a", 4), ("zo", 6)]
        {
            assert_eq!(weekday(label), Some(Weekday(day)), "{label}");
        }
        for label in ["", "A", "dag1", "1", "day-2"] {
            assert_eq!(weekday(label), None, "{label}");
        }
    }
}
