//! How many there are of everything, the settings of the school and its layout.

use super::draft::Draft;
use super::{Rule, Shape};

/// How many there are.
pub struct Sizes {
    pub cycle: usize,
    pub students: usize,
    pub staff: usize,
    pub places: usize,
    pub offerings: usize,
    pub subjects: usize,
    pub sites: usize,
    pub units: usize,
    pub coaching: bool,
}

pub fn sizes(d: &mut Draft) -> Sizes {
    let tiny = d.shape == Shape::Tiny;
    let most = |few: usize, drawn: usize| if tiny { drawn.min(few) } else { drawn };
    let cycle = if d.dice.rarely(12) { 10 } else { 1 + d.dice.below(2) };
    let students = most(3, if d.dice.rarely(15) { 0 } else { 1 + d.dice.below(5) });
    let staff = most(2, if d.dice.rarely(25) { 0 } else { 1 + d.dice.below(3) });
    let places = most(2, if d.dice.rarely(25) { 0 } else { 1 + d.dice.below(3) });
    let (offerings, subjects) = (most(2, 1 + d.dice.below(3)), 1 + d.dice.below(3));
    let sites = if d.dice.rarely(4) { 2 } else { 0 };
    let units = if d.dice.rarely(3) { 2 } else { 0 };
    let coaching = d.dice.rarely(3);
    Sizes { cycle, students, staff, places, offerings, subjects, sites, units, coaching }
}

fn day(number: usize) -> String {
    format!("d{number}")
}

/// `school.toml`.
pub fn settings(d: &mut Draft, s: &Sizes) -> String {
    let &Sizes { cycle, sites, units, coaching, .. } = s;
    let days: Vec<String> = (0..cycle).map(|number| format!("{:?}", day(number))).collect();
    let mut toml = format!("name = \"Odd\"\ndays = [{}]\n", days.join(", "));
    if d.dice.rarely(3) {
        toml += &format!(
            "[weights]\nmust = {}\nshould = {}\ncould = {}\nfairness = {}\nlikes = {}\nstaff_asked = {}\n\
             own_unit = {}\ncoach_kept = {}\n",
            d.dice.below(50),
            d.dice.below(20),
            d.dice.below(5),
            d.dice.below(8),
            d.dice.below(4),
            d.dice.below(4),
            d.dice.below(4),
            d.dice.below(8),
        );
    }
    if coaching {
        let min = d.dice.below(3);
        let by = ["", "group_by = [\"class\"]\n", "group_by = [\"unit\"]\n"][d.dice.below(3)];
        toml += &format!(
            "[coaching]\nmin = {}\nmax = {}\nmeetings = {}\n{by}",
            min.max(1),
            min.max(1) + d.dice.below(4),
            1 + d.dice.below(2)
        );
    }
    if d.dice.rarely(3) {
        let fill = ["study", "none"][d.dice.below(2)];
        toml += &format!("[presence]\nmin_blocks = {{ \"*\" = {} }}\nfill = {fill:?}\n", 1 + d.dice.below(2));
    }
    if units > 0 {
        let own = ["prefer", "require", "ignore"][d.dice.below(3)];
        let own = if own == "require" && d.off(Rule::OwnStaff) { "prefer" } else { own };
        let places = ["prefer", "require", "ignore"][d.dice.below(3)];
        let places = if places == "require" && d.off(Rule::OwnStaff) { "prefer" } else { places };
        toml += &format!("[units]\nown_staff = {own:?}\nown_places = {places:?}\n");
    }
    if d.dice.rarely(8) && !d.off(Rule::Reserve) {
        toml += "[reserve]\nstaff_per_block = 1\n";
        // What follows is drawn as in schools without a reserve.
        let drawn = d.dice.clone();
        toml += &reserve_group(d, s);
        d.dice = drawn;
    }
    if d.dice.rarely(5) {
        let unit = if units > 0 && d.dice.rarely(2) { d.one("u", units) } else { "*".to_owned() };
        let cost = d.dice.below(6);
        if !d.off(Rule::Budget) {
            let covers = match cost {
                2 => "covers = [\"role:teacher\"]\n",
                4 => "covers = [\"role:guest\", \"role:coach\"]\n",
                _ => "",
            };
            toml += &format!("[[budget]]\nunit = {unit:?}\n{covers}cost = {cost}\n");
        }
    }
    if sites > 0 && d.dice.rarely(2) {
        let (from, to) = (d.id("z", 0), d.id("z", 1));
        let minutes = 10 * d.dice.below(8);
        let minutes = if d.off(Rule::Travel) { 0 } else { minutes };
        toml += &format!("[[travel]]\nfrom = {from:?}\nto = {to:?}\nminutes = {minutes}\n");
    }
    toml
}

fn reserve_group(d: &mut Draft, s: &Sizes) -> String {
    if d.dice.rarely(2) {
        return String::new();
    }
    let mut toml = "[[reserve.group]]\npeople = 1\n".to_owned();
    if d.dice.rarely(2) {
        toml += &format!("subjects = [{:?}]\n", d.one("x", s.subjects));
    }
    if s.units > 0 && d.dice.rarely(2) {
        toml += &format!("unit = {:?}\n", d.one("u", s.units));
    }
    if s.sites > 0 && d.dice.rarely(2) {
        toml += &format!("site = {:?}\n", d.one("z", s.sites));
    }
    if d.dice.rarely(3) {
        toml += "roles = [\"teacher\", \"coach\"]\n";
    }
    toml
}

/// `layout.toml`, and the days of its blocks.
pub fn layout(d: &mut Draft, s: &Sizes) -> (String, Vec<usize>) {
    let &Sizes { cycle, coaching, .. } = s;
    let mut layout = String::from("name = \"odd\"\n");
    let drawn = 1 + d.dice.below(4);
    let blocks = if d.shape == Shape::Tiny { drawn.min(3) } else { drawn };
    let mut taken = Vec::new();
    for number in 0..blocks {
        let on = d.dice.below(cycle);
        let start = 540 + 30 * d.dice.below(6);
        let end = start + [30, 60, 60][d.dice.below(3)];
        let kind = match d.dice.below(8) {
            0 => "homework",
            1 | 2 if coaching => "coaching",
            3 => "zone",
            _ => "lesson",
        };
        let id = d.id("b", number);
        let audience = if d.dice.rarely(8) {
            format!("audience = [\"class:c{}\"]\n", d.dice.below(2))
        } else {
            String::new()
        };
        layout += &format!(
            "[[block]]\nid = {id:?}\ndays = [{:?}]\nstart = \"{:02}:{:02}\"\nend = \"{:02}:{:02}\"\nkind = \
             {kind:?}\n{audience}",
            day(on),
            start / 60,
            start % 60,
            end / 60,
            end % 60
        );
        taken.push(on);
    }
    (layout, taken)
}
