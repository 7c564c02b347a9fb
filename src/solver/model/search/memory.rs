//! How many workers fit into `--memory-limit`.

use anyhow::bail;

use crate::model::options::Options;

/// A worker holds the state it changes, a sample of it that is cooled, and the best that the sample met.
const STATES_A_WORKER: u64 = 3;
/// Bytes of the graph in which students change seats, by need: ten arcs and more, in lists that grow by doubling.
const GRAPH_A_NEED: u64 = 400;
/// The best of all, and a copy of it while it is handed on.
const STATES_BESIDE: u64 = 2;
const MEGABYTE: u64 = 1_000_000;

/// Workers side by side, at most as many as asked for: what the program holds now, states of `state`
/// bytes for the best schedule and those of the workers, with graphs of so many needs, stay within the limit.
///
/// # Errors
/// When not even one worker fits.
pub fn workers(options: &Options, state: u64, needs: u64) -> anyhow::Result<usize> {
    let asked = options.threads.max(1);
    let (Some(limit), Some(stats)) = (options.memory_limit, memory_stats::memory_stats()) else {
        return Ok(asked);
    };
    let held = stats.physical_mem as u64 + STATES_BESIDE * state;
    let worker = (STATES_A_WORKER * state + GRAPH_A_NEED * needs).max(1);
    let fit = limit.saturating_sub(held) / worker;
    if fit == 0 {
        bail!(
            "a school of this size needs about {} MB, but --memory-limit allows {}: allow more, or solve its sites apart",
            (held + worker).div_ceil(MEGABYTE),
            limit / MEGABYTE
        );
    }
    Ok(asked.min(usize::try_from(fit).unwrap_or(usize::MAX)))
}
