//! The words of the pages, in each language. `{0}`, `{1}`, ... stand for what is filled in.

use serde::Serialize;

use crate::school::Language;
use crate::timetable::Timetable;

macro_rules! words {
    ($($key:ident: $english:literal, $dutch:literal;)+) => {
        /// Every text that a page may show.
        #[derive(Debug, Serialize)]
        pub struct Words {
            $(pub $key: &'static str),+
        }

        const ENGLISH: Words = Words { $($key: $english),+ };
        const DUTCH: Words = Words { $($key: $dutch),+ };
    };
}

words! {
    decimal: ".", ",";
    monday: "Monday", "maandag";
    tuesday: "Tuesday", "dinsdag";
    wednesday: "Wednesday", "woensdag";
    thursday: "Thursday", "donderdag";
    friday: "Friday", "vrijdag";
    saturday: "Saturday", "zaterdag";
    sunday: "Sunday", "zondag";
    timetable: "Timetable", "Rooster";
    layout: "Layout", "Indeling";
    scenario: "Scenario", "Scenario";
    skip: "Skip to the search box", "Naar het zoekveld";
    contents: "On this page", "Op deze pagina";
    find_label: "What are you looking for?", "Wat zoekt u?";
    find_hint: "Type a student, class, coach, staff member, unit, place, subject, offering, day or block", "Typ een leerling, klas, coach, medewerker, team, ruimte, vak, aanbod, dag of blok";
    matches: "{0} found", "{0} gevonden";
    no_match: "Nobody and nothing is called that", "Niemand en niets heet zo";
    needs_script: "Looking up a week needs JavaScript; the pictures and tables below do not.",
        "Een week opzoeken vraagt JavaScript; de plaatjes en tabellen hieronder niet.";
    print: "Print", "Afdrukken";
    close: "Close", "Sluiten";
    unknown: "This timetable has nothing called {0}.", "Dit rooster kent niets dat {0} heet.";

    student: "Student", "Leerling";
    students: "Students", "Leerlingen";
    class: "Class", "Klas";
    year: "Year", "Leerjaar";
    unit: "Unit", "Team";
    group: "Coaching group", "Coachgroep";
    budget: "Budget", "Budget";
    budget_spent: "{0} of {1} a week: {2} blocks, {3} of them in packages; {4} needs met in sessions led",
        "{0} van {1} per week: {2} blokken, waarvan {3} in taakpakketten; {4} behoeften vervuld in geleide bijeenkomsten";
    coach: "Coach", "Coach";
    staff: "Staff member", "Medewerker";
    place: "Place", "Ruimte";
    block: "Block", "Blok";
    lead: "Led by", "Geleid door";
    day: "Day", "Dag";
    time: "Time", "Tijd";
    subject: "Subject", "Vak";
    offering: "Offering", "Aanbod";
    sessions: "Sessions", "Bijeenkomsten";
    n_students: "{0} students", "{0} leerlingen";
    one_student: "1 student", "1 leerling";
    of_capacity: "{0} of {1} seats", "{0} van {1} plaatsen";
    of_these: "{0} of these students", "{0} van deze leerlingen";
    members: "Members", "Leden";
    seats: "{0} seats", "{0} plaatsen";
    seats_head: "Seats", "Plaatsen";
    online: "online", "online";
    nothing: "Nothing this week", "Niets deze week";
    free: "nothing", "niets";
    packages: "Task packages", "Taakpakketten";

    wishes: "Wishes of staff", "Wensen van medewerkers";
    wish: "Wish", "Wens";
    wish_points: "Points", "Punten";
    wish_granted: "Came true", "Vervuld";
    wish_denied: "denied", "niet vervuld";

    kind_coaching: "Coaching", "Coaching";
    kind_lesson: "Flex lesson", "Flexles";
    kind_zone: "Learning zone", "Leerplein";
    kind_homework: "Homework support", "Huiswerkbegeleiding";
    coaching: "Coaching", "Coaching";
    study: "Study place", "Studieplek";
    reserve: "Reserve", "Reserve";
    assists: "assists", "assisteert";
    cover: "stands in for the coach", "vervangt de coach";

    needs_met: "Needs met", "Vervuld";
    met_of: "{0} of {1}", "{0} van {1}";
    must: "must", "verplicht";
    should: "should", "gewenst";
    could: "could", "wens";
    complete: "Everything they must and should", "Alles wat verplicht en gewenst is";
    complete_of: "{0} of {1} students", "{0} van {1} leerlingen";
    worst: "Worst off", "Mist het meest";
    worst_of: "{0} misses {1} sessions", "{0} mist {1} bijeenkomsten";
    worst_others: "{0} students miss {1} sessions each", "{0} leerlingen missen er elk {1}";
    worst_none: "nobody misses a must or a should", "niemand mist iets verplichts of gewensts";
    quality: "How good is it?", "Hoe goed is het?";
    proven: "No better timetable exists: this is proven.", "Een beter rooster bestaat niet: dat is bewezen.";
    within: "No timetable whatever can be more than {0} % better than this one.",
        "Geen enkel rooster kan meer dan {0} % beter zijn dan dit.";
    no_bound: "How much better it could be is not known: the schedule has no summary.json.",
        "Hoeveel beter het kan is niet bekend: het rooster heeft geen summary.json.";
    rules_hold: "Every rule holds.", "Aan elke regel is voldaan.";
    rules_broken: "{0} violations of rules or disagreements between files: `leerzone verify` lists them.",
        "{0} overtredingen van regels of tegenspraak tussen bestanden: `leerzone verify` noemt ze.";
    term: "Term", "Onderdeel";
    count: "Count", "Aantal";
    value: "Value", "Waarde";
    total: "Total", "Totaal";
    bound: "Best possible, at most", "Best mogelijk, hoogstens";

    term_must: "Sessions of a must", "Verplichte bijeenkomsten";
    term_should: "Sessions of a should", "Gewenste bijeenkomsten";
    term_could: "Sessions of a could", "Bijeenkomsten als wens";
    term_coach_kept: "Students who keep their coach", "Leerlingen die hun coach houden";
    term_staff_asked: "Sessions with the staff member asked for", "Bijeenkomsten met de gevraagde medewerker";
    term_likes: "Sessions led by someone who likes them", "Bijeenkomsten door wie ze graag geeft";
    term_wishes: "Wishes of staff come true, in points", "Vervulde wensen van medewerkers, in punten";
    term_own_unit: "Sessions by staff of the own unit", "Bijeenkomsten door het eigen team";
    term_fairness: "Unfairly divided misses", "Oneerlijk verdeeld gemis";
    term_presence: "Blocks missing to the least presence", "Blokken te weinig aanwezig";
    term_meetings: "Coaching meetings missing", "Ontbrekende coachmomenten";
    term_min_blocks: "Blocks missing to staff members' minimum", "Blokken onder het minimum van medewerkers";

    week_title: "The whole school's week", "De week van de hele school";
    week_about: "Each block with its subjects side by side, as wide as their part of the students; a click on a block opens it.", "Elk blok met zijn vakken naast elkaar, zo breed als hun deel van de leerlingen; klik op een blok om het te openen.";
    occupancy_title: "Occupancy of places", "Bezetting van ruimtes";
    occupancy_about: "The darker, the fuller: students in a block as part of the seats.",
        "Hoe donkerder, hoe voller: leerlingen in een blok als deel van de plaatsen.";
    all_places: "All places", "Alle ruimtes";
    load_title: "Load of staff", "Belasting van medewerkers";
    load_about: "Blocks a week by role. The marks are the least and the most that the staff member agreed to.",
        "Blokken per week naar rol. De streepjes zijn het minst en het meest dat is afgesproken.";
    role_lead: "Leads", "Leidt";
    role_coach: "Coaches", "Coacht";
    role_assistant: "Assists", "Assisteert";
    role_supervisor: "Supervises", "Houdt toezicht";
    role_package: "Task packages", "Taakpakketten";
    blocks: "Blocks", "Blokken";
    least: "Least", "Minimum";
    most: "Most", "Maximum";
    no_limit: "no limit", "geen grens";
    needs_title: "Needs met by subject and year", "Vervuld per vak en leerjaar";
    needs_about: "Sessions met as part of those asked for; of alternatives, the first subject counts.",
        "Vervulde bijeenkomsten als deel van de gevraagde; bij alternatieven telt het eerste vak.";
    asked: "Asked", "Gevraagd";
    met: "Met", "Vervuld";
    all_years: "All years", "Alle leerjaren";
    reasons_title: "Why needs were not met", "Waarom iets ontbreekt";
    reasons_about: "Missing sessions by reason and priority.",
        "Ontbrekende bijeenkomsten naar reden en prioriteit.";
    requests: "What was asked for", "Wat gevraagd is";
    my_requests: "My requests", "Mijn verzoeken";
    asked_by: "asked by {0}", "gevraagd door {0}";
    asked_by_teacher: "asked by your teacher of {0}", "gevraagd door je docent {0}";
    request_met: "met", "gelukt";
    request_unmet: "{0} not met: {1}", "{0} niet gelukt: {1}";
    outcome: "Outcome", "Uitkomst";
    note: "Note", "Toelichting";
    unmet_title: "What is missing", "Wat ontbreekt";
    unmet_none: "Nothing is missing.", "Er ontbreekt niets.";
    filter: "Show only rows with", "Toon alleen rijen met";
    shown: "{0} of {1} rows", "{0} van {1} rijen";
    who: "Who", "Wie";
    priority: "Priority", "Prioriteit";
    missing: "Missing", "Ontbreekt";
    reason: "Reason", "Reden";
    detail: "Detail", "Toelichting";
    table: "As a table", "Als tabel";
    presence: "presence", "aanwezigheid";
    meetings: "coaching meetings", "coachmomenten";
    min_blocks: "least blocks", "minimum aan blokken";
    stale: "The school's files cannot be read as they stand: this is the last good timetable. What is wrong stands in the window of leerzone watch.",
        "De bestanden van de school zijn zo niet te lezen: dit is het laatste goede rooster. Wat er mis is staat in het venster van leerzone watch.";
    written: "schedule written to {0}{1}", "rooster geschreven naar {0}{1}";
    total_line: "total {0}, at most {1} is possible (gap {2}), {3} s",
        "totaal {0}, hoogstens {1} is mogelijk (verschil {2}), {3} s";
    needs_line: "need sessions met: {0}", "vervulde bijeenkomsten: {0}";
    part_of: "{0} {1} of {2}", "{0} {1} van {2}";
    none_asked: "none asked", "niets gevraagd";
    missing_file: "what is missing, and why: {0}", "wat ontbreekt, en waarom: {0}";
    line_proven: "no better timetable exists: this is proven", "een beter rooster bestaat niet: dat is bewezen";
    line_within: "no timetable whatever can be more than {0} % better than this one",
        "geen enkel rooster kan meer dan {0} % beter zijn dan dit";
    worst_one: "worst off: {0} misses {1} of must and should; {2}",
        "mist het meest: {0}, {1} die verplicht of gewenst is; {2}";
    worst_many: "worst off: {0} miss {1} of must and should; {2}",
        "mist het meest: {0}, elk {1} verplicht of gewenst; {2}";
    one_session: "1 session", "1 bijeenkomst";
    n_sessions: "{0} sessions", "{0} bijeenkomsten";
    one_misses: "1 of {0} students misses any", "1 van {0} leerlingen mist iets";
    n_miss: "{0} of {1} students miss any", "{0} van {1} leerlingen missen iets";
    one_other: "1 other", "1 ander";
    n_others: "{0} others", "{0} anderen";
    scarce: "scarce, in sessions missing: {0}", "krap, in ontbrekende bijeenkomsten: {0}";
    scarce_one: "{0} {1} (mostly {2})", "{0} {1} (meestal: {2})";
    next_show: "next: leerzone show {0} {1}   a week in the terminal",
        "verder: leerzone show {0} {1}   een week in de terminal";
    next_report: "      leerzone report {0} {1}   a page to look anybody up",
        "        leerzone report {0} {1}   een pagina om iedereen op te zoeken";
    repaired_written: "repaired schedule written to {0}{1}", "aangepast rooster geschreven naar {0}{1}";
    one_change: "1 change", "1 wijziging";
    n_changes: "{0} changes", "{0} wijzigingen";
    repair_price: "{0}, {1} in price ({2} each): {3}, {4} staff; see {5}",
        "{0}, prijs {1} ({2} per stuk): {3}, personeel {4}; zie {5}";
    repair_total: "total {0}, {1} s", "totaal {0}, {1} s";
    shift_line: "{0} {1} {2} of {3}: {4}", "{0} {1} {2} van {3}: {4}";
    moved: "{0}, {1}", "{0}, {1}";
    was_reserve: "in reserve", "in reserve";
    was_own_unit: "of the same unit", "van hetzelfde team";
    was_free: "had nothing then", "had dan niets";
    instead: "instead of {0}", "in plaats van {0}";
    covered_week: "stepped in {0} times this week", "viel deze week {0} keer in";
    covered_term: "stepped in {0} times this week, {1} in other weeks", "viel deze week {0} keer in, {1} keer in andere weken";
    nobody_steps_in: "nobody who is free can step in", "niemand die vrij is kan invallen";
    no_holes: "nothing falls out", "er valt niets uit";
    nothing_week: "nothing this week", "niets deze week";
    assists_in: "{0} (assists)", "{0} (assisteert)";
    subject_in: "{0} in {1}", "{0} in {1}";
    missing_line: "missing {0} x {1}{2}, {3}: {4}", "ontbreekt {0} x {1}{2}, {3}: {4}";
    nothing_runs: "nothing runs then", "dan is er niets";
    seats_of: "{0} of {1}", "{0} van {1}";
    sheet_students: "Weeks of students", "Weken leerlingen";
    sheet_staff: "Weeks of staff", "Weken medewerkers";
    sheet_places: "Weeks of places", "Weken ruimtes";
    sheet_who_where: "Who is where", "Wie waar";
    from: "From", "Van";
    until: "Until", "Tot";
    made_at: "Schedule of {0}. Made with leerzone {1}", "Rooster van {0}. Gemaakt met leerzone {1}";
    date_form: "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M";
    whole_day: "All day", "Hele dag";
    busy: "busy", "bezet";
    group_of: "the group of {0}", "de groep van {0}";
    session: "Session", "Bijeenkomst";
    comes_for: "Comes for", "Komt voor";
    assistants: "Assistants", "Assistenten";
    week: "Week", "Week";
    each_week: "Week of each student", "Week van elke leerling";
    lists: "Attendance lists", "Aanwezigheidslijsten";
    whole_week: "My students' week", "Week van mijn leerlingen";
    print_all: "To print: everybody's week, a sheet each", "Afdrukken: ieders week, elk op een blad";
    all_students: "all students", "alle leerlingen";
    all_staff: "all staff", "alle medewerkers";
    all_rooms: "all places", "alle ruimtes";
    show_day: "Today in the staff room", "De dag in de teamkamer";
    repaired: "This week was repaired", "Dit rooster is aangepast";
    repaired_quality: "This week was repaired after it was made: how good the plan was stands on the page of the plan.",
        "Dit rooster is na het maken aangepast: hoe goed het plan was staat op de pagina van het plan.";
    absent: "Absent", "Afwezig";
    closed: "Closed", "Gesloten";
    stand_ins: "Who stands in, and where", "Wie vervangt, en waar";
    instead_of: "{0} instead of {1}", "{0} in plaats van {1}";
    moved_to: "to {0} instead of {1}", "naar {0} in plaats van {1}";
    cancelled: "cancelled", "vervalt";
    changed: "Changed, was: {0}", "Gewijzigd, was: {0}";
    misses: "Who misses it", "Wie het mist";
    swipe: "Swipe sideways for the rest.", "Veeg opzij voor de rest.";
    made: "Made with leerzone {0}", "Gemaakt met leerzone {0}";

    not_found: "a seat was left; a longer search may use it", "er was nog plaats; langer zoeken kan helpen";
    sessions_full: "the sessions were full", "de bijeenkomsten waren vol";
    clash: "the sessions ran during something else", "de bijeenkomsten vielen samen met iets anders";
    clash_and_full: "the sessions were full or during something else",
        "de bijeenkomsten waren vol of vielen samen";
    per_day: "no more of it on one day", "niet nog meer ervan op één dag";
    after: "another session must come first", "een andere bijeenkomst moet eerst";
    apart: "kept apart from someone in it", "uit elkaar gehouden met iemand die er zat";
    banned: "ruled out by pins.csv", "uitgesloten door pins.csv";
    other_days: "sessions on other days than asked for", "bijeenkomsten op andere dagen dan gevraagd";
    no_session: "no session when the student could come", "geen bijeenkomst toen de leerling kon";
    nobody_free: "nobody who may lead it, or no place, was free", "niemand die het mag leiden of geen ruimte was vrij";
    never_free: "not free in enough blocks", "in te weinig blokken vrij";
    no_place: "no fitting place at the site", "geen passende ruimte op de locatie";
    nobody_qualified: "nobody may lead it", "niemand mag het leiden";
    no_offering: "nothing on offer meets it", "niets in het aanbod vervult het";
    limits: "the own limits are below the minimum", "de eigen grenzen liggen onder het minimum";
}

impl Words {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What a reason of `unmet_needs.csv` means; a word of somebody else's stands for itself.
    pub fn reason<'a>(&self, reason: &'a str) -> &'a str {
        match reason {
            "not-found" => self.not_found,
            "sessions-full" => self.sessions_full,
            "clash" => self.clash,
            "clash-and-full" => self.clash_and_full,
            "per-day" => self.per_day,
            "after" => self.after,
            "apart" => self.apart,
            "banned" => self.banned,
            "other-days" => self.other_days,
            "no-session" => self.no_session,
            "nobody-free" => self.nobody_free,
            "never-free" => self.never_free,
            "no-place" => self.no_place,
            "nobody-qualified" => self.nobody_qualified,
            "no-offering" => self.no_offering,
            "limits" => self.limits,
            other => other,
        }
    }

    /// A reason in a word or two: as the file says it, or in the language of the school.
    pub fn short_reason(&self, reason: &str) -> String {
        if self.decimal == ENGLISH.decimal {
            reason.replace('-', " ")
        } else {
            self.reason(reason).to_owned()
        }
    }

    /// When and with what a schedule was made.
    pub fn made_with(&self, timetable: &Timetable) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let made = timetable.made.and_then(|made| jiff::Timestamp::try_from(made).ok());
        match made {
            None => fill(self.made, &[&version]),
            Some(made) => {
                let made = made.to_zoned_datetime(jiff::tz::TimeZone::system());
                fill(self.made_at, &[&made.strftime(self.date_form), &version])
            }
        }
    }

    /// The days of the week, Monday first.
    pub fn weekdays(&self) -> [&'static str; 7] {
        [self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday]
    }

    /// A part of a whole in per cent with one decimal, rounded down: 100 only for all of it.
    pub fn share(&self, part: u64, whole: u64) -> String {
        if whole == 0 || part >= whole {
            return "100 %".to_owned();
        }
        let thousandths = part * 1000 / whole;
        format!("{}{}{} %", thousandths / 10, self.decimal, thousandths % 10)
    }

    /// A number with at most two decimals.
    pub fn number(&self, value: f64) -> String {
        // Adding zero turns a negative zero into a plain one.
        ((value * 100.0).round() / 100.0 + 0.0).to_string().replace('.', self.decimal)
    }

    /// A term of the objective.
    pub fn term<'a>(&self, term: &'a str) -> &'a str {
        match term {
            "must" => self.term_must,
            "should" => self.term_should,
            "could" => self.term_could,
            "coach_kept" => self.term_coach_kept,
            "staff_asked" => self.term_staff_asked,
            "likes" => self.term_likes,
            "wishes" => self.term_wishes,
            "own_unit" => self.term_own_unit,
            "fairness" => self.term_fairness,
            "presence" => self.term_presence,
            "meetings" => self.term_meetings,
            "min_blocks" => self.term_min_blocks,
            other => other,
        }
    }
}

/// The text with `{0}`, `{1}`, ... filled in.
pub fn fill(text: &str, values: &[&dyn std::fmt::Display]) -> String {
    let mut filled = text.to_owned();
    for (at, value) in values.iter().enumerate() {
        filled = filled.replacen(&format!("{{{at}}}"), &value.to_string(), 1);
    }
    filled
}
