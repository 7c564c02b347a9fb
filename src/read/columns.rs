//! The one table of what stands in the input folder. The reader takes names and requirements from it,
//! `docs/input.md` describes every entry of it.

/// One CSV file of the input folder.
#[derive(Debug)]
pub struct File {
    pub name: &'static str,
    /// Whether the folder must contain it.
    pub required: bool,
    pub columns: &'static [Column],
    /// Columns that are not in the table are no mistake.
    pub open: bool,
    pub holds: &'static str,
}

/// One column of a CSV file, or one key of a TOML table.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    /// Whether the column must be there and filled in.
    pub required: bool,
    pub holds: Holds,
    /// What an empty cell stands for; empty where `required` or where it stands for nothing.
    pub default: &'static str,
    pub about: &'static str,
}

/// What a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The id of the row, unique in its file.
    Id,
    /// The id of a row elsewhere, or one of a few words.
    Word,
    /// Several words separated by `|`.
    Words,
    Text,
    /// A whole number, 0 or more.
    Count,
    /// A number, 0 or more.
    Amount,
    /// `HH:MM`.
    Time,
    Flag,
    /// A TOML table, or several of one name.
    Table,
}

impl Holds {
    /// The word used in the documentation.
    pub fn label(self) -> &'static str {
        match self {
            Holds::Id => "id",
            Holds::Word => "word",
            Holds::Words => "list",
            Holds::Text => "text",
            Holds::Count => "whole number",
            Holds::Amount => "number",
            Holds::Time => "time",
            Holds::Flag => "true or false",
            Holds::Table => "table",
        }
    }
}

/// One table of a TOML file.
#[derive(Debug)]
pub struct Section {
    pub file: &'static str,
    /// As written between brackets; empty for the keys above the first table.
    pub name: &'static str,
    pub keys: &'static [Column],
}

impl Section {
    /// Its key in the table that it stands in: `group` of `reserve.group`.
    pub fn key(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    /// The table that stands under the key of this one.
    pub fn inner(&self, key: &str) -> Option<&'static Section> {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        SECTIONS.into_iter().find(|inner| inner.file == self.file && inner.name == name)
    }

    /// Whether a file may have several.
    pub fn repeats(&self) -> bool {
        REPEATED.iter().any(|repeated| repeated.name == self.name)
    }
}

pub const fn must(name: &'static str, holds: Holds, about: &'static str) -> Column {
    Column { name, required: true, holds, default: "", about }
}

pub const fn may(name: &'static str, holds: Holds, default: &'static str, about: &'static str) -> Column {
    Column { name, required: false, holds, default, about }
}

use Holds::{Amount, Count, Flag, Id, Table, Text, Time, Word, Words};

pub const SUBJECTS: File = File {
    name: "subjects.csv",
    required: true,
    open: false,
    holds: "what a student can need",
    columns: &[must("subject", Id, "id"), may("name", Text, "the id", "name")],
};

pub const OFFERINGS: File = File {
    name: "offerings.csv",
    required: true,
    open: false,
    holds: "what can be run in a block",
    columns: &[
        must("offering", Id, "id"),
        may("name", Text, "the id", "name"),
        must("subjects", Words, "the subjects whose needs it meets"),
        may("kinds", Words, "lesson|zone", "kinds of block in which it may run"),
        must("min", Count, "fewest students in one session"),
        must("max", Count, "most students in one session without assistants"),
        may("roles", Words, "teacher|instructor|guest", "roles that may lead it"),
        may("assistants", Count, "0", "most assistants in one session"),
        may("per_assistant", Count, "0", "extra students one assistant allows above `max`"),
        may("tags", Words, "", "a place must carry all of these"),
        may("online", Flag, "false", "`true`: needs no place and may be joined from any site"),
        may("after", Word, "", "an offering the same student must have attended earlier in the week"),
        may("per_day", Count, "1", "most sessions a student takes of it a day"),
        may("qualified", Word, "all", "`all`: the lead is qualified for every subject of it; `any`: for one"),
        may(
            "assistants_qualified",
            Flag,
            "false",
            "`true`: assistants are qualified for a subject of it as well",
        ),
        may(
            "audience",
            Words,
            "everyone",
            "who may attend: `year:` `class:` `unit:` `student:` with a value",
        ),
    ],
};

pub const PLACES: File = File {
    name: "places.csv",
    required: true,
    open: false,
    holds: "rooms and open learning zones",
    columns: &[
        must("place", Id, "id"),
        may("name", Text, "the id", "name"),
        may("site", Word, "", "where it is"),
        must("seats", Count, "students in total at any moment"),
        may("parallel", Count, "1", "most sessions at once"),
        may("tags", Words, "", "what it offers"),
        may("unit", Word, "", "the unit it belongs to"),
    ],
};

pub const STAFF: File = File {
    name: "staff.csv",
    required: true,
    open: false,
    holds: "everyone deployed, whatever the contract",
    columns: &[
        must("staff", Id, "id"),
        may("name", Text, "the id", "name"),
        must("roles", Words, "of `teacher instructor coach assistant supervisor guest`"),
        may("subjects", Words, "", "qualified for"),
        may("likes", Words, "", "offerings they like to lead"),
        may("unit", Word, "", "own unit"),
        may("sites", Words, "all sites", "sites where they work"),
        may("min_blocks", Count, "0", "fewest blocks a week"),
        may("max_blocks", Count, "no limit", "most blocks a week"),
        may("max_days", Count, "no limit", "most days a week on which they work"),
        may("max_per_day", Count, "no limit", "most blocks a day"),
        may("max_in_a_row", Count, "no limit", "most blocks in a row"),
        may("cover_max", Count, "no limit", "most blocks a week in which they step in for others (`replan`)"),
        may("cost", Amount, "0", "cost of one block"),
    ],
};

pub const STUDENTS: File = File {
    name: "students.csv",
    required: true,
    open: false,
    holds: "the students",
    columns: &[
        must("student", Id, "id"),
        may("name", Text, "the id", "name"),
        may("class", Word, "", "class"),
        may("year", Word, "", "year"),
        may("unit", Word, "", "own unit"),
        may("site", Word, "any site", "the site where the student attends"),
        may("coach", Word, "", "the present coach, to be kept if possible"),
    ],
};

pub const NEEDS: File = File {
    name: "needs.csv",
    required: true,
    open: false,
    holds: "who needs what; rows for the same student and subject add up",
    columns: &[
        must("who", Word, "a student, or `class:` `year:` `unit:` with a value, or `all`"),
        must("subject", Words, "a subject, or alternatives: any of them"),
        must("sessions", Count, "sessions a week"),
        must("priority", Word, "`must`, `should` or `could`"),
        may("with", Word, "", "a subject the person in charge must be qualified for"),
        may("staff", Word, "", "the staff member asked for"),
        may("days", Words, "every day", "days on which it may be attended, such as those before a test"),
        may(
            "from",
            Word,
            "",
            "in a term: the date, such as `2026-09-07`, from which it holds; `roll` turns it into `days`",
        ),
        may("until", Word, "", "in a term: the last date on which it holds"),
        may("by", Text, "", "who asked for it: a member of staff, or a name"),
        may("note", Text, "", "why"),
    ],
};

pub const BUSY: File = File {
    name: "busy.csv",
    required: false,
    open: false,
    holds: "who or what is not available when",
    columns: &[
        must("kind", Word, "`student`, `class`, `year`, `unit`, `staff`, `place` or `site`"),
        must("id", Word, "which one"),
        must("day", Word, "a day of `school.toml`"),
        may("start", Time, "the whole day", "from"),
        may("end", Time, "the whole day", "until"),
        may("note", Text, "", "why"),
    ],
};

pub const PINS: File = File {
    name: "pins.csv",
    required: false,
    open: false,
    holds: "what is decided already",
    columns: &[
        must("kind", Word, "`session`: this session runs; `attend`: this student attends; `ban`: never"),
        may("block", Word, "", "block; needed for `session` and `attend`"),
        may("offering", Word, "", "offering; needed for `session` and `attend`"),
        may("staff", Word, "", "lead"),
        may("place", Word, "", "place"),
        may("student", Word, "", "student; needed for `attend`"),
    ],
};

pub const PAIRS: File = File {
    name: "pairs.csv",
    required: false,
    open: false,
    holds: "students who must or must not be together",
    columns: &[
        must(
            "kind",
            Word,
            "`apart`: never in one session or coaching group; `together`: in one coaching group",
        ),
        must("student", Word, "one student"),
        must("other", Word, "the other student"),
    ],
};

pub const HISTORY: File = File {
    name: "history.csv",
    required: false,
    open: true,
    holds: "what was missed in earlier weeks: the rows of `unmet_needs.csv`",
    columns: &[
        must("student", Word, "student"),
        may("subject", Words, "", "what was missed"),
        must("priority", Word, "`must`, `should` or `could`"),
        must("missing", Count, "sessions missed"),
    ],
};

pub const PACKAGES: File = File {
    name: "packages.csv",
    required: false,
    open: false,
    holds: "bundles of duties, each given whole",
    columns: &[
        must("package", Id, "id"),
        may("name", Text, "the id", "name"),
        must("blocks", Count, "blocks of the holder's `max_blocks` it uses"),
        may("roles", Words, "any role", "roles of which a holder has at least one"),
        must("people", Count, "members of staff who carry it"),
        may("subjects", Words, "any", "subjects of which a holder is qualified for at least one"),
        may("unit", Word, "any", "unit of its holders"),
        may(
            "meets",
            Words,
            "",
            "staff: a holder and each of them are free at the same time at least once a week",
        ),
    ],
};

/// Read by `stress` alone: it changes no schedule.
pub const ABSENCE: File = File {
    name: "absence.csv",
    required: false,
    open: false,
    holds: "how often staff are ill, for `stress`",
    columns: &[
        must("who", Word, "a member of staff, `role:` or `unit:` with a value, or `all`"),
        must("rate", Amount, "part of the days on which they are out, 0 to 1"),
        may("days", Count, "1", "school days in a row that an illness lasts"),
    ],
};

pub const WISHES: File = File {
    name: "wishes.csv",
    required: false,
    open: false,
    holds: "what staff would like, or rather not",
    columns: &[
        must("staff", Word, "whose wish it is"),
        must("kind", Word, "`offering`, `role`, `package`, `block` or `day`"),
        must("id", Word, "which one"),
        must("value", Word, "`1` to `3`: so much they would like it; `-1` to `-3`: rather not"),
        may("note", Text, "", "why"),
    ],
};

pub const WISHES_HISTORY: File = File {
    name: "wishes_history.csv",
    required: false,
    open: true,
    holds: "wishes denied in earlier schedules: the rows of their `wishes.csv`",
    columns: &[
        must("staff", Word, "whose wish it was"),
        must("kind", Word, "`offering`, `role`, `package`, `block` or `day`"),
        must("id", Word, "which one"),
        must("denied", Count, "schedules in which it did not come true"),
    ],
};

/// Every CSV file of a school, in the order in which problems are reported.
pub const FILES: [&File; 13] = [
    &SUBJECTS,
    &OFFERINGS,
    &PLACES,
    &STAFF,
    &STUDENTS,
    &NEEDS,
    &BUSY,
    &PINS,
    &PAIRS,
    &HISTORY,
    &PACKAGES,
    &WISHES,
    &WISHES_HISTORY,
];

/// The file with the school's settings.
pub const SCHOOL_TOML: &str = "school.toml";
/// The file with the blocks, unless another is named on the command line.
pub const LAYOUT_TOML: &str = "layout.toml";

pub const SCHOOL: Section = Section {
    file: SCHOOL_TOML,
    name: "",
    keys: &[
        must("name", Text, "name of the school"),
        must("days", Words, "labels of the days of the cycle, in order"),
        may(
            "language",
            Word,
            "en",
            "language of pages, the workbook, `show` and the closing lines of `solve` and `replan`: `en` or `nl`",
        ),
        may("weights", Table, "the values below", "what one session is worth"),
        may("coaching", Table, "no coaching groups", "size and number of coaching groups"),
        may("presence", Table, "no least presence", "least presence in lesson and zone blocks"),
        may("units", Table, "`prefer`", "staff and places of the own unit"),
        may("reserve", Table, "none", "people kept available"),
        may("budget", Table, "no limit", "one or more `[[budget]]`: most cost a week"),
        may("travel", Table, "0 minutes", "one or more `[[travel]]`: minutes between sites"),
    ],
};

pub const WEIGHTS: Section = Section {
    file: SCHOOL_TOML,
    name: "weights",
    keys: &[
        may("must", Amount, "100", "value of one session of a `must` need"),
        may("should", Amount, "10", "value of one session of a `should` need"),
        may("could", Amount, "1", "value of one session of a `could` need"),
        may("coach_kept", Amount, "5", "a student stays with the coach named in students.csv"),
        may("staff_asked", Amount, "2", "a need met by the staff member it names"),
        may("likes", Amount, "1", "a session led by someone who likes the offering"),
        may("wishes", Amount, "1", "one point of a wish of wishes.csv that comes true"),
        may("own_unit", Amount, "1", "a need met by staff of the student's own unit"),
        may("fairness", Amount, "5", "extra loss on each further unmet session of the same student"),
    ],
};

pub const COACHING: Section = Section {
    file: SCHOOL_TOML,
    name: "coaching",
    keys: &[
        must("min", Count, "fewest students in a coaching group"),
        must("max", Count, "most students in a coaching group"),
        must("meetings", Count, "meetings a week"),
        may("group_by", Words, "", "groups never mix values of these columns: `class`, `year`, `unit`"),
    ],
};

pub const PRESENCE: Section = Section {
    file: SCHOOL_TOML,
    name: "presence",
    keys: &[
        may(
            "min_blocks",
            Count,
            "0",
            "least number of lesson and zone blocks a week: a year, `class:` `unit:` `student:` with a value, or `\"*\"`; the narrowest counts",
        ),
        may("fill", Word, "study", "short of the minimum: `study`, a supervised study place, or `none`"),
        may("shrink", Flag, "false", "in a term, a week with fewer days asks for as much less, rounded down"),
    ],
};

pub const UNITS: Section = Section {
    file: SCHOOL_TOML,
    name: "units",
    keys: &[
        may("own_staff", Word, "prefer", "`prefer`, `require` or `ignore`"),
        may(
            "own_places",
            Word,
            "prefer",
            "places with a unit for what its staff lead: `prefer`, `require` or `ignore`",
        ),
    ],
};

pub const RESERVE: Section = Section {
    file: SCHOOL_TOML,
    name: "reserve",
    keys: &[
        may("staff_per_block", Count, "0", "people who stand by in every block"),
        may("group", Table, "none", "one or more `[[reserve.group]]`: who in particular stands by"),
    ],
};

pub const RESERVE_GROUP: Section = Section {
    file: SCHOOL_TOML,
    name: "reserve.group",
    keys: &[
        must("people", Count, "so many who are as below stand by in every block"),
        may("unit", Word, "any", "of this unit"),
        may("site", Word, "any", "works there"),
        may("subjects", Words, "any", "qualified for at least one of them"),
        may("roles", Words, "any", "has at least one of them"),
    ],
};

pub const BUDGET: Section = Section {
    file: SCHOOL_TOML,
    name: "budget",
    keys: &[
        may("unit", Word, "only those of `covers`", "a unit, or `*` for all staff together"),
        may(
            "covers",
            Words,
            "nobody else",
            "whom it pays as well, or instead of a unit: `staff:` with an id, `role:` with a role",
        ),
        must("cost", Amount, "most a week, for packages too"),
        may("carry", Flag, "false", "in a term, what earlier weeks left of it may be spent as well"),
    ],
};

pub const TRAVEL: Section = Section {
    file: SCHOOL_TOML,
    name: "travel",
    keys: &[
        must("from", Word, "one site"),
        must("to", Word, "the other site"),
        must("minutes", Count, "minutes, both ways"),
    ],
};

pub const LAYOUT: Section = Section {
    file: LAYOUT_TOML,
    name: "",
    keys: &[
        may("name", Text, "the file's name", "name of the layout"),
        must("block", Table, "one or more `[[block]]`"),
    ],
};

pub const BLOCK: Section = Section {
    file: LAYOUT_TOML,
    name: "block",
    keys: &[
        must("id", Id, "id; `{day}` stands for each of `days`"),
        may("days", Words, "all days", "days of `school.toml`"),
        must("start", Time, "from"),
        must("end", Time, "until"),
        must("kind", Word, "`coaching`, `lesson`, `zone` or `homework`"),
        may(
            "audience",
            Words,
            "everyone",
            "who is invited: `year:` `class:` `unit:` `student:` with a value",
        ),
    ],
};

/// Tables of which a file may have several.
pub const REPEATED: [&Section; 4] = [&BLOCK, &RESERVE_GROUP, &BUDGET, &TRAVEL];

/// Every table of the TOML files.
pub const SECTIONS: [&Section; 11] = [
    &SCHOOL,
    &WEIGHTS,
    &COACHING,
    &PRESENCE,
    &UNITS,
    &RESERVE,
    &RESERVE_GROUP,
    &BUDGET,
    &TRAVEL,
    &LAYOUT,
    &BLOCK,
];
