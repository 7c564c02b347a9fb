//! `wishes.csv`: how often each wish came true, compared with what was counted.

use std::collections::BTreeMap;
use std::path::Path;

use crate::open;
use crate::school::School;
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{WISHES, Week};
use crate::verify::{Error, table, wishes};

/// A schedule without the file says nothing of wishes.
pub fn check(school: &School, out: &Path, week: &Week, violations: &mut Violations) -> Result<(), Error> {
    if school.wishes.is_empty() || !open::is_there(&out.join(WISHES)) {
        return Ok(());
    }
    let mut open: BTreeMap<[String; 3], (i32, u32)> = BTreeMap::new();
    for wish in &school.wishes {
        let key = [&school[wish.staff].id, wish.what.kind(), wish.what.id(school)].map(str::to_owned);
        open.insert(key, (wish.value, wishes::granted(school, week, wish)));
    }
    let mut violation = |line, message| violations.add(Rule::Files, [Row { file: WISHES, line }], message);
    let columns = ["staff", "kind", "id", "value", "granted"];
    table::read(out, WISHES, columns, |line, [staff, kind, id, value, granted]| {
        let told = format!("the wish of `{staff}` for {kind} `{id}`");
        match open.remove(&[staff, kind, id].map(str::to_owned)) {
            None => violation(line, format!("{told} is not in the school's {WISHES}, or stands here twice")),
            Some((wanted, count)) => {
                if value.parse() != Ok(wanted) {
                    violation(line, format!("{told} has the value {wanted}, not {value}"));
                }
                if granted.parse() != Ok(count) {
                    violation(line, format!("{told} came true {count} times, not {granted}"));
                }
            }
        }
    })?;
    for ([staff, kind, id], _) in open {
        violation(0, format!("the wish of `{staff}` for {kind} `{id}` has no row"));
    }
    Ok(())
}
