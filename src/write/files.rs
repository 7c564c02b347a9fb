//! The files of an output folder: their names and columns, in the order they are written.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::csv_injection::escape;
use crate::school::CsvStyle;

/// A CSV file of the output folder.
pub struct Table<const N: usize> {
    pub file: &'static str,
    pub columns: [&'static str; N],
}

/// One row per session, study session and coaching meeting.
pub const SESSIONS: Table<9> = Table {
    file: "sessions.csv",
    columns: ["session", "block", "kind", "offering", "place", "lead", "assistants", "students", "capacity"],
};

/// One row per attendance.
pub const STUDENT_TIMETABLE: Table<11> = Table {
    file: "student_timetable.csv",
    columns: [
        "student", "block", "day", "start", "end", "kind", "session", "offering", "subject", "place", "lead",
    ],
};

/// One row per deployment and per reserve.
pub const STAFF_TIMETABLE: Table<10> = Table {
    file: "staff_timetable.csv",
    columns: ["staff", "block", "day", "start", "end", "kind", "role", "session", "offering", "place"],
};

/// One row per session that has a place.
pub const PLACE_TIMETABLE: Table<9> = Table {
    file: "place_timetable.csv",
    columns: ["place", "block", "day", "start", "end", "session", "offering", "lead", "students"],
};

/// One row per member.
pub const COACHING_GROUPS: Table<3> =
    Table { file: "coaching_groups.csv", columns: ["group", "coach", "student"] };

/// One row per holder.
pub const PACKAGE_HOLDERS: Table<2> = Table { file: "package_holders.csv", columns: ["package", "staff"] };

/// One row per thing that is missing.
pub const UNMET_NEEDS: Table<6> = Table {
    file: "unmet_needs.csv",
    columns: ["student", "subject", "priority", "missing", "reason", "detail"],
};

/// The same where needs say who asked for them, or why.
pub const UNMET_ASKED: Table<8> = Table {
    file: UNMET_NEEDS.file,
    columns: ["student", "subject", "priority", "missing", "reason", "detail", "by", "note"],
};

/// One row per wish of staff, where there are any; `denied`: 1 where it did not come true.
pub const WISHES: Table<6> =
    Table { file: "wishes.csv", columns: ["staff", "kind", "id", "value", "granted", "denied"] };

/// One row per student, staff member and place, for those who look somebody up by name.
pub const NAMES: Table<3> = Table { file: "names.csv", columns: ["kind", "id", "name"] };

/// One row per person and block whose plan differs from that before a repair.
pub const CHANGES: Table<14> = Table { file: "changes.csv", columns: DIFFERENCE };

/// The same against the week as it was planned, over all its repairs.
pub const ALL_CHANGES: Table<14> = Table { file: "all_changes.csv", columns: DIFFERENCE };

const DIFFERENCE: [&str; 14] = [
    "kind",
    "id",
    "block",
    "day",
    "start",
    "end",
    "was",
    "was_role",
    "was_place",
    "was_lead",
    "now",
    "now_role",
    "now_place",
    "now_lead",
];

pub const SUMMARY: &str = "summary.json";

/// What the cell `offering` says where no offering is run.
pub const COACHING: &str = "coaching";
pub const STUDY: &str = "study";

/// What the cell `role` says of staff kept available.
pub const RESERVE: &str = "reserve";

/// What it says of a coach who leads a meeting in place of the group's own; only in a repaired week.
pub const COVER: &str = "cover";

/// What the cell `subject` says of missing things that are no need; named as their terms of the total.
pub const PRESENCE: &str = "presence";
pub const MEETINGS: &str = "meetings";
pub const MIN_BLOCKS: &str = "min_blocks";

impl<const N: usize> Table<N> {
    /// Writes the file into `folder`, down to the disk.
    ///
    /// # Errors
    /// The file cannot be written: no permission, no space.
    pub fn write<Cell: AsRef<str>>(
        &self,
        folder: &Path,
        style: CsvStyle,
        rows: impl IntoIterator<Item = [Cell; N]>,
    ) -> anyhow::Result<()> {
        let path = folder.join(self.file);
        let write =
            || -> anyhow::Result<()> { Ok(self.write_to(File::create(&path)?, style, rows)?.sync_all()?) };
        write().with_context(|| format!("cannot write {}", path.display()))
    }

    /// The file as it would be written.
    ///
    /// # Errors
    /// None in memory; passed on all the same.
    pub fn bytes<Cell: AsRef<str>>(
        &self,
        style: CsvStyle,
        rows: impl IntoIterator<Item = [Cell; N]>,
    ) -> anyhow::Result<Vec<u8>> {
        self.write_to(Vec::new(), style, rows).with_context(|| self.file)
    }

    fn write_to<To: Write, Cell: AsRef<str>>(
        &self,
        mut to: To,
        style: CsvStyle,
        rows: impl IntoIterator<Item = [Cell; N]>,
    ) -> anyhow::Result<To> {
        if style.has_bom {
            to.write_all("\u{feff}".as_bytes())?;
        }
        let mut writer = csv::WriterBuilder::new().delimiter(style.separator).from_writer(to);
        writer.write_record(self.columns)?;
        for row in rows {
            for cell in &row {
                writer.write_field(escape(cell.as_ref()).as_bytes())?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
    }
}

/// Every file that a schedule holds; where staff have wishes also [`WISHES`], in a repaired week [`CHANGES`] and
/// [`ALL_CHANGES`].
pub const ALL: [&str; 9] = [
    SESSIONS.file,
    STUDENT_TIMETABLE.file,
    STAFF_TIMETABLE.file,
    PLACE_TIMETABLE.file,
    COACHING_GROUPS.file,
    PACKAGE_HOLDERS.file,
    UNMET_NEEDS.file,
    NAMES.file,
    SUMMARY,
];
