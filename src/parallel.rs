//! Does many alike things on several processors.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many threads this machine runs at once.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// What comes of each, in their order, `threads` at a time and the first ones first.
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

/// What comes of all, in their order, so many of them at a time on a processor.
pub fn par_chunks<T: Sync, R: Send>(all: &[T], size: usize, each: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let pieces: Vec<&[T]> = all.chunks(size).collect();
    par_map(processors(), &pieces, |piece| each(piece)).into_iter().flatten().collect()
}

/// What comes of both, each on a processor of its own.
pub fn join<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}
