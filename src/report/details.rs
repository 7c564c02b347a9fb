//! The column `detail` of `unmet_needs.csv` in words: names for ids, in the language of the page. `{}` stands for what
//! differs, in the same order in both languages.

use std::collections::HashMap;

use crate::school::{BlockId, Id, Language, clock};
use crate::timetable::{Timetable, What};

use super::labels;
use super::words::{Words, fill};

/// What is not here stays as it is.
const DUTCH: &[(&str, &str)] = &[
    ("no offering meets {}", "geen aanbod vervult {}"),
    ("none of {} staff may lead {}", "geen van {} medewerkers mag dit leiden: {}"),
    ("none of {} places at {} carries the tags of {}", "geen van {} plekken in {} heeft de kenmerken van {}"),
    ("none of {} places carries the tags of {}", "geen van {} plekken heeft de kenmerken van {}"),
    (
        "can come in {} of the {} blocks in which it may run and attends it in {}",
        "kan in {} van de {} blokken waarin het kan en volgt het in {}",
    ),
    (
        "in none of the {} further blocks in which the student can come is somebody free to lead it{}, with a place",
        "in geen van de {} andere blokken waarin de leerling kan is iemand vrij om het te leiden{}, met een plek",
    ),
    (
        "can come in {} of the {} blocks in which it may run on {} and attends it in {}",
        "kan in {} van de {} blokken waarin het kan op {} en volgt het in {}",
    ),
    (
        "in none of the {} further blocks in which the student can come on {} is somebody free to lead it{}, with a place",
        "in geen van de {} andere blokken waarin de leerling kan op {} is iemand vrij om het te leiden{}, met een plek",
    ),
    ("blocks left in which the student can come on {}: {}", "blokken over waarin de leerling kan op {}: {}"),
    (
        "the only session of it ran after the days asked for ({})",
        "de enige bijeenkomst ervan was na de gevraagde dagen ({})",
    ),
    (
        "all {} sessions of it ran after the days asked for ({})",
        "alle {} bijeenkomsten ervan waren na de gevraagde dagen ({})",
    ),
    (
        "the only session of it ran before the days asked for ({})",
        "de enige bijeenkomst ervan was voor de gevraagde dagen ({})",
    ),
    (
        "all {} sessions of it ran before the days asked for ({})",
        "alle {} bijeenkomsten ervan waren voor de gevraagde dagen ({})",
    ),
    (
        "the only session of it ran on others than the days asked for ({})",
        "de enige bijeenkomst ervan was op andere dan de gevraagde dagen ({})",
    ),
    (
        "all {} sessions of it ran on others than the days asked for ({})",
        "alle {} bijeenkomsten ervan waren op andere dan de gevraagde dagen ({})",
    ),
    (
        "attends {} of the {} lesson and zone blocks asked",
        "volgt {} van de {} gevraagde blokken les en leerplein",
    ),
    ("attends {} of {} meetings", "volgt {} van {} coachmomenten"),
    ("attends {} of {}", "volgt {} van {}"),
    ("attends {}", "volgt {}"),
    ("no session of it ran this week", "er was deze week geen bijeenkomst van"),
    ("1 session of it ran, at other times", "er was 1 bijeenkomst van, op een andere tijd"),
    ("{} sessions of it ran, at other times", "er waren {} bijeenkomsten van, op andere tijden"),
    ("blocks left in which the student can come: {}", "blokken over waarin de leerling kan: {}"),
    (
        "1 session ran while the student had nothing else, full: {}",
        "1 bijeenkomst was vol toen de leerling niets anders had: {}",
    ),
    (
        "{} sessions ran while the student had nothing else, full: {}",
        "{} bijeenkomsten waren vol toen de leerling niets anders had: {}",
    ),
    (
        "1 session had seats left, during something else: {}",
        "1 bijeenkomst had plaatsen over, tijdens iets anders: {}",
    ),
    (
        "{} sessions had seats left, during something else: {}",
        "{} bijeenkomsten hadden plaatsen over, tijdens iets anders: {}",
    ),
    ("1 session ran, full and during something else: {}", "1 bijeenkomst was vol en tijdens iets anders: {}"),
    (
        "{} sessions ran, full and during something else: {}",
        "{} bijeenkomsten waren vol en tijdens iets anders: {}",
    ),
    (
        "1 session ran on days that already have as many as allowed: {}",
        "1 bijeenkomst was op een dag die er al genoeg heeft: {}",
    ),
    (
        "{} sessions ran on days that already have as many as allowed: {}",
        "{} bijeenkomsten waren op dagen die er al genoeg hebben: {}",
    ),
    ("1 session ran before what must be attended first: {}", "1 bijeenkomst was voor wat eerst moet: {}"),
    (
        "{} sessions ran before what must be attended first: {}",
        "{} bijeenkomsten waren voor wat eerst moet: {}",
    ),
    (
        "1 session ran with a student to be kept apart: {}",
        "1 bijeenkomst was met iemand om uit elkaar te houden: {}",
    ),
    (
        "{} sessions ran with a student to be kept apart: {}",
        "{} bijeenkomsten waren met iemand om uit elkaar te houden: {}",
    ),
    (
        "1 session ran, banned for the student in pins.csv: {}",
        "1 bijeenkomst is in pins.csv uitgesloten voor de leerling: {}",
    ),
    (
        "{} sessions ran, banned for the student in pins.csv: {}",
        "{} bijeenkomsten zijn in pins.csv uitgesloten voor de leerling: {}",
    ),
    (
        "1 session had a seat left that the search did not use: {}",
        "1 bijeenkomst had een plaats over die niet is gebruikt: {}",
    ),
    (
        "{} sessions had a seat left that the search did not use: {}",
        "{} bijeenkomsten hadden een plaats over die niet is gebruikt: {}",
    ),
    (
        "free in {} lesson and zone blocks of the {} asked",
        "vrij in {} blokken les en leerplein van de {} gevraagde",
    ),
    ("no study places are offered to fill the rest", "er zijn geen studieplekken om de rest te vullen"),
    ("no staff member has the role supervisor", "geen medewerker heeft de rol supervisor"),
    (
        "no study session ran when nothing else was attended",
        "er was geen studieplek toen er niets anders was",
    ),
    ("1 study session ran then, full", "1 studieplek was er toen, vol"),
    ("{} study sessions ran then, all full", "{} studieplekken waren er toen, alle vol"),
    (
        "1 study session had a seat left that was not used",
        "1 studieplek had een plaats over die niet is gebruikt",
    ),
    (
        "{} study sessions had a seat left that was not used",
        "{} studieplekken hadden een plaats over die niet is gebruikt",
    ),
    (
        "free in {} coaching blocks, {} meetings are asked",
        "vrij in {} coachblokken, {} coachmomenten gevraagd",
    ),
    ("is in no coaching group", "zit in geen coachgroep"),
    ("{} met 1 time", "{} kwam 1 keer bijeen"),
    (
        "{} met {} times, partly when the student could not come",
        "{} kwam {} keer bijeen, deels toen de leerling niet kon",
    ),
    ("{} met {} times", "{} kwam {} keer bijeen"),
    ("free in {} blocks, {} are asked", "vrij in {} blokken, {} gevraagd"),
    ("deployed in {} of {} blocks", "ingezet in {} van {} blokken"),
    ("deployed in {}", "ingezet in {}"),
    ("no further session needed them", "geen andere bijeenkomst had hen nodig"),
    (
        "max_blocks less the packages carried leaves {} blocks, {} are asked",
        "max_blocks min de taakpakketten laat {} blokken over, {} gevraagd",
    ),
    (
        "1 session had a seat left that the search did not use: {}",
        "1 bijeenkomst had een plaats over die het zoeken niet benutte: {}",
    ),
    (
        "{} sessions had a seat left that the search did not use: {}",
        "{} bijeenkomsten hadden een plaats over die het zoeken niet benutte: {}",
    ),
    ("{} asked", "{} gevraagd"),
];

/// Puts details into words: names for ids, and the language of the page.
pub struct Details<'a> {
    /// What the ids of sessions, blocks, offerings, subjects and groups mean.
    names: HashMap<&'a str, String>,
    language: Language,
}

impl<'a> Details<'a> {
    pub fn new(timetable: &'a Timetable, words: &Words, language: Language) -> Self {
        let school = timetable.school;
        let days = labels::days(school, words);
        let when =
            |block: BlockId| format!("{} {}", days[school[block].day.index()], clock(school[block].start));
        let mut names = HashMap::new();
        names.extend(
            school.subjects.iter().map(|row| (row.id.as_str(), labels::subjects(school, &row.id, words))),
        );
        names.extend(school.offerings.iter().map(|row| (row.id.as_str(), row.name.clone())));
        names.extend(school.block_ids().map(|block| (school[block].id.as_str(), when(block))));
        for session in timetable.sessions.iter().filter(|session| session.what != What::Coaching) {
            let name = timetable.offering_name(session).unwrap_or(words.study);
            names.insert(
                &session.id,
                format!("{} {name}, {}", when(session.block), school[session.lead].name),
            );
        }
        for group in &timetable.groups {
            let name = fill(words.group_of, &[&school[group.coach].name]);
            names.insert(&group.id, name);
        }
        Self { names, language }
    }

    /// Where only the files of a schedule are at hand: ids stay ids.
    pub fn without_names(language: Language) -> Self {
        Self { names: HashMap::new(), language }
    }

    pub fn in_words(&self, detail: &str) -> String {
        detail.split("; ").map(|part| self.part(part)).collect::<Vec<_>>().join("; ")
    }

    fn part(&self, part: &str) -> String {
        if self.names.is_empty() && self.language == Language::English {
            return part.to_owned();
        }
        let found = DUTCH.iter().find_map(|(english, dutch)| Some((holes(english, part)?, english, dutch)));
        let Some((holes, english, dutch)) = found else { return part.to_owned() };
        let form = if self.language == Language::Dutch { dutch } else { english };
        let mut texts = form.split("{}");
        let mut filled = texts.next().unwrap_or_default().to_owned();
        for (hole, text) in holes.iter().zip(texts) {
            filled += &self.named(hole);
            filled += text;
        }
        filled
    }

    /// A list such as `a (3 students), b and 4 more`.
    fn named(&self, list: &str) -> String {
        let separator = |c: char| c.is_whitespace() || ",;()|".contains(c);
        let mut named = String::new();
        for piece in list.split_inclusive(separator) {
            let token = piece.trim_end_matches(separator);
            let is_count = token.bytes().all(|byte| byte.is_ascii_digit());
            match self.names.get(token).filter(|_| !is_count) {
                Some(name) => named += &piece.replacen(token, name, 1),
                None => named += piece,
            }
        }
        if self.language == Language::English {
            return named;
        }
        let named = named.replace("(1 student)", "(1 leerling)").replace(" students)", " leerlingen)");
        let named = named.replace(", qualified for ", ", bevoegd voor ");
        let more = named.strip_suffix(" more").and_then(|list| list.rsplit_once(" and "));
        more.map_or(named.clone(), |(names, more)| format!("{names} en nog {more}"))
    }
}

/// What stands for each `{}`, if the text is of that form.
fn holes<'t>(form: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let literals: Vec<&str> = form.split("{}").collect();
    let (first, [between @ .., last]) = literals.split_first()? else { return (form == text).then(Vec::new) };
    let mut rest = text.strip_prefix(first)?;
    let mut holes = Vec::new();
    for literal in between {
        let (hole, after) = rest.split_once(literal)?;
        holes.push(hole);
        rest = after;
    }
    holes.push(rest.strip_suffix(last)?);
    Some(holes)
}
