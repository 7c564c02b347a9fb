//! The components of an iCalendar file with the lines they stand on (RFC 5545, section 3.1).

/// What is between a `BEGIN` and its `END`, without the components within it.
#[derive(Debug)]
pub struct Component {
    pub name: String,
    /// 1-based.
    pub line: usize,
    pub properties: Vec<Property>,
}

#[derive(Debug)]
pub struct Property {
    pub name: String,
    pub line: usize,
    parameters: Vec<(String, String)>,
    pub value: String,
}

impl Component {
    pub fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    pub fn first(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.first(name).is_some_and(|property| property.value.eq_ignore_ascii_case(value))
    }
}

impl Property {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Every component, in the order in which they end.
///
/// # Errors
/// The line of a component that does not end where it should.
pub fn read(text: &str) -> Result<Vec<Component>, String> {
    let mut open: Vec<Component> = Vec::new();
    let mut closed = Vec::new();
    for (line, text) in unfolded(text) {
        // A line without a colon is a piece of some text that was broken without regard to the rules.
        let Some(property) = property(line, &text) else { continue };
        let named = || property.value.to_ascii_uppercase();
        // A piece of text such as `End: 10:00` is no end of anything.
        let delimits = matches!(property.name.as_str(), "BEGIN" | "END");
        if delimits && !is_component(&named()) {
            continue;
        }
        match property.name.as_str() {
            "BEGIN" => open.push(Component { name: named(), line, properties: Vec::new() }),
            "END" => match open.pop() {
                Some(component) if component.name == named() => closed.push(component),
                Some(component) => {
                    let Component { name, line: begun, .. } = component;
                    return Err(format!("{line}: END:{} where the {name} of line {begun} is open", named()));
                }
                None => return Err(format!("{line}: END:{} without its BEGIN", named())),
            },
            _ => {
                if let Some(component) = open.last_mut() {
                    component.properties.push(property);
                }
            }
        }
    }
    match open.last() {
        Some(Component { name, line, .. }) => Err(format!("{line}: BEGIN:{name} without its END")),
        None => Ok(closed),
    }
}

fn is_component(name: &str) -> bool {
    const OTHERS: [&str; 6] = ["STANDARD", "DAYLIGHT", "AVAILABLE", "PARTICIPANT", "X-", "IANA-"];
    let word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    word && (name.starts_with('V') || OTHERS.iter().any(|other| name.starts_with(other)))
}

/// Lines that begin with a blank continue the one before.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, last))) => last.push_str(more),
            _ => lines.push((at + 1, line.to_owned())),
        }
    }
    lines
}

fn property(line: usize, text: &str) -> Option<Property> {
    let mut quoted = false;
    let mut ends = text.char_indices().filter_map(|(at, letter)| {
        quoted ^= letter == '"';
        (!quoted && matches!(letter, ';' | ':')).then_some((at, letter))
    });
    let mut parts = Vec::new();
    let mut from = 0;
    let value = loop {
        let (at, letter) = ends.next()?;
        parts.push(&text[from..at]);
        from = at + 1;
        if letter == ':' {
            break &text[from..];
        }
    };
    let mut parts = parts.into_iter();
    let name = parts.next()?.trim().to_ascii_uppercase();
    let parameters = parts
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key.trim().to_ascii_uppercase(), value.trim().trim_matches('"').to_owned()));
    Some(Property { name, line, parameters: parameters.collect(), value: value.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn folded_lines_parameters_and_components_within_others() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\nDTSTART;TZID=\"Europe/Am\r\n sterdam:x\";VALUE=DATE-TIME:2027\r\n \
                    0111T080000\nbroken text\nEnd: 10:00\nBegin: at nine\nBEGIN:VALARM\nDURATION:PT5M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
        let components = read(text).expect("components");
        let names: Vec<_> = components.iter().map(|part| (part.name.as_str(), part.line)).collect();
        assert_eq!(names, [("VALARM", 9), ("VEVENT", 2), ("VCALENDAR", 1)]);
        let event = &components[1];
        assert!(event.first("DURATION").is_none());
        let start = event.first("DTSTART").expect("a start");
        assert_eq!((start.line, start.value.as_str()), (3, "20270111T080000"));
        assert_eq!(start.parameter("TZID"), Some("Europe/Amsterdam:x"));
    }

    #[test]
    fn what_does_not_end_is_told_with_its_line() {
        for (text, told) in [
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
                "3: END:VCALENDAR where the VEVENT of line 2 is open",
            ),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "2: BEGIN:VEVENT without its END"),
            ("END:VEVENT\n", "1: END:VEVENT without its BEGIN"),
        ] {
            assert_eq!(read(text).err().as_deref(), Some(told));
        }
    }
}
