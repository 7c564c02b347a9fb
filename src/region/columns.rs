//! What stands in the files of a region: the same kind of table as that of a school's files.

use crate::read::tabular::{File, Holds, Section, may, must};
use Holds::{Amount, Count, Id, Table, Text, Time, Word, Words};

pub const REGION_TOML: &str = "region.toml";

pub const REGION: Section = Section {
    file: REGION_TOML,
    name: "",
    keys: &[
        must("name", Text, "name of the region"),
        may("fund", Table, "no fund", "what the schools pay together"),
        may("weights", Table, "the values below", "what counts beside the value of the bids"),
        must("school", Table, "one or more `[[school]]`"),
        may("travel", Table, "0 minutes", "one or more `[[travel]]`: minutes between sites"),
        may("reserve", Table, "none", "one or more `[[reserve]]`: who stands by for several schools"),
    ],
};

pub const FUND: Section = Section {
    file: REGION_TOML,
    name: "fund",
    keys: &[
        may("name", Word, "fund", "how the settlement calls it"),
        may("budget", Amount, "no limit", "most that it pays a week"),
        may(
            "share",
            Amount,
            "0",
            "part of each block's cost that it pays, 0 to 1; people in reserve it pays whole",
        ),
    ],
};

pub const WEIGHTS: Section = Section {
    file: REGION_TOML,
    name: "weights",
    keys: &[
        may("wishes", Amount, "1", "one point of a wish of pool/wishes.csv for a block worked"),
        may("cost", Amount, "0", "loss on one unit of money"),
    ],
};

pub const SCHOOL: Section = Section {
    file: REGION_TOML,
    name: "school",
    keys: &[
        must("school", Id, "id, as in its bids"),
        must("board", Word, "the board that it belongs to"),
        may("bid", Text, "the id", "folder of its bids, beside region.toml or below it"),
        may("site", Word, "the id", "site of what it bids for without a site"),
        may("min_blocks", Count, "0", "agreed least blocks a week"),
        may("max_blocks", Count, "no limit", "agreed most blocks a week"),
        may("budget", Amount, "no limit", "most that it pays a week"),
        may("ran", Words, "", "staff_timetable.csv of each week that ran, for `region settle`"),
    ],
};

pub const TRAVEL: Section = Section {
    file: REGION_TOML,
    name: "travel",
    keys: &[
        must("from", Word, "one site"),
        must("to", Word, "the other site"),
        must("minutes", Count, "minutes, both ways"),
    ],
};

pub const RESERVE: Section = Section {
    file: REGION_TOML,
    name: "reserve",
    keys: &[
        must("people", Count, "so many who are as below stand by in every block"),
        may("site", Word, "anywhere", "stand by there, with travel before and after"),
        may("subjects", Words, "any", "qualified for at least one of them"),
        may("roles", Words, "any", "has at least one of them"),
    ],
};

pub const POOL_STAFF: File = File {
    name: "pool/staff.csv",
    required: true,
    open: false,
    holds: "the people shared by the schools",
    columns: &[
        must("staff", Id, "id"),
        may("name", Text, "the id", "name"),
        must("roles", Words, "of `teacher instructor coach assistant supervisor guest`"),
        may("subjects", Words, "", "qualified for"),
        may("sites", Words, "all sites", "sites where they work"),
        may("schools", Words, "all schools", "schools where they work"),
        must("employer", Word, "who is paid for their blocks: a board, or anybody else"),
        may("min_blocks", Count, "0", "fewest blocks a week, aimed at"),
        may("max_blocks", Count, "no limit", "most blocks a week"),
        may("max_per_day", Count, "no limit", "most blocks a day"),
        may("max_in_a_row", Count, "no limit", "most blocks in a row"),
        may("max_days", Count, "no limit", "most days a week"),
        may("max_schools_a_day", Count, "1", "most schools on one day"),
        may("cost", Amount, "0", "cost of one block"),
    ],
};

pub const POOL_BUSY: File = File {
    name: "pool/busy.csv",
    required: false,
    open: false,
    holds: "when people of the pool are not available",
    columns: &[
        may("kind", Word, "staff", "`staff`"),
        must("id", Word, "who"),
        must("day", Word, "a day of the schools"),
        may("start", Time, "the whole day", "from"),
        may("end", Time, "the whole day", "until"),
        may("note", Text, "", "why"),
    ],
};

pub const POOL_WISHES: File = File {
    name: "pool/wishes.csv",
    required: false,
    open: false,
    holds: "where and when people of the pool would like to work, or rather not",
    columns: &[
        must("staff", Word, "whose wish it is"),
        must("kind", Word, "`school` or `day`"),
        must("id", Word, "which one"),
        must("value", Word, "`1` to `3`: so much they would like it; `-1` to `-3`: rather not"),
        may("note", Text, "", "why"),
    ],
};

pub const BID: File = File {
    name: "bid.csv",
    required: true,
    open: false,
    holds: "what further people would be worth to a school",
    columns: &[
        must("school", Word, "the school"),
        may("subjects", Words, "", "qualified for all of them"),
        must("roles", Words, "has at least one of them"),
        may("site", Word, "the school's own", "where"),
        must("block", Word, "the block"),
        must("day", Word, "its day"),
        must("start", Time, "from"),
        must("end", Time, "until"),
        must("step", Count, "1 for the first further person, 2 for the second"),
        must("value", Amount, "what that person would be worth"),
        may("needs", Words, "", "subjects of the needs that this is for"),
        may("week", Amount, "no limit", "most that all blocks for these needs are worth together"),
        may("source", Word, "price", "`solved`: confirmed by solving; `price`: an estimate"),
        may("round", Count, "1", "the round of bids"),
    ],
};

pub const BLOCKS: File = File {
    name: "blocks.csv",
    required: true,
    open: false,
    holds: "the blocks of a school",
    columns: &[
        must("school", Word, "the school"),
        must("block", Id, "id"),
        must("day", Word, "its day"),
        must("start", Time, "from"),
        must("end", Time, "until"),
        must("kind", Word, "`coaching`, `lesson`, `zone` or `homework`"),
    ],
};

pub const GIVEN: File = File {
    name: "given.csv",
    required: false,
    open: false,
    holds: "blocks of people of the pool that a school was given, and whether it uses them",
    columns: &[
        must("school", Word, "the school"),
        must("staff", Word, "who"),
        must("block", Word, "the block"),
        must("used", Word, "`true` or `false`"),
    ],
};

pub const POOL_TIMETABLE: File = File {
    name: "pool_timetable.csv",
    required: true,
    open: false,
    holds: "who of the pool works where and when",
    columns: &[
        must("staff", Word, "who"),
        may("school", Word, "", "the school; empty for a reserve"),
        may("site", Word, "", "where"),
        may("block", Word, "", "the block of the school"),
        must("day", Word, "day"),
        must("start", Time, "from"),
        must("end", Time, "until"),
        must("role", Word, "`work` or `reserve`"),
        may("roles", Words, "", "in which role"),
        may("subjects", Words, "", "for which qualifications"),
        may("needs", Words, "", "for which needs"),
        may("value", Amount, "0", "by the bid"),
    ],
};

/// Of a `staff_timetable.csv`, what is settled.
pub const RAN: File = File {
    name: "staff_timetable.csv",
    required: true,
    open: true,
    holds: "who worked when in a week that ran",
    columns: &[
        must("staff", Word, "who"),
        must("block", Word, "when"),
        must("role", Word, "as what; `reserve` is not paid by the school"),
    ],
};

pub const VISITORS: File = File {
    name: "visitors.csv",
    required: true,
    open: false,
    holds: "people who consider teaching, and trainees",
    columns: &[
        must("visitor", Id, "id"),
        may("name", Text, "the id", "name"),
        may("kind", Word, "visit", "`visit` or `trainee`, or a word of your own that hosts use"),
        may("subjects", Words, "any", "would like to see at least one of them"),
        may("schools", Words, "any", "asked for, the dearest first"),
        may("from", Word, "", "site that they travel from"),
        may("minutes", Count, "no limit", "most minutes of travel"),
        may("days", Words, "every day", "days on which they can come"),
        may("times", Count, "1", "visits asked for"),
    ],
};

pub const HOSTS: File = File {
    name: "hosts.csv",
    required: true,
    open: false,
    holds: "who guides visitors, and when",
    columns: &[
        must("host", Word, "who guides; several rows for several times"),
        may("name", Text, "the id", "name"),
        must("school", Word, "where"),
        may("site", Word, "the school's own", "at which site"),
        may("kinds", Words, "any", "kinds of visitors"),
        may("subjects", Words, "any", "what they teach"),
        must("day", Word, "day"),
        must("start", Time, "from"),
        must("end", Time, "until"),
        may("most", Count, "1", "most visitors at once"),
    ],
};
