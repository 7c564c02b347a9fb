//! What the commands beside `check` say of a wrong file or option, word for word: each is tried in a small school
//! that has a schedule, and the snapshots beside this file hold the command line, its exit code and all that it says
//! on stderr. `INSTA_UPDATE=always cargo test --test cli messages` writes them anew.

mod exports;
mod imports;
mod options;
mod plans;
mod repairs;
mod schedules;
mod solves;
mod terms;
mod trial;
mod workbooks;
