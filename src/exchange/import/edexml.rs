//! EDEXML, the file of students, groups and teachers that Dutch school administrations hand out.

use std::collections::HashMap;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::delimited::decode;
use crate::open;
use crate::read::columns;

use super::{Draft, Import, unusable_id, year_of};

/// Elements within elements that the format can have; more is no such file.
const DEEPEST: usize = 50;

/// An element: its attributes, its text, and what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    key: String,
    text: String,
    children: Vec<Element>,
}

/// # Errors
/// The file cannot be read, or is no EDEXML.
pub fn import(source: &Path) -> Result<Import, String> {
    let name = source.display().to_string();
    let bytes = open::bytes(source).map_err(|error| format!("cannot read {name}: {error}"))?;
    // The text says in its first line how it is encoded; what is UTF-8 is so whatever that line says.
    let (text, _) = decode(&bytes);
    let root = parse(&text).map_err(|message| format!("{name}: {message}"))?;
    let edex = root.children.iter().find(|child| child.name == "edex" || child.name == "school");
    let edex = edex.ok_or_else(|| format!("{name}: expected the element EDEX; it is no EDEXML file"))?;
    let list = |list: &'static str, item: &'static str| {
        let lists = edex.children.iter().filter(move |child| child.name == list);
        lists.flat_map(move |list| list.children.iter().filter(move |child| child.name == item))
    };
    let mut import = Import::default();
    let groups: HashMap<&str, &Element> =
        list("groepen", "groep").map(|group| (group.key.as_str(), group)).collect();
    let mut students = Draft::new(&columns::STUDENTS, ["student", "name", "class", "year"]);
    let all: Vec<&Element> = list("leerlingen", "leerling").collect();
    let source = "leerlingen";
    import.count(source, all.len());
    for student in all {
        let Some(id) = id(student, source, &mut import) else { continue };
        let group = student.child("groep").map_or("", |group| group.key.as_str());
        let class = groups.get(group).map_or("", |group| group.text_of("naam"));
        if !group.is_empty() && class.is_empty() {
            import.note(
                source,
                format!("`{id}` is in the group `{group}`, which is not in the file: no class"),
            );
        }
        let of_group = groups.get(group).map_or("", |group| group.text_of("jaargroep"));
        let year = [student.text_of("jaargroep"), of_group, year_of(class)];
        let year = year.into_iter().find(|year| !year.is_empty()).unwrap_or_default();
        students.push([id, &student.full_name(), class, year]);
    }
    let mut staff = Draft::new(&columns::STAFF, ["staff", "name", "roles", "subjects"]);
    let all: Vec<&Element> = list("leerkrachten", "leerkracht").collect();
    let source = "leerkrachten";
    import.count(source, all.len());
    for teacher in all {
        let Some(id) = id(teacher, source, &mut import) else { continue };
        staff.push([id, &teacher.full_name(), "teacher", ""]);
    }
    import.add(staff);
    import.add(students);
    Ok(import)
}

fn id<'e>(element: &'e Element, source: &str, import: &mut Import) -> Option<&'e str> {
    if let Some(why) = unusable_id(&element.key) {
        import.note(source, format!("the key {why}"));
        import.skip(source, "no usable key", 1);
        return None;
    }
    Some(&element.key)
}

impl Element {
    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    fn full_name(&self) -> String {
        let first = ["roepnaam", "voornamen", "voorletters-1"].map(|name| self.text_of(name));
        let first = first.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let parts = [first, self.text_of("voorvoegsel"), self.text_of("achternaam")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// The element that holds the whole file.
fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let line = |position: u64| {
            let before =
                text.as_bytes().get(..usize::try_from(position).unwrap_or(0)).unwrap_or(text.as_bytes());
            1 + before.iter().filter(|byte| **byte == b'\n').count()
        };
        let event = reader.read_event();
        match event
            .map_err(|error| format!("line {}: it is no XML: {error}", line(reader.error_position())))?
        {
            Event::Start(start) => {
                open.push(element(&start)?);
                if open.len() > DEEPEST {
                    return Err(format!(
                        "line {}: more than {DEEPEST} elements within each other",
                        line(reader.buffer_position())
                    ));
                }
            }
            Event::Empty(start) => {
                let element = element(&start)?;
                open.last_mut().ok_or("it is no XML")?.children.push(element);
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                open.last_mut().ok_or("it is no XML")?.text.push_str(&text);
            }
            Event::CData(text) => {
                open.last_mut().ok_or("it is no XML")?.text.push_str(&text);
            }
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref().map_err(|error| error.to_string())? {
                    Some(letter) => letter.to_string(),
                    None => {
                        quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default().to_owned()
                    }
                };
                open.last_mut().ok_or("it is no XML")?.text.push_str(&resolved);
            }
            Event::End(_) => {
                let closed = open.pop().ok_or("it is no XML")?;
                open.last_mut().ok_or("it is no XML")?.children.push(closed);
            }
            Event::Eof if open.len() == 1 => return open.pop().ok_or_else(|| "it is no XML".to_owned()),
            Event::Eof => return Err("it ends before its last element does: fetch it again".to_owned()),
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
}

fn element(start: &BytesStart) -> Result<Element, String> {
    let mut element = Element { name: start.local_name().as_ref().to_lowercase(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| format!("it is no XML: {error}"))?;
        if attribute.key.as_ref() == "key" {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            element.key = value.map_err(|error| format!("it is no XML: {error}"))?.trim().to_owned();
        }
    }
    Ok(element)
}
