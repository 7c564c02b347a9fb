//! Notices that files change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use anyhow::Context;
use notify_debouncer_full::notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

use super::super::input::InputArgs;
use super::Call;

/// Programs save in several steps: they write, rename and set times. So long nothing more must happen.
const SETTLED: Duration = Duration::from_millis(300);
const POLL: Duration = Duration::from_secs(1);

/// Watches as long as it lives.
pub enum FileWatcher {
    Told { _watcher: Debouncer<RecommendedWatcher, NoCache> },
    Polling { _watcher: Debouncer<PollWatcher, NoCache> },
}

impl FileWatcher {
    /// Whatever happens in a folder with an input file is a call: the reader decides by content whether anything
    /// changed, so that neither output in the same folder nor lock files of editors matter.
    ///
    /// # Errors
    /// The system cannot watch a folder.
    pub fn open(input: &InputArgs, poll: bool, calls: Sender<Call>) -> anyhow::Result<Self> {
        let folders = folders(input);
        let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
        Ok(if poll {
            FileWatcher::Polling { _watcher: watch(&folders, config, calls)? }
        } else {
            FileWatcher::Told { _watcher: watch(&folders, config, calls)? }
        })
    }
}

fn watch<W: Watcher>(
    folders: &BTreeSet<PathBuf>,
    config: Config,
    calls: Sender<Call>,
) -> anyhow::Result<Debouncer<W, NoCache>> {
    let heard = move |result: DebounceEventResult| {
        // Reading a file is no change of it; an error may hide one.
        let changed = |event: &notify_debouncer_full::DebouncedEvent| !event.kind.is_access();
        if result.map_or(true, |events| events.iter().any(changed)) {
            // Whoever no longer listens has ended already.
            let _ = calls.send(Call::Changed);
        }
    };
    let mut watcher =
        new_debouncer_opt(SETTLED, None, heard, NoCache, config).context("cannot watch files; try --poll")?;
    for folder in folders {
        // The folder and not the files: an editor that saves by renaming puts a new file in place of the old.
        watcher
            .watch(folder, RecursiveMode::NonRecursive)
            .with_context(|| format!("cannot watch {}; try --poll", folder.display()))?;
    }
    Ok(watcher)
}

/// The folders of all input files.
fn folders(input: &InputArgs) -> BTreeSet<PathBuf> {
    let named = input.layout.iter().chain(&input.changes.scenario).chain(&input.history);
    let mut folders =
        BTreeSet::from([if input.dir.is_dir() { input.dir.clone() } else { parent(&input.dir) }]);
    for path in named {
        // Layouts and scenarios are also looked for in the folder of the school.
        folders.extend([path.clone(), input.dir.join(path)].iter().filter_map(|path| match path {
            path if path.is_dir() => Some(path.clone()),
            path if path.exists() => Some(parent(path)),
            _ => None,
        }));
    }
    folders
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
