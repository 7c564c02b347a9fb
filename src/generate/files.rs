//! The rows of a generated school as the files of an input folder.

use std::fmt::Write;

use super::draft::{Draft, Wanted, Who};
use super::options::Options;
use super::week::{self, DAYS, PERIODS, Slot};

/// One file of the folder: name and text.
pub type File = (&'static str, String);

pub fn render(draft: &Draft, options: &Options) -> Vec<File> {
    vec![
        ("school.toml", school(draft, options)),
        ("layout.toml", layout()),
        ("subjects.csv", subjects(draft)),
        ("offerings.csv", offerings(draft)),
        ("places.csv", places(draft)),
        ("staff.csv", staff(draft)),
        ("students.csv", students(draft)),
        ("needs.csv", needs(draft)),
        ("busy.csv", busy(draft)),
        ("pins.csv", pins(draft)),
        ("pairs.csv", pairs(draft)),
        ("history.csv", history(draft)),
        ("packages.csv", packages(draft)),
    ]
}

/// Rows of a CSV file. No cell of a generated school holds a comma, a quote or a line break.
struct Table(String);

impl Table {
    fn new(columns: &str) -> Self {
        Self(format!("{columns}\n"))
    }

    fn row(&mut self, cells: &[&str]) {
        self.0.push_str(&cells.join(","));
        self.0.push('\n');
    }
}

fn join<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    cells.into_iter().collect::<Vec<_>>().join("|")
}

fn number(value: Option<usize>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

fn school(draft: &Draft, options: &Options) -> String {
    let days = DAYS.map(|day| format!("\"{day}\"")).join(", ");
    let mut text = format!(
        "# leerzone generate {}\n\nname = \"Het Meander\"\ndays = [{days}]\n\n\
         [coaching]\nmin = 8\nmax = 16\nmeetings = 5\ngroup_by = [\"unit\"]\n\n\
         [presence]\nmin_blocks = {{ \"1\" = 8, \"2\" = 8, \"*\" = 5 }}\nfill = \"study\"\n\n\
         [units]\nown_staff = \"prefer\"\n\n\
         [reserve]\nstaff_per_block = {}\n",
        options.arguments(),
        draft.sites.len()
    );
    // Nearly what the staff cost if everyone is deployed as much as they may be.
    let cost: usize = draft.staff.iter().map(|person| person.max_blocks * person.cost).sum();
    let _ = write!(text, "\n[[budget]]\nunit = \"*\"\ncost = {}.0\n", cost * 98 / 100);
    for (from, name) in draft.sites.iter().enumerate() {
        for (to, other) in draft.sites.iter().enumerate().skip(from + 1) {
            let minutes = travel_minutes(from, to);
            let _ = write!(text, "\n[[travel]]\nfrom = \"{name}\"\nto = \"{other}\"\nminutes = {minutes}\n");
        }
    }
    text
}

/// Sites lie on a grid of four columns, so that those of one cluster are neighbours.
fn travel_minutes(from: usize, to: usize) -> usize {
    let across = (from % 4).abs_diff(to % 4);
    let down = (from / 4).abs_diff(to / 4);
    10 + 5 * across + 10 * down
}

fn layout() -> String {
    let days = |days: &[&str]| days.iter().map(|day| format!("\"{day}\"")).collect::<Vec<_>>().join(", ");
    let mut text = "name = \"three blocks a day\"\n".to_owned();
    for (at, period) in PERIODS.iter().enumerate() {
        let Some((suffix, kind)) = period.block else { continue };
        let lower_only = at == week::LOWER_ONLY.period;
        let everyone = if lower_only { &DAYS[..week::LOWER_ONLY.day] } else { &DAYS[..] };
        let mut block = |days: String, audience: &str| {
            let _ = write!(
                text,
                "\n[[block]]\nid = \"{{day}}-{suffix}\"\ndays = [{days}]\nstart = \"{}\"\nend = \"{}\"\nkind = \"{kind}\"\n{audience}",
                period.start, period.end
            );
        };
        block(days(everyone), "");
        if lower_only {
            let years: Vec<String> = (1..=week::LOWER_YEARS).map(|year| format!("\"year:{year}\"")).collect();
            block(days(&DAYS[week::LOWER_ONLY.day..]), &format!("audience = [{}]\n", years.join(", ")));
        }
    }
    text
}

fn subjects(draft: &Draft) -> String {
    let mut table = Table::new("subject,name");
    for subject in &draft.catalogue.subjects {
        table.row(&[&subject.id, &subject.name]);
    }
    table.row(&["homework", "Huiswerkbegeleiding"]);
    table.0
}

fn offerings(draft: &Draft) -> String {
    let mut table = Table::new(
        "offering,name,subjects,kinds,min,max,roles,assistants,per_assistant,tags,online,after,per_day,qualified",
    );
    for offering in &draft.catalogue.offerings {
        let kinds = join(
            [("lesson", offering.lesson), ("zone", offering.zone)].into_iter().filter(|k| k.1).map(|k| k.0),
        );
        table.row(&[
            &offering.id,
            &offering.name.replace(',', ":"),
            &join(offering.subjects.iter().map(|&subject| draft.subject_id(subject))),
            &kinds,
            &offering.min.to_string(),
            &offering.max.to_string(),
            offering.roles,
            &offering.assistants.to_string(),
            &offering.per_assistant.to_string(),
            offering.tag,
            if offering.online { "true" } else { "" },
            offering.after,
            "1",
            if offering.any_qualified { "any" } else { "all" },
        ]);
    }
    table.row(&[
        "hw",
        "Huiswerkbegeleiding",
        "homework",
        "homework",
        "5",
        "30",
        "supervisor|teacher|instructor",
        "0",
        "0",
        "",
        "",
        "",
        "1",
        "all",
    ]);
    table.0
}

fn places(draft: &Draft) -> String {
    let mut table = Table::new("place,name,site,seats,parallel,tags,unit");
    for place in &draft.places {
        table.row(&[
            &place.id,
            &place.name,
            &draft.sites[place.site],
            &place.seats.to_string(),
            &place.parallel.to_string(),
            place.tags,
            place.unit.map_or("", |unit| &draft.units[unit].id),
        ]);
    }
    table.0
}

fn staff(draft: &Draft) -> String {
    let mut table = Table::new(
        "staff,name,roles,subjects,likes,unit,sites,min_blocks,max_blocks,max_per_day,max_in_a_row,cost",
    );
    for person in &draft.staff {
        let homework = person.homework.then_some("homework");
        let subjects = person.subjects.iter().map(|&subject| draft.subject_id(subject)).chain(homework);
        let likes = person.likes.iter().map(|&offering| draft.catalogue.offerings[offering].id.as_str());
        table.row(&[
            &person.id,
            &person.name,
            &join(person.roles.iter().copied()),
            &join(subjects),
            &join(likes),
            person.unit.map_or("", |unit| &draft.units[unit].id),
            &join(person.sites.iter().map(|&site| draft.sites[site].as_str())),
            &number(person.min_blocks),
            &person.max_blocks.to_string(),
            &number(person.max_per_day),
            &number(person.max_in_a_row),
            &person.cost.to_string(),
        ]);
    }
    table.0
}

fn students(draft: &Draft) -> String {
    let mut table = Table::new("student,name,class,year,unit,site,coach");
    for student in &draft.students {
        let class = &draft.classes[student.class];
        table.row(&[
            &student.id,
            &student.name,
            &class.id,
            &class.year.to_string(),
            &draft.units[class.unit].id,
            &draft.sites[class.site],
            student.coach.map_or("", |coach| &draft.staff[coach].id),
        ]);
    }
    table.0
}

fn needs(draft: &Draft) -> String {
    let mut table = Table::new("who,subject,sessions,priority,with,staff");
    for need in &draft.needs {
        let who = match need.who {
            Who::Student(student) => draft.students[student].id.clone(),
            Who::Class(class) => format!("class:{}", draft.classes[class].id),
            Who::Year(year) => format!("year:{year}"),
        };
        let wanted = match &need.wanted {
            Wanted::AnyOf(subjects) => join(subjects.iter().map(|&subject| draft.subject_id(subject))),
            Wanted::Homework => "homework".to_owned(),
        };
        table.row(&[
            &who,
            &wanted,
            &need.sessions.to_string(),
            need.priority,
            need.with.map_or("", |subject| draft.subject_id(subject)),
            need.staff.map_or("", |person| &draft.staff[person].id),
        ]);
    }
    table.0
}

fn busy(draft: &Draft) -> String {
    let mut table = Table::new("kind,id,day,start,end,note");
    let mut row = |kind: &str, id: &str, slot: Slot, note: &str| {
        let period = &PERIODS[slot.period];
        table.row(&[kind, id, DAYS[slot.day], period.start, period.end, note]);
    };
    for class in &draft.classes {
        for lesson in &class.lessons {
            let note = format!("{} {}", draft.subject_id(lesson.subject), class.id);
            row("class", &class.id, lesson.slot, &note);
            if let Some(teacher) = lesson.teacher {
                row("staff", &draft.staff[teacher].id, lesson.slot, &note);
            }
            if let Some(place) = lesson.place {
                row("place", &draft.places[place].id, lesson.slot, &note);
            }
        }
    }
    for student in &draft.students {
        for (slot, note) in &student.appointments {
            row("student", &student.id, *slot, note);
        }
    }
    for person in &draft.staff {
        for &day in &person.days_off {
            table.row(&["staff", &person.id, DAYS[day], "", "", "werkt niet"]);
        }
    }
    table.0
}

fn pins(draft: &Draft) -> String {
    let mut table = Table::new("kind,block,offering,staff,place,student");
    for pin in &draft.pins {
        table.row(&[
            pin.kind,
            &pin.slot.map_or(String::new(), Slot::block_id),
            pin.offering.map_or("", |offering| &draft.catalogue.offerings[offering].id),
            pin.staff.map_or("", |person| &draft.staff[person].id),
            "",
            pin.student.map_or("", |student| &draft.students[student].id),
        ]);
    }
    table.0
}

fn pairs(draft: &Draft) -> String {
    let mut table = Table::new("kind,student,other");
    for &(kind, student, other) in &draft.pairs {
        table.row(&[kind, &draft.students[student].id, &draft.students[other].id]);
    }
    table.0
}

fn history(draft: &Draft) -> String {
    let mut table = Table::new("student,subject,priority,missing");
    for missed in &draft.history {
        table.row(&[
            &draft.students[missed.student].id,
            draft.subject_id(missed.subject),
            missed.priority,
            &missed.missing.to_string(),
        ]);
    }
    table.0
}

fn packages(draft: &Draft) -> String {
    let mut table = Table::new("package,name,blocks,roles,people");
    for package in &draft.packages {
        table.row(&[
            package.id,
            package.name,
            &package.blocks.to_string(),
            package.roles,
            &package.people.to_string(),
        ]);
    }
    table.0
}
