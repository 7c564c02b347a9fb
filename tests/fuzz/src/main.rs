//! One input is a letter, which says the file, and the bytes of that file. Every reader of files goes through
//! here: the school, scenarios, schedules, other systems' files. What a reader accepts is handed on to
//! those who work with it.

#![no_main]

mod readers;
mod stage;

use std::cell::RefCell;

use libfuzzer_sys::{Corpus, fuzz_target};

use readers::FILES;
use stage::Stage;

thread_local! {
    static STAGE: RefCell<Stage> = RefCell::new(Stage::new());
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((&letter, bytes)) = data.split_first() else { return Corpus::Reject };
    let Some(&(file, read)) = FILES.get(usize::from(letter.wrapping_sub(b'A'))) else {
        return Corpus::Reject;
    };
    STAGE.with_borrow_mut(|stage| {
        let path = stage.put(file, bytes);
        read(stage, &path);
    });
    Corpus::Keep
});
