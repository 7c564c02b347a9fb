//! The documentation: its sessions give what they show, its commands exist, its links lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::small::leerzone;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README.md and every page of docs/.
fn pages() -> Vec<PathBuf> {
    let entries =
        fs::read_dir(root().join("docs")).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// The blocks of a page that are fenced with this word.
fn blocks(text: &str, word: &str) -> Vec<String> {
    let fence = format!("```{word}\n");
    let parts = text.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Whether the line is as shown; `...` stands for anything.
fn fits(shown: &str, line: &str) -> bool {
    let mut parts = shown.trim_end().split("...");
    let Some(mut rest) = line.trim_end().strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        let found = if at + 1 == parts.len() && rest.ends_with(part) {
            Some(rest.len() - part.len())
        } else {
            rest.find(part)
        };
        let Some(found) = found else { return false };
        rest = &rest[found + part.len()..];
    }
    rest.is_empty()
}

/// What a terminal shows of people by name is told by id elsewhere.
fn without_names(line: &str) -> String {
    let Some(people) = line.strip_prefix("worst off: ") else { return line.to_owned() };
    let without = |one: &str| match (one.find('('), one.find(')')) {
        (Some(from), Some(to)) => format!("{}{}", &one[from + 1..to], &one[to + 1..]),
        _ => one.to_owned(),
    };
    format!("worst off: {}", people.split(", ").map(without).collect::<Vec<_>>().join(", "))
}

/// Compares what is shown, in which a line `...` stands for the rest.
fn compare(command: &str, shown: &[&str], told: &str) {
    let told: Vec<&str> = told.trim_end().lines().collect();
    for (at, line) in shown.iter().enumerate() {
        if *line == "..." {
            return;
        }
        let is = told.get(at).unwrap_or(&"(nothing)");
        assert!(
            fits(&without_names(line), is),
            "{command}: the page shows\n  {line}\nbut it is\n  {is}\nin\n{}",
            told.join("\n")
        );
    }
    assert_eq!(shown.len(), told.len(), "{command} tells more than the page shows:\n{}", told.join("\n"));
}

/// Engines choose differently among equally good timetables: the pages show what any of them gives.
#[test]
fn the_sessions_of_the_pages_give_what_they_show() {
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let folder = TempDir::new().expect("a temporary folder");
        for block in blocks(&text, "console") {
            for session in format!("\n{block}").split("\n$ ").skip(1) {
                let mut lines = session.trim_end().lines();
                let command = lines.next().unwrap_or_default();
                let words: Vec<&str> = command.split_whitespace().collect();
                assert_eq!(words[0], "leerzone", "{}: {command}", page.display());
                let output = leerzone(&words[1..]).current_dir(folder.path()).output().expect("it runs");
                assert!(output.status.success(), "{}: {command}: {output:?}", page.display());
                // Warnings and progress of a solve stand above what it ends with.
                let stderr = if words[1] == "solve" { Vec::new() } else { output.stderr };
                let told = [stderr, output.stdout].concat();
                compare(command, &lines.collect::<Vec<_>>(), &String::from_utf8_lossy(&told));
            }
        }
    }
}

#[test]
fn every_command_and_option_shown_exists() {
    let mut seen = BTreeSet::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for line in blocks(&text, "sh").iter().flat_map(|block| block.lines()) {
            let line = line.split(" #").next().unwrap_or_default();
            let Some(arguments) = line.trim().strip_prefix("leerzone ") else { continue };
            let words: Vec<&str> = arguments.split_whitespace().collect();
            let depth = if ["export", "import", "region"].contains(&words[0]) { 2 } else { 1 };
            let output =
                leerzone(&["help"]).args(&words[..depth.min(words.len())]).output().expect("it runs");
            assert!(output.status.success(), "{}: {line}", page.display());
            let help = String::from_utf8_lossy(&output.stdout);
            for option in words.iter().filter(|word| word.starts_with("--")) {
                let name = option.split('=').next().unwrap_or_default();
                let known = help.split(|c: char| c.is_whitespace() || c == ',').any(|word| word == name);
                assert!(known, "{}: {line}: there is no {name}", page.display());
            }
            seen.insert(words[0].to_owned());
        }
    }
    assert!(seen.contains("solve") && seen.contains("watch"), "{seen:?}");
}

/// Where the links of a page lead, without those to other machines.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap_or_default().to_owned());
    targets.filter(|target| !target.contains("://") && !target.contains(char::is_whitespace)).collect()
}

/// The anchor of a heading, as sites and books make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        for link in links(&text) {
            let (file, section) = link.split_once('#').unwrap_or((&link, ""));
            let target =
                if file.is_empty() { page.clone() } else { page.parent().expect("a folder").join(file) };
            assert!(target.exists(), "{}: {link} leads nowhere", page.display());
            if !section.is_empty() {
                let text = fs::read_to_string(&target).expect("a page");
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|line| anchor(line.trim_start_matches('#')) == section);
                assert!(found, "{}: {link}: no such heading", page.display());
            }
        }
    }
}

#[test]
fn the_book_has_every_page() {
    let summary = fs::read_to_string(root().join("docs").join("SUMMARY.md")).expect("the summary");
    let listed: BTreeSet<String> = links(&summary).into_iter().collect();
    for page in pages().iter().filter(|page| page.starts_with(root().join("docs"))) {
        let name = page.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(name == "SUMMARY.md" || listed.contains(&name), "{name} is not in docs/SUMMARY.md");
    }
}

/// The recipes of docs/examples.md: the folder of the example, and the text.
fn recipes() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("docs").join("examples.md")).expect("the page");
    let sections = text.split("\n## ").skip(1);
    sections
        .filter_map(|section| {
            let folder = section.split("(../examples/").nth(1)?.split('/').next()?;
            Some((folder.to_owned(), section.to_owned()))
        })
        .collect()
}

#[test]
fn every_example_has_a_recipe_with_lines_of_its_files() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("examples"))
        .expect("the examples")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(recipes().into_iter().map(|(folder, _)| folder).collect::<BTreeSet<_>>(), folders);
    for (folder, recipe) in recipes() {
        let file = recipe.split("In `").nth(1).and_then(|rest| rest.split('`').next()).expect("a file");
        let text = fs::read_to_string(root().join("examples").join(&folder).join(file)).expect("the file");
        let shown = [blocks(&recipe, "csv"), blocks(&recipe, "toml")].concat();
        assert!(!shown.is_empty(), "{folder} shows nothing");
        for line in shown.iter().flat_map(|block| block.lines()) {
            assert!(text.lines().any(|there| there.trim() == line), "{folder}/{file} has no line {line}");
        }
        let commands = blocks(&recipe, "sh").concat();
        assert!(commands.contains(&format!("examples/{folder}")), "{folder} has no command");
    }
}

/// A handful; tests/solver/examples.rs solves all of the schools.
#[test]
fn commands_of_recipes_do_what_they_say() {
    let folder = TempDir::new().expect("a temporary folder");
    for (example, recipe) in recipes() {
        if !["first-school", "illness", "term", "two-layouts", "what-if"].contains(&example.as_str()) {
            continue;
        }
        copy(&root().join("examples").join(&example), &folder.path().join("examples").join(&example));
        for line in blocks(&recipe, "sh").concat().lines() {
            let words: Vec<&str> = line.split_whitespace().skip(1).collect();
            let output = leerzone(&words).current_dir(folder.path()).output().expect("it runs");
            assert!(output.status.success(), "{line}: {output:?}");
        }
    }
    assert!(folder.path().join("monday-repaired").join("changes.csv").is_file());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}
