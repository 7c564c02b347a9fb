//! The one list of words that stand for a heading, a fixed word or a role: those of the contract in any case, and what
//! Dutch schools call them. Which of several is meant, the column says: `docent` is a role in staff.csv and a kind in
//! busy.csv.

/// A word of the contract and what else it may be called, in small letters.
const WORDS: &[(&str, &[&str])] = &[
    // Headings.
    ("student", &["leerling", "leerlingnummer", "leerlingnr", "stamnummer"]),
    ("name", &["naam", "omschrijving"]),
    ("class", &["klas", "stamklas", "stamgroep"]),
    ("year", &["jaar", "leerjaar"]),
    ("unit", &["team", "deelschool", "afdeling", "domein"]),
    ("site", &["locatie", "vestiging", "gebouw"]),
    ("sites", &["locaties", "vestigingen", "gebouwen"]),
    ("coach", &["mentor"]),
    ("subject", &["vak"]),
    ("subjects", &["vakken", "bevoegdheden", "bevoegd"]),
    ("offering", &["aanbod", "activiteit", "les"]),
    ("kinds", &["soorten", "soort"]),
    ("kind", &["soort"]),
    ("min", &["minimum", "minimaal"]),
    ("max", &["maximum", "maximaal"]),
    ("roles", &["rollen", "functies", "rol", "functie"]),
    ("assistants", &["assistenten"]),
    ("per_assistant", &["per assistent"]),
    ("tags", &["kenmerken", "labels"]),
    ("after", &["na"]),
    ("per_day", &["per dag"]),
    ("qualified", &["bevoegdheid"]),
    ("audience", &["doelgroep", "voor"]),
    ("place", &["lokaal", "ruimte", "plek", "plaats"]),
    ("seats", &["plaatsen", "zitplaatsen", "stoelen"]),
    ("parallel", &["tegelijk", "naast elkaar"]),
    ("staff", &["medewerker", "personeel", "docent", "docenten", "afkorting"]),
    ("likes", &["voorkeuren", "voorkeur"]),
    ("min_blocks", &["min blokken", "minimaal blokken"]),
    ("max_blocks", &["max blokken", "maximaal blokken", "blokken per week"]),
    ("max_days", &["max dagen", "maximaal dagen"]),
    ("max_per_day", &["max per dag", "maximaal per dag"]),
    ("max_in_a_row", &["max achter elkaar", "maximaal achter elkaar"]),
    ("cover_max", &["max invallen", "maximaal invallen"]),
    ("cost", &["kosten"]),
    ("who", &["wie", "leerling"]),
    ("sessions", &["keer", "aantal", "lessen"]),
    ("priority", &["prioriteit"]),
    ("with", &["met"]),
    ("day", &["dag"]),
    ("days", &["dagen", "op dagen"]),
    ("start", &["begin", "van"]),
    ("end", &["einde", "eind", "tot"]),
    ("note", &["opmerking", "notitie", "toelichting", "reden"]),
    ("block", &["blok"]),
    ("blocks", &["blokken"]),
    ("other", &["ander", "andere"]),
    ("missing", &["gemist"]),
    ("package", &["taakpakket", "pakket", "taak"]),
    ("people", &["personen", "mensen"]),
    ("value", &["waarde"]),
    ("by", &["door", "gevraagd door", "aangevraagd door", "aanvrager"]),
    ("from", &["vanaf", "van"]),
    ("until", &["tot", "tot en met", "t/m"]),
    ("rate", &["verzuim", "kans"]),
    // Roles.
    ("teacher", &["docent", "leraar", "leerkracht"]),
    ("instructor", &["instructeur", "vakinstructeur", "instructrice"]),
    ("assistant", &["assistent", "onderwijsassistent", "toa", "onderwijsondersteuner"]),
    ("supervisor", &["surveillant", "toezichthouder", "toezicht", "begeleider"]),
    ("guest", &["gast", "gastdocent", "gastles"]),
    // Priorities.
    ("must", &["verplicht", "moet"]),
    ("should", &["gewenst", "nodig"]),
    ("could", &["wens", "mag", "extra"]),
    // Kinds of block.
    ("coaching", &["coachuur", "mentoruur", "mentoraat"]),
    ("lesson", &["flexles", "les"]),
    ("zone", &["leerplein", "leerzone", "plein"]),
    ("homework", &["huiswerk", "huiswerkbegeleiding"]),
    // Kinds of pins and pairs.
    ("session", &["sessie", "les"]),
    ("attend", &["volgt", "volgen"]),
    ("ban", &["nooit", "verbod"]),
    ("apart", &["uit elkaar", "niet samen"]),
    ("together", &["samen", "bij elkaar"]),
    // Kinds of wishes.
    ("role", &["rol", "functie"]),
    // The rest.
    ("all", &["alle", "alles", "allemaal", "iedereen", "allen"]),
    ("any", &["een", "één", "minstens een", "minstens één"]),
    ("true", &["waar", "ja", "yes"]),
    ("false", &["onwaar", "nee", "no"]),
    ("study", &["studie", "zelfstudie"]),
    ("none", &["geen"]),
    ("prefer", &["liefst", "bij voorkeur"]),
    ("require", &["vereist"]),
    ("ignore", &["maakt niet uit", "negeren"]),
    ("en", &["english", "engels"]),
    ("nl", &["dutch", "nederlands"]),
];

/// Which of the `known` words of the contract is meant by `text`; `None` where it is none of them.
pub fn meant<'k>(text: &str, known: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    if let Some(word) = known.clone().find(|word| *word == text) {
        return Some(word);
    }
    let text = text.trim().to_lowercase();
    let plain = text.replace(['_', '-'], " ");
    if let Some(word) =
        known.clone().find(|word| word.to_lowercase() == text || word.replace('_', " ") == plain)
    {
        return Some(word);
    }
    let called = |word: &&str| WORDS.iter().any(|(of, names)| of == word && names.contains(&plain.as_str()));
    let mut known = known;
    known.find(called)
}
