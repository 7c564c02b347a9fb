//! Work on several processors at once. Scoped threads and not a pool: some tasks are whole solves with a time limit, and a
//! thread of a pool that waits for half of a small task may take one of those up meanwhile.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Set by `--threads`; 0: not set.
static LIMIT: AtomicUsize = AtomicUsize::new(0);

/// From now on nothing takes more threads than this.
pub fn limit(threads: usize) {
    LIMIT.store(threads, Ordering::Relaxed);
}

/// Threads to use: as limited, else one for each processor.
pub fn processors() -> usize {
    match LIMIT.load(Ordering::Relaxed) {
        0 => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        threads => threads,
    }
}

/// Maps `all` in order on `threads` threads. Items are begun in order too, so that what is best tried first comes first.
pub fn par_map<T: Sync, R: Send>(threads: usize, all: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(all.len())));
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, all.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = all.get(at) else { break };
                    let result = each(one);
                    // Nobody panics while it is held.
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|&(at, _)| at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Maps chunks of `all` in order, one at a time on each processor.
pub fn par_chunks<T: Sync, R: Send>(all: &[T], size: usize, each: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let pieces: Vec<&[T]> = all.chunks(size).collect();
    par_map(processors(), &pieces, |piece| each(piece)).into_iter().flatten().collect()
}

/// Runs both, each on a processor of its own if there are two.
pub fn join<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    if processors() == 1 {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}
