//! `school.toml`.

use std::ops::Range;

use crate::school::{Coaching, DayId, Fill, Id, OwnPlaces, OwnStaff, Role, Roles, StudentColumn, Weights};

use super::columns::{self, SCHOOL_TOML};
use super::document::{self, Keys, Word};
use super::input::Input;
use super::layout::too_many;
use super::names::Names;
use super::origin::{Document, SettingSpans};
use super::problem::{Problem, Problems};
use super::source::Source;
use super::value;
use crate::limits;
use crate::school;

/// The school's settings, with names that only the other files can resolve.
#[derive(Debug)]
pub struct Settings {
    pub document: Document,
    pub spans: SettingSpans,
    pub name: String,
    pub language: school::Language,
    pub days: Names<DayId>,
    pub weights: Weights,
    pub coaching: Option<Coaching>,
    pub fill: Fill,
    /// Least presence: which students, how many blocks.
    pub min_blocks: Vec<(Word, u32)>,
    pub shrink: bool,
    pub own_staff: OwnStaff,
    pub own_places: OwnPlaces,
    pub staff_per_block: u32,
    pub reserve_groups: Vec<ReserveNamed>,
    pub budgets: Vec<BudgetRow>,
    /// From, to, minutes.
    pub travel: Vec<(Word, Word, u32)>,
}

/// A `[[budget]]`.
#[derive(Debug)]
pub struct BudgetRow {
    pub unit: Option<Word>,
    pub covers: Vec<Word>,
    pub cost: f64,
    pub carry: bool,
    /// The whole table.
    pub span: Range<usize>,
}

impl Settings {
    fn empty() -> Self {
        Self {
            document: Document::default(),
            spans: SettingSpans::default(),
            name: String::new(),
            language: school::Language::default(),
            days: Names::new("day", SCHOOL_TOML, false),
            weights: Weights::default(),
            coaching: None,
            fill: Fill::Study,
            min_blocks: Vec::new(),
            shrink: false,
            own_staff: OwnStaff::Prefer,
            own_places: OwnPlaces::Prefer,
            staff_per_block: 0,
            reserve_groups: Vec::new(),
            budgets: Vec::new(),
            travel: Vec::new(),
        }
    }

    pub fn read(input: &Input, problems: &mut Problems) -> Self {
        let mut settings = Self::empty();
        let path = input.dir.join(SCHOOL_TOML);
        if !super::workbook::is_there(&path) {
            problems.push(super::folder::missing_file(
                input.dir,
                SCHOOL_TOML,
                "the school's name, days and settings",
            ));
            return settings;
        }
        let Some(mut source) = Source::load(&path, SCHOOL_TOML, limits::SETTINGS, problems) else {
            return settings;
        };
        let annexes = input.changes.annex_to(&mut source);
        let mut document = document::parse(&source, problems);
        input.changes.apply_to_school(document.get_mut(), &annexes, problems);
        let keys = Keys::new(&source, &columns::SCHOOL, document.get_ref(), 0..0, problems);
        settings.name = keys.text("name", problems).unwrap_or_default().to_owned();
        settings.days = days(&keys, problems);
        let languages = school::Language::ALL.map(|language| (language.code(), language));
        settings.language = keys.word("language", &languages, problems).unwrap_or_default();
        if let Some(keys) = keys.section(&columns::WEIGHTS, problems) {
            settings.weights = weights(&keys, problems);
        }
        if let Some(keys) = keys.section(&columns::COACHING, problems) {
            settings.coaching = coaching(&keys, problems);
            settings.spans.meetings = keys.span_of("meetings");
            settings.spans.coaching = keys.span;
        }
        if let Some(keys) = keys.section(&columns::PRESENCE, problems) {
            settings.read_presence(&keys, problems);
        }
        if let Some(keys) = keys.section(&columns::UNITS, problems) {
            settings.own_staff = keys.word("own_staff", &OWN_STAFF, problems).unwrap_or(OwnStaff::Prefer);
            settings.own_places = keys.word("own_places", &OWN_PLACES, problems).unwrap_or(OwnPlaces::Prefer);
            settings.spans.own_places = keys.span_of("own_places");
        }
        if let Some(keys) = keys.section(&columns::RESERVE, problems) {
            settings.staff_per_block = keys.count("staff_per_block", problems).unwrap_or(0);
            settings.spans.staff_per_block = keys.span_of("staff_per_block");
            let groups = keys.sections(&columns::RESERVE_GROUP, problems);
            settings.reserve_groups.extend(groups.iter().map(|keys| reserve_group(keys, problems)));
            settings.spans.reserve_groups =
                settings.reserve_groups.iter().map(|group| group.span.clone()).collect();
        }
        for keys in keys.sections(&columns::BUDGET, problems) {
            let unit = located(&keys, "unit", problems);
            let covers = keys.words("covers", problems).unwrap_or_default();
            let carry = keys.flag("carry", problems).unwrap_or(false);
            let Some(cost) = keys.amount("cost", problems) else { continue };
            settings.budgets.push(BudgetRow { unit, covers, cost, carry, span: keys.span });
        }
        for keys in keys.sections(&columns::TRAVEL, problems) {
            let (from, to) = (located(&keys, "from", problems), located(&keys, "to", problems));
            let minutes = keys.count("minutes", problems);
            settings
                .travel
                .extend(from.zip(to).zip(minutes).map(|((from, to), minutes)| (from, to, minutes)));
        }
        settings.document.source = Some(source);
        settings
    }

    fn read_presence(&mut self, keys: &Keys, problems: &mut Problems) {
        self.spans.min_blocks = keys.span_of("min_blocks");
        self.min_blocks = keys.counts("min_blocks", problems);
        self.shrink = keys.flag("shrink", problems).unwrap_or(false);
        self.fill = keys
            .word("fill", &[("study", Fill::Study), ("none", Fill::None)], problems)
            .unwrap_or(Fill::Study);
    }
}

/// A `[[reserve.group]]`, with names that only the other files can resolve.
#[derive(Debug)]
pub struct ReserveNamed {
    pub people: u32,
    /// Where `people` stands.
    pub span: Range<usize>,
    pub unit: Option<Word>,
    pub site: Option<Word>,
    pub subjects: Vec<Word>,
    pub roles: Roles,
}

fn reserve_group(keys: &Keys, problems: &mut Problems) -> ReserveNamed {
    let mut roles = Roles::default();
    for (word, span) in keys.words("roles", problems).unwrap_or_default() {
        let role = value::word("role", &word, &Role::ALL.map(|role| (role.label(), role)));
        keys.checked("roles", span, role, problems).into_iter().for_each(|role| roles.insert(role));
    }
    let people = keys.count("people", problems);
    if people == Some(0) {
        let problem = Problem::warning("zero", "`people` is 0")
            .found("`0`")
            .expected("1 or more")
            .help("take the table out: it asks for nobody");
        keys.report("people", problem, problems);
    }
    ReserveNamed {
        people: people.unwrap_or(0),
        span: keys.span_of("people"),
        unit: located(keys, "unit", problems),
        site: located(keys, "site", problems),
        subjects: keys.words("subjects", problems).unwrap_or_default(),
        roles,
    }
}

const OWN_STAFF: [(&str, OwnStaff); 3] =
    [("prefer", OwnStaff::Prefer), ("require", OwnStaff::Require), ("ignore", OwnStaff::Ignore)];

const OWN_PLACES: [(&str, OwnPlaces); 3] =
    [("prefer", OwnPlaces::Prefer), ("require", OwnPlaces::Require), ("ignore", OwnPlaces::Ignore)];

const GROUP_BY: [(&str, StudentColumn); 3] =
    [("class", StudentColumn::Class), ("year", StudentColumn::Year), ("unit", StudentColumn::Unit)];

fn located(keys: &Keys, key: &str, problems: &mut Problems) -> Option<Word> {
    Some((keys.text(key, problems)?.to_owned(), keys.span_of(key)))
}

fn days(keys: &Keys, problems: &mut Problems) -> Names<DayId> {
    let before = problems.error_count();
    let words = keys.words("days", problems);
    if words.as_ref().is_some_and(Vec::is_empty) {
        let problem = Problem::error("empty-cell", "the school has no days")
            .found("an empty list")
            .expected("a label for each day of the cycle")
            .help("write `days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]`, or labels of your own");
        keys.report("days", problem, problems);
    }
    // A day that could not be read may be the one that another file names.
    let is_whole = problems.error_count() == before && !problems.has(document::SYNTAX, SCHOOL_TOML);
    let mut days = Names::new("day", SCHOOL_TOML, words.is_some() && is_whole);
    if let Some(words) = words.as_ref().filter(|words| words.len() > limits::DAYS) {
        keys.report("days", too_many("days", words.len(), limits::DAYS), problems);
        return days;
    }
    for (index, (day, _)) in words.unwrap_or_default().iter().enumerate() {
        // Repeated labels have been left out already.
        let _ = days.insert(day, DayId::new(index));
    }
    days
}

fn weights(keys: &Keys, problems: &mut Problems) -> Weights {
    let default = Weights::default();
    let mut weight = |key: &str, default: f64| keys.amount(key, problems).unwrap_or(default);
    Weights {
        must: weight("must", default.must),
        should: weight("should", default.should),
        could: weight("could", default.could),
        coach_kept: weight("coach_kept", default.coach_kept),
        staff_asked: weight("staff_asked", default.staff_asked),
        likes: weight("likes", default.likes),
        wishes: weight("wishes", default.wishes),
        own_unit: weight("own_unit", default.own_unit),
        fairness: weight("fairness", default.fairness),
    }
}

fn coaching(keys: &Keys, problems: &mut Problems) -> Option<Coaching> {
    let (min, max) = (keys.count("min", problems), keys.count("max", problems));
    let meetings = keys.count("meetings", problems);
    let mut group_by = Vec::new();
    for (word, span) in keys.words("group_by", problems).unwrap_or_default() {
        let column = value::word("column", &word, &GROUP_BY);
        group_by.extend(keys.checked("group_by", span, column, problems));
    }
    let (min, max) = (min?, max?);
    if min == 0 {
        let problem = Problem::error("zero", "`min` is 0")
            .found("`0`")
            .expected("1 or more")
            .help("write the size of the smallest coaching group you would accept");
        keys.report("min", problem, problems);
    }
    if let Err(problem) = value::check_range(("min", min), ("max", max)) {
        keys.report("max", problem, problems);
    }
    Some(Coaching { min, max, meetings: meetings?, group_by })
}
