//! What is compared: every school with every layout, scenario and seed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::read::{Input, Reading};
use crate::whatif::scenario::Scenario;
use crate::write::is_device;

/// Bytes of a part of a name.
const LONGEST_SLUG: usize = 60;
/// How the school as it stands is called beside scenarios.
const AS_IT_IS: &str = "as-it-is";

/// What a comparison is asked to combine.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub dirs: Vec<PathBuf>,
    /// Files, or folders of such files; none: each school's own layout.
    pub layouts: Vec<PathBuf>,
    pub scenarios: Vec<PathBuf>,
    /// Changes made in every combination.
    pub sets: Vec<String>,
    pub seeds: Vec<u64>,
    /// Leave out the school without a scenario.
    pub only_scenarios: bool,
}

/// One run of the comparison.
#[derive(Clone, Debug)]
pub struct Combination {
    /// Place in the order in which they were asked for.
    pub order: usize,
    /// Names its folder; no two are equal.
    pub name: String,
    pub dir: PathBuf,
    pub layout: Option<PathBuf>,
    /// Where outputs say that the layout is, if not there.
    pub layout_told: Option<PathBuf>,
    pub scenarios: Vec<PathBuf>,
    pub sets: Vec<String>,
    pub seed: u64,
}

/// A school that was read for one combination.
pub struct Read {
    pub scenario: Scenario,
    pub reading: Reading,
    pub hash: String,
}

impl Combination {
    pub fn read(&self) -> Read {
        let scenario = Scenario::load(&self.dir, &self.scenarios, &self.sets);
        let input = Input { dir: &self.dir, layout: self.layout.as_deref(), changes: &scenario.changes };
        let (reading, hash) = (input.read(), input.hash());
        Read { scenario, reading, hash }
    }

    pub fn layout_told(&self) -> Option<&Path> {
        self.layout_told.as_deref().or(self.layout.as_deref())
    }

    /// The options as `summary.json` tells them, from those that all combinations share.
    pub fn told(&self, shared: &Value) -> Value {
        let mut options = shared.clone();
        options["layout"] = json!(self.layout_told().map(|layout| layout.display().to_string()));
        options["seed"] = json!(self.seed);
        let scenario = self.scenarios.iter().map(|scenario| scenario.display().to_string());
        options["scenario"] = json!(scenario.collect::<Vec<_>>());
        options["set"] = json!(self.sets);
        options
    }
}

/// Every combination, in the order of schools, layouts, scenarios and seeds.
///
/// # Errors
/// A folder of layouts cannot be read or has none.
pub fn expand(wanted: &Wanted) -> anyhow::Result<Vec<Combination>> {
    let mut combinations = Vec::new();
    let mut taken = HashSet::new();
    for dir in &wanted.dirs {
        let layouts = layouts(dir, &wanted.layouts)?;
        let mut scenarios: Vec<Option<&PathBuf>> = wanted.scenarios.iter().map(Some).collect();
        if scenarios.is_empty() || !wanted.only_scenarios {
            scenarios.insert(0, None);
        }
        // Where nothing else is compared, the changes are: with them and without.
        let only_sets = wanted.scenarios.is_empty() && wanted.layouts.is_empty() && !wanted.sets.is_empty();
        let sets: &[&[String]] = if only_sets { &[&[], &wanted.sets] } else { &[&wanted.sets] };
        for (layout, sets) in layouts.iter().flat_map(|layout| sets.iter().map(move |sets| (layout, sets))) {
            for scenario in &scenarios {
                for &seed in &wanted.seeds {
                    combinations.push(Combination {
                        order: combinations.len(),
                        name: free(name(wanted, dir, layout.as_deref(), *scenario, sets, seed), &mut taken),
                        dir: dir.clone(),
                        layout: layout.clone(),
                        layout_told: None,
                        scenarios: scenario.cloned().into_iter().collect(),
                        sets: sets.to_vec(),
                        seed,
                    });
                }
            }
        }
    }
    Ok(combinations)
}

/// The layouts, each file of a folder one; `None`: the school's own.
fn layouts(dir: &Path, given: &[PathBuf]) -> anyhow::Result<Vec<Option<PathBuf>>> {
    let mut layouts = Vec::new();
    for path in given {
        let inside = dir.join(path);
        let found = if path.exists() { path } else { &inside };
        if found.is_dir() {
            let mut files: Vec<PathBuf> = std::fs::read_dir(found)
                .with_context(|| format!("cannot read {}", found.display()))?
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|file| file.extension().is_some_and(|extension| extension == "toml"))
                .collect();
            if files.is_empty() {
                bail!("{} has no layouts: it needs files whose names end in .toml", found.display());
            }
            files.sort();
            layouts.extend(files.into_iter().map(Some));
        } else {
            layouts.push(Some(path.clone()));
        }
    }
    Ok(if layouts.is_empty() { vec![None] } else { layouts })
}

/// The parts in which the combinations differ.
fn name(
    wanted: &Wanted,
    dir: &Path,
    layout: Option<&Path>,
    scenario: Option<&PathBuf>,
    sets: &[String],
    seed: u64,
) -> String {
    let mut parts = Vec::new();
    if wanted.dirs.len() > 1 {
        parts.push(slug(dir.file_name().or(dir.components().next_back().map(|part| part.as_os_str()))));
    }
    if !wanted.layouts.is_empty() {
        parts.push(slug(layout.and_then(Path::file_stem)));
    }
    if !wanted.scenarios.is_empty() {
        let stem = scenario.map(|scenario| slug(scenario.file_stem()));
        parts.push(stem.unwrap_or_else(|| AS_IT_IS.to_owned()));
    } else if wanted.layouts.is_empty() && !sets.is_empty() {
        parts.push(slug(Some(sets.join("+").as_ref())));
    }
    if wanted.seeds.len() > 1 {
        parts.push(format!("seed-{seed}"));
    }
    if parts.is_empty() { AS_IT_IS.to_owned() } else { parts.join("+") }
}

/// What may stand in a folder's name on every system and in a shell without quotes.
fn slug(name: Option<&std::ffi::OsStr>) -> String {
    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let slug: String = name.chars().map(plain).collect();
    // Several of them stand in one name.
    let slug = slug.get(..LONGEST_SLUG).unwrap_or(&slug).trim_matches(['.', '-']).to_owned();
    if slug.is_empty() || is_device(&slug) { format!("school{slug}") } else { slug }
}

fn free(name: String, taken: &mut HashSet<String>) -> String {
    // Some systems do not tell upper from lower case.
    if taken.insert(name.to_lowercase()) {
        return name;
    }
    let mut further = (2..).map(|number| format!("{name}-{number}"));
    further.find(|name| taken.insert(name.to_lowercase())).unwrap_or(name)
}
