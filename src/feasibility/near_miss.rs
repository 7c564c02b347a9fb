//! Who comes nearest to what nobody can do, and the smallest change that would let them.

use crate::school::{Offering, Qualified, Role, Roles, School, Staff, SubjectId};

/// The member of staff who lacks least to lead an offering.
pub struct NearMiss<'s> {
    school: &'s School,
    offering: &'s Offering,
    staff: &'s Staff,
    /// What the lead must be qualified for.
    asked: Vec<SubjectId>,
    lacking: Vec<SubjectId>,
    /// Whether a subject that a need names in `with` is among them.
    lacks_with: bool,
}

impl<'s> NearMiss<'s> {
    /// The nearest of all who are no lead of the offering, for needs that also ask for the subject `with`; `None` where
    /// nobody has anything that it asks for.
    pub fn of(school: &'s School, offering: &'s Offering, with: Option<SubjectId>) -> Option<Self> {
        let mut asked = offering.qualifications.clone();
        asked.extend(with.filter(|with| !asked.contains(with)));
        let compare = |staff: &'s Staff| {
            let knows = |subject: &SubjectId| staff.subjects.contains(subject);
            let lacks_with = with.is_some_and(|with| !knows(&with));
            let one_is_enough =
                offering.qualified == Qualified::Any && offering.qualifications.iter().any(knows);
            let is_asked = |subject: &SubjectId| !one_is_enough || Some(*subject) == with;
            let lacking =
                asked.iter().copied().filter(|subject| is_asked(subject) && !knows(subject)).collect();
            Self { school, offering, staff, asked: asked.clone(), lacking, lacks_with }
        };
        let others = school.staff.iter().map(compare);
        let others = others.filter(|near| near.lacks_with || !near.staff.may_lead(offering));
        // Whoever has neither a subject nor a role of it is not near.
        let near = others.filter(|near| near.lacking.len() < near.asked.len().max(1));
        near.min_by_key(|near| near.lacking.len() + usize::from(!near.has_role()))
    }

    fn has_role(&self) -> bool {
        self.staff.roles.intersects(self.offering.roles)
    }

    /// `Anja Visser (anja) has ne, but not wi`.
    pub fn found(&self) -> String {
        let who = person(&self.staff.id, &self.staff.name);
        let roles = format!(
            "is {}; `{}` takes {}",
            list(self.staff.roles),
            self.offering.id,
            list(self.offering.roles)
        );
        let knows = self.asked.iter().copied().filter(|s| self.staff.subjects.contains(s));
        let (knows, lacks) = (self.subjects(knows), self.subjects(self.lacking.iter().copied()));
        match (self.lacking.is_empty(), self.has_role()) {
            (true, _) if knows.is_empty() => format!("{who} {roles}"),
            (true, _) => format!("{who} has {knows}, but {roles}"),
            (false, true) => format!("{who} has {knows}, but not {lacks}"),
            (false, false) => format!("{who} has {knows}, not {lacks}, and {roles}"),
        }
    }

    /// The smallest change of the files that lets them lead it.
    pub fn help(&self) -> String {
        let (offering, staff) = (&self.offering.id, &self.staff.id);
        let mut steps = Vec::new();
        if !self.lacking.is_empty() {
            let lacking =
                self.lacking.iter().map(|&s| self.school[s].id.as_str()).collect::<Vec<_>>().join("|");
            steps.push(match self.offering.qualified {
                Qualified::All if self.offering.qualifications.len() > 1 && !self.lacks_with => format!(
                    "write `any` in `qualified` of `{offering}` if knowing one of its subjects is enough, or add \
                     `{lacking}` to `subjects` of `{staff}`"
                ),
                _ => format!("add `{lacking}` to `subjects` of `{staff}`"),
            });
        }
        if !self.has_role() {
            let role = self.staff.roles.iter().next();
            let own = role.map_or(String::new(), |role| {
                format!("add `{}` to `roles` of `{offering}`, or ", role.label())
            });
            let asked = self.offering.roles.iter().next().map_or("", Role::label);
            steps.push(format!("{own}give `{staff}` a role that it takes, such as `{asked}`"));
        }
        steps.join("; and ")
    }

    fn subjects(&self, subjects: impl Iterator<Item = SubjectId>) -> String {
        subjects.map(|subject| self.school[subject].id.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// `Anja Visser (anja)`; the id alone where there is no other name.
pub fn person(id: &str, name: &str) -> String {
    if name == id { format!("`{id}`") } else { format!("{name} (`{id}`)") }
}

fn list(roles: Roles) -> String {
    let labels: Vec<&str> = roles.iter().map(Role::label).collect();
    match labels.as_slice() {
        [] => "nothing".to_owned(),
        labels => labels.join(", "),
    }
}
