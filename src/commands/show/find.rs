//! Whose week is meant.

use super::book::{Book, Kind, Who};

/// Candidates named in a message.
const NAMED: usize = 6;
/// Similarity from which an id or name is suggested, of 1.
const SIMILAR: f64 = 0.7;

/// The one that `text` names: by id, else by name, else by part of a name, upper and lower case alike
/// unless that leaves several.
///
/// # Errors
/// Nobody or several; the message says whom it could mean.
pub fn find(book: &Book, text: &str, kind: Option<Kind>) -> Result<Who, String> {
    let known: Vec<&Who> = book.known.iter().filter(|who| kind.is_none_or(|kind| kind == who.kind)).collect();
    let lower = text.trim().to_lowercase();
    let ways: [&dyn Fn(&Who) -> bool; 4] = [
        &|who| who.id == text.trim(),
        &|who| who.id.to_lowercase() == lower,
        &|who| who.name.to_lowercase() == lower,
        &|who| who.name.to_lowercase().contains(&lower),
    ];
    let found = ways.iter().map(|fits| known.iter().copied().filter(|who| fits(who)).collect::<Vec<_>>());
    match found.into_iter().find(|found| !found.is_empty()).as_deref() {
        Some([who]) => Ok((*who).clone()),
        Some(several) => Err(ambiguous(text, several)),
        None => Err(unknown(text, &lower, &known)),
    }
}

fn ambiguous(text: &str, several: &[&Who]) -> String {
    let mut message = format!("`{text}` may be {}", list(several.iter().take(NAMED).copied()));
    if several.len() > NAMED {
        message += &format!(" or {} more", several.len() - NAMED);
    }
    let same_id = several.iter().all(|who| who.id == several[0].id);
    message + if same_id { ": say which with --kind" } else { ": give the id" }
}

fn unknown(text: &str, lower: &str, known: &[&Who]) -> String {
    let similarity = |who: &Who| {
        let of = |word: &str| strsim::jaro_winkler(lower, &word.to_lowercase());
        let words = who.name.split_whitespace().map(of);
        words.chain([of(&who.id), of(&who.name)]).fold(0.0, f64::max)
    };
    let mut near: Vec<(f64, &Who)> = known.iter().map(|who| (similarity(who), *who)).collect();
    near.retain(|(similarity, _)| *similarity >= SIMILAR);
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let message = format!("nobody and nothing in this schedule is called `{text}`");
    if near.is_empty() {
        return message + ": give the id or name of a student, staff member, place or block";
    }
    message + &format!("; did you mean {}?", list(near.iter().take(3).map(|(_, who)| *who)))
}

fn list<'a>(people: impl Iterator<Item = &'a Who>) -> String {
    let told: Vec<String> = people
        .map(|who| match who.name.as_str() {
            "" => format!("{} `{}`", who.kind.label(), who.id),
            name => format!("{} `{}` ({name})", who.kind.label(), who.id),
        })
        .collect();
    told.join(", ")
}
