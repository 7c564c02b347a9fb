//! Wishes of staff: each occurrence counts, those below 0 too.

use super::*;

const STAFF: (&str, &str) = (
    "staff.csv",
    "staff,name,roles,subjects\nkim,Kim,teacher|coach,wi\nlee,Lee,teacher|assistant|supervisor,wi\n",
);
const PLACES: (&str, &str) = ("places.csv", "place,name,site,seats,parallel\np1,Een,,2,1\np2,Twee,,2,1\n");

/// Both students need one session each of worth 100; either teacher may lead it in either block.
fn wish(name: &str, total: f64, rows: &str, more: Files) {
    let wishes = format!("staff,kind,id,value\n{rows}\n");
    let mut files = vec![STAFF, PLACES, ("wishes.csv", wishes.as_str())];
    files.extend_from_slice(more);
    binds(name, total, &files);
}

#[test]
fn what_is_led() {
    wish("an offering, in two sessions", 206.0, "lee,offering,wi,3", &[]);
    wish("rather not, so another leads", 200.0, "lee,offering,wi,-3", &[]);
    wish("rather not, both", 198.0, "lee,offering,wi,-3\nkim,offering,wi,-2", &[]);
    wish("a role, in two sessions", 204.0, "lee,role,teacher,2", &[]);
    wish("an offering and a role add up", 202.0, "lee,role,teacher,2\nlee,offering,wi,-1", &[]);
    wish("a role that may not lead it", 200.0, "kim,role,coach,3", &[]);
    wish("a role that they have not", 200.0, "kim,role,guest,3", &[]);
    let weights = ("school.toml", "name = \"Twee\"\ndays = [\"mo\"]\n[weights]\nwishes = 10\n");
    wish("with a weight", 230.0, "lee,block,b1,3", &[weights]);
    let nothing = ("school.toml", "name = \"Twee\"\ndays = [\"mo\"]\n[weights]\nwishes = 0\n");
    wish("that weighs nothing", 200.0, "lee,block,b1,3", &[nothing]);
    let could = ("needs.csv", "who,subject,sessions,priority\nall,wi,1,could\n");
    wish("more than the students gain", 0.0, "lee,day,mo,-3\nkim,day,mo,-3", &[could]);
}

#[test]
fn when_they_work() {
    wish("a block", 203.0, "lee,block,b2,3", &[]);
    wish("a day, in two blocks", 206.0, "lee,day,mo,3", &[]);
    wish("one block rather than the other", 202.0, "lee,block,b1,-2\nkim,block,b1,-1\nlee,day,mo,2", &[]);
}

#[test]
fn assisting_and_supervising() {
    let offerings = ("offerings.csv", "offering,name,subjects,min,max,assistants\nwi,Wiskunde,wi,1,2,1\n");
    let leads = "kim,offering,wi,1";
    wish("an assistant nobody needs", 204.0, &format!("{leads}\nlee,role,assistant,1"), &[offerings]);
    wish("who would rather not", 202.0, &format!("{leads}\nlee,role,assistant,-1"), &[offerings]);
    let settings = (
        "school.toml",
        "name = \"Twee\"\ndays = [\"mo\"]\n[presence]\nmin_blocks = { \"*\" = 2 }\nfill = \"study\"\n",
    );
    // One student studies while the other has a lesson, and the other way round.
    wish("study, in two sessions", 206.0, "lee,role,supervisor,3", &[settings]);
    // Each student short of a block loses 10.
    wish("study at a price", 197.0, "lee,role,supervisor,-3", &[settings]);
}

#[test]
fn carrying_a_package() {
    let packages = ("packages.csv", "package,name,blocks,roles,people\nstage,Stage,1,teacher,1\n");
    wish("a package", 203.0, "lee,package,stage,3", &[packages]);
    wish("rather than another", 202.0, "lee,package,stage,1\nkim,package,stage,2", &[packages]);
    wish("that nobody wishes", 199.0, "lee,package,stage,-1\nkim,package,stage,-2", &[packages]);
    let staff = (
        "staff.csv",
        "staff,name,roles,subjects,max_blocks\nkim,Kim,teacher,wi,1\nlee,Lee,teacher|assistant|supervisor,wi,1\n",
    );
    wish(
        "or sessions",
        203.0,
        "lee,package,stage,1\nlee,offering,wi,3\nkim,package,stage,0",
        &[packages, staff],
    );
}

#[test]
fn coaching() {
    let settings =
        ("school.toml", "name = \"Twee\"\ndays = [\"mo\"]\n[coaching]\nmin = 1\nmax = 2\nmeetings = 1\n");
    let blocks =
        layout(&["b1 mo 09:00 10:00 coaching", "b2 mo 10:00 11:00 coaching", "b3 mo 11:00 12:00 lesson"]);
    let more: Files = &[settings, ("layout.toml", blocks.as_str())];
    // Two groups of one student meet twice, one group of two once.
    wish("as many meetings as there can be", 206.0, "kim,role,coach,3", more);
    wish("as few as there can be", 197.0, "kim,role,coach,-3", more);
    wish("in one block", 205.0, "kim,role,coach,2\nkim,block,b2,3\nkim,block,b1,-3", more);
}
