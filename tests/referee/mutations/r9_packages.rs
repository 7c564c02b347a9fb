use super::*;

#[test]
fn nobody_carries_it() {
    let case = correct().remove("package_holders.csv", "mentoring");
    breaks(case, "R9", &["`mentoring` has 0 different holders, people is 1"], &["package_holders.csv:0"]);
}

#[test]
fn too_many_carry_it() {
    let case = correct().append("package_holders.csv", "mentoring,gwen");
    let rows = ["package_holders.csv:2", "package_holders.csv:3"];
    breaks(case, "R9", &["`mentoring` has 2 different holders, people is 1"], &rows);
}

#[test]
fn one_person_twice_is_not_two() {
    let case = correct()
        .edit("packages.csv", "mentoring,Mentoring new teachers,1,teacher,1", "mentoring,,1,teacher,2")
        .append("package_holders.csv", "mentoring,bram");
    breaks(case, "R9", &["`mentoring` has 1 different holders, people is 2"], &["package_holders.csv:2"]);
}

#[test]
fn a_holder_without_the_subject_or_of_another_unit() {
    let with = |subjects: &str, unit: &str| {
        correct().edit("packages.csv", "roles,people", "roles,people,subjects,unit").edit(
            "packages.csv",
            "1,teacher,1",
            &format!("1,teacher,1,{subjects},{unit}"),
        )
    };
    keeps(with("ne|na", "lower"));
    let rows = ["package_holders.csv:2"];
    breaks(with("ne", ""), "R9", &["`bram` is qualified for none of ne"], &rows);
    breaks(with("", "upper"), "R9", &["`bram` is not of unit `upper`"], &rows);
}

#[test]
fn a_holder_who_is_never_free_with_somebody() {
    let with = |meets: &str| {
        correct().edit("packages.csv", "roles,people", "roles,people,meets").edit(
            "packages.csv",
            "1,teacher,1",
            &format!("1,teacher,1,{meets}"),
        )
    };
    keeps(with("anna|finn"));
    let busy = with("finn|anna")
        .append("busy.csv", "staff,anna,tue,,,")
        .append("busy.csv", "staff,anna,mon,08:30,09:00,")
        .append("busy.csv", "staff,anna,mon,15:00,16:00,");
    breaks(busy, "R9", &["`bram` and `anna` are never free together"], &["package_holders.csv:2"]);
    breaks(with("bram"), "R9", &["`bram` is to meet others"], &["package_holders.csv:2"]);
}

#[test]
fn a_holder_without_the_role() {
    let case = correct().edit("package_holders.csv", "bram", "finn");
    breaks(case, "R9", &["`finn` has none of the roles teacher"], &["package_holders.csv:2"]);
}
