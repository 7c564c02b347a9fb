//! What a Dutch secondary school teaches: subjects by level, and the offerings that meet them.

/// Codes and names of the levels, with the number of years and the share of the students.
pub const LEVELS: [Level; 3] = [
    Level { code: "ma", letter: 'm', name: "mavo", years: 4, share: 30.0 },
    Level { code: "ha", letter: 'h', name: "havo", years: 5, share: 37.0 },
    Level { code: "vw", letter: 'v', name: "vwo", years: 6, share: 33.0 },
];

pub struct Level {
    pub code: &'static str,
    pub letter: char,
    pub name: &'static str,
    pub years: usize,
    pub share: f64,
}

/// A subject before it is split by level.
pub struct Family {
    pub code: &'static str,
    name: &'static str,
    pub department: usize,
    /// Indices into [`LEVELS`]; empty = one subject for all levels.
    levels: &'static [usize],
    first_year: usize,
    last_year: usize,
    /// Students in one flex lesson.
    max: usize,
    /// How much oftener than others students need it.
    pub weight: usize,
    /// What a place needs.
    pub tag: &'static str,
    zone: Zone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Languages,
    Exact,
    Society,
    /// Practical: has no desk in a learning zone, runs in zone blocks at its own place.
    None,
}

/// Teams of teachers who share their subjects.
pub const DEPARTMENTS: usize = 9;

const ALL: &[usize] = &[0, 1, 2];

#[rustfmt::skip]
const FAMILIES: &[Family] = &[
    family("ne", "Nederlands",        0, ALL,     1, 6, 24, 5, "",         Zone::Languages),
    family("en", "Engels",            1, ALL,     1, 6, 24, 4, "",         Zone::Languages),
    family("wi", "Wiskunde",          2, ALL,     1, 6, 24, 5, "",         Zone::Exact),
    family("bi", "Biologie",          3, ALL,     1, 6, 20, 3, "lab",      Zone::Exact),
    family("gs", "Geschiedenis",      4, ALL,     1, 6, 26, 3, "",         Zone::Society),
    family("ak", "Aardrijkskunde",    4, ALL,     1, 6, 26, 3, "",         Zone::Society),
    family("na", "Natuurkunde",       3, ALL,     2, 6, 20, 3, "lab",      Zone::Exact),
    family("fa", "Frans",             5, ALL,     1, 6, 24, 3, "",         Zone::Languages),
    family("du", "Duits",             5, ALL,     2, 6, 24, 3, "",         Zone::Languages),
    family("sk", "Scheikunde",        3, ALL,     3, 6, 20, 3, "lab",      Zone::Exact),
    family("ec", "Economie",          6, ALL,     3, 6, 26, 3, "",         Zone::Society),
    family("lo", "Bewegen en sport",  7, &[],     1, 6, 28, 1, "gym",      Zone::None),
    family("ku", "Kunst",             8, &[],     1, 6, 22, 1, "atelier",  Zone::None),
    family("mu", "Muziek",            8, &[],     1, 6, 20, 1, "music",    Zone::None),
    family("lob", "Loopbaan",         4, &[],     2, 6, 28, 1, "",         Zone::Society),
    family("in", "Informatica",       2, &[1, 2], 4, 6, 24, 3, "computer", Zone::Exact),
    family("be", "Bedrijfseconomie",  6, &[1, 2], 4, 6, 26, 3, "",         Zone::Society),
    family("te", "Tekenen",           8, &[],     1, 6, 22, 1, "atelier",  Zone::None),
    family("mw", "Maatschappijleer",  4, &[],     4, 5, 28, 1, "",         Zone::Society),
    family("la", "Latijn",            0, &[2],    1, 6, 24, 2, "",         Zone::Languages),
    family("fi", "Filosofie",         4, &[2],    4, 6, 24, 2, "",         Zone::Society),
];

#[allow(clippy::too_many_arguments, reason = "rows of the table above")]
const fn family(
    code: &'static str,
    name: &'static str,
    department: usize,
    levels: &'static [usize],
    first_year: usize,
    last_year: usize,
    max: usize,
    weight: usize,
    tag: &'static str,
    zone: Zone,
) -> Family {
    Family { code, name, department, levels, first_year, last_year, max, weight, tag, zone }
}

/// Subjects of everyone in the upper years, beside those of the profile.
const CORE: &[&str] = &["ne", "en", "lo", "lob", "mw"];
/// What the four profiles of the upper years add.
pub const PROFILES: [&[&str]; 4] = [
    &["gs", "fa", "du", "ku", "te", "mu", "fi", "la"],
    &["wi", "ec", "be", "gs", "ak", "du"],
    &["wi", "bi", "sk", "ak", "na", "fa"],
    &["wi", "na", "sk", "in", "bi", "la"],
];

pub struct Subject {
    pub id: String,
    pub name: String,
    pub family: &'static Family,
    /// `None`: for every level.
    pub level: Option<usize>,
}

pub struct Offering {
    pub id: String,
    pub name: String,
    /// Indices into [`Catalogue::subjects`].
    pub subjects: Vec<usize>,
    pub lesson: bool,
    pub zone: bool,
    pub min: usize,
    pub max: usize,
    pub roles: &'static str,
    pub assistants: usize,
    pub per_assistant: usize,
    pub tag: &'static str,
    pub online: bool,
    pub after: &'static str,
    pub any_qualified: bool,
}

pub struct Catalogue {
    pub subjects: Vec<Subject>,
    /// Those of lesson and zone blocks; homework support comes on top.
    pub offerings: Vec<Offering>,
}

/// Offerings beside the one flex lesson of each subject.
const SPECIALS: usize = 6;
/// Below this number the learning zones would have no subjects.
pub const LEAST_OFFERINGS: usize = 18 + SPECIALS;
pub const MOST_OFFERINGS: usize = 45 + SPECIALS;

impl Catalogue {
    /// The `offerings` most common offerings, at least [`LEAST_OFFERINGS`].
    pub fn new(offerings: usize) -> Self {
        let mut subjects = Vec::new();
        for family in FAMILIES {
            if family.levels.is_empty() {
                subjects.push(Subject {
                    id: family.code.to_owned(),
                    name: family.name.to_owned(),
                    family,
                    level: None,
                });
            }
            for &level in family.levels {
                subjects.push(Subject {
                    id: format!("{}-{}", family.code, LEVELS[level].code),
                    name: format!("{} {}", family.name, LEVELS[level].name),
                    family,
                    level: Some(level),
                });
            }
        }
        subjects.truncate(offerings.saturating_sub(SPECIALS));
        let mut catalogue = Self { offerings: Vec::new(), subjects };
        catalogue.offerings = (0..catalogue.subjects.len()).map(|s| catalogue.flex_lesson(s)).collect();
        catalogue.add_specials();
        catalogue
    }

    fn flex_lesson(&self, subject: usize) -> Offering {
        let Subject { id, name, family, .. } = &self.subjects[subject];
        let lab = family.tag == "lab";
        Offering {
            id: format!("les-{id}"),
            name: format!("{name}, flexles"),
            subjects: vec![subject],
            lesson: true,
            zone: family.zone == Zone::None || lab,
            min: 8,
            max: family.max,
            roles: "teacher|instructor",
            assistants: usize::from(lab),
            per_assistant: if lab { 6 } else { 0 },
            tag: family.tag,
            online: false,
            after: "",
            any_qualified: false,
        }
    }

    fn add_specials(&mut self) {
        for (id, name, zone) in [
            ("zone-talen", "Leerplein talen", Zone::Languages),
            ("zone-exact", "Leerplein exact", Zone::Exact),
            ("zone-mens", "Leerplein mens en maatschappij", Zone::Society),
        ] {
            let subjects = self.subjects_where(|subject| subject.family.zone == zone);
            self.offerings.push(Offering {
                id: id.to_owned(),
                name: name.to_owned(),
                subjects,
                lesson: false,
                zone: true,
                min: 10,
                max: 32,
                roles: "teacher|instructor",
                assistants: 2,
                per_assistant: 8,
                tag: "zone",
                online: false,
                after: "",
                any_qualified: true,
            });
        }
        let upper = |code: &'static str| {
            move |subject: &Subject| subject.family.code == code && subject.level.is_some_and(|l| l > 0)
        };
        let joint = |id: &str, name: &str, subjects: Vec<usize>| Offering {
            id: id.to_owned(),
            name: name.to_owned(),
            subjects,
            lesson: true,
            zone: false,
            min: 20,
            max: 75,
            roles: "teacher",
            assistants: 0,
            per_assistant: 0,
            tag: "aula",
            online: false,
            after: "",
            any_qualified: false,
        };
        let instruction =
            joint("ins-wi", "Wiskunde, gezamenlijke instructie", self.subjects_where(upper("wi")));
        let practice = Offering {
            zone: true,
            min: 8,
            max: 20,
            roles: "teacher|instructor",
            assistants: 2,
            per_assistant: 8,
            tag: "",
            after: "ins-wi",
            any_qualified: true,
            ..joint("oef-wi", "Wiskunde, oefenen na de instructie", self.subjects_where(upper("wi")))
        };
        let online = Offering {
            zone: true,
            min: 6,
            max: 30,
            roles: "teacher|guest",
            tag: "",
            online: true,
            any_qualified: true,
            ..joint("online-en", "Engels, gesprek met een partnerschool", self.subjects_where(upper("en")))
        };
        self.offerings.extend([instruction, practice, online]);
    }

    fn subjects_where(&self, wanted: impl Fn(&Subject) -> bool) -> Vec<usize> {
        (0..self.subjects.len()).filter(|&s| wanted(&self.subjects[s])).collect()
    }

    /// The subjects of a student; `profile` matters in the upper years only.
    pub fn curriculum(&self, level: usize, year: usize, profile: usize) -> Vec<usize> {
        let upper = year >= if level == 0 { 3 } else { 4 };
        self.subjects_where(|subject| {
            let family = subject.family;
            subject.level.is_none_or(|l| l == level)
                && (family.first_year..=family.last_year).contains(&year)
                && (!upper || CORE.contains(&family.code) || PROFILES[profile].contains(&family.code))
        })
    }

    /// The subject of a family at a level, if this school has it.
    pub fn subject(&self, code: &str, level: usize) -> Option<usize> {
        let found = |s: &Subject| s.family.code == code && s.level.is_none_or(|l| l == level);
        self.subjects.iter().position(found)
    }
}
