//! The tables that are written for a region.

use anyhow::Context;

use crate::csv_injection::escape;

/// A table as CSV.
///
/// # Errors
/// None in memory; passed on all the same.
pub fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| escape(cell).into_owned()))?;
    }
    writer.into_inner().context("cannot write a table")
}
