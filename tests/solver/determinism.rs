//! Equal data, options and seed give equal folders, byte for byte but for the seconds in summary.json.
//! `LEERZONE_SAME=50` compares so many schools.

use std::collections::BTreeMap;
use std::path::Path;

use crate::odd::Shape;
use crate::small::{contents, leerzone};

/// Schools in a run that nobody asked for more.
const FEW: u64 = 4;

const ENGINES: &[&str] = &[
    "microlp",
    #[cfg(feature = "highs")]
    "highs",
];

/// `None`: nothing could be written, which is told the same way each time.
fn solved(dir: &Path, arguments: &[&str]) -> Result<BTreeMap<String, String>, String> {
    let out = tempfile::tempdir().expect("a temporary folder");
    let target = out.path().join("out");
    let run =
        leerzone(&["solve"]).arg(dir).arg("--out").arg(&target).args(arguments).output().expect("it runs");
    if !run.status.success() {
        return Err(format!("{:?}", run.status.code()));
    }
    let mut files = contents(&target);
    let summary = files.get_mut("summary.json").expect("a summary");
    let lines = summary.lines().filter(|line| !line.trim_start().starts_with("\"seconds\""));
    *summary = lines.collect::<Vec<_>>().join("\n");
    Ok(files)
}

#[test]
fn equal_runs_give_equal_folders() {
    let schools = std::env::var("LEERZONE_SAME").ok().and_then(|text| text.parse().ok()).unwrap_or(FEW);
    let mut written = 0;
    for seed in 0..schools {
        let folder = tempfile::tempdir().expect("a temporary folder");
        crate::odd::write(seed, Shape::Plain, folder.path());
        for engine in ENGINES {
            for (threads, method) in [("1", "auto"), ("2", "auto"), ("1", "search"), ("2", "search")] {
                // A gap ends the search of a tiny school early; without one it goes through all its moves.
                let gap = if seed % 5 == 0 { "0" } else { "0.02" };
                let arguments = ["--engine", engine, "--threads", threads, "--method", method, "--gap", gap];
                let [first, second] = [solved(folder.path(), &arguments), solved(folder.path(), &arguments)];
                assert_eq!(first, second, "school {seed}: {arguments:?}");
                written += u32::from(first.is_ok());
            }
        }
    }
    println!("{schools} schools, {written} pairs of equal folders");
}
