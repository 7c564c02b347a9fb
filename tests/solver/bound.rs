//! The bound of the search is never below a schedule that exists: against the proven best of every example.

use std::path::Path;

use leerzone::model::bound::Relaxation;
use leerzone::model::sets::Sets;
use leerzone::model::{self, EngineChoice, Method, Observer, Options, Progress};
use leerzone::schedule::Status;

struct Nobody;

impl Observer for Nobody {
    fn progress(&mut self, _: &Progress) {}
}

#[test]
fn bounds_the_best_schedule_of_every_example() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in std::fs::read_dir(examples).expect("examples") {
        let dir = entry.expect("an example").path();
        let school = leerzone::read_school(&dir, None).school.expect("a valid school");
        let options = Options {
            time_limit: None,
            gap: 0.0,
            threads: 1,
            seed: 0,
            engine: EngineChoice::Microlp,
            method: Method::Monolith,
            memory_limit: None,
            stop: Default::default(),
        };
        let (_, outcome) = model::solve(&school, &options, &mut Nobody).expect("a schedule");
        assert_eq!(outcome.status, Status::Optimal, "{}", dir.display());
        let sets = Sets::new(&school);
        let relaxation = Relaxation::new(&school, &sets);
        let mut descent = relaxation.start();
        // Beyond the best schedule: a bound that could fall below it would.
        let target = outcome.total - 0.2 * outcome.total.abs();
        relaxation.descend(&mut descent, target, 300, 1, |_| true);
        let lowest = relaxation.rounded(descent.bound);
        assert!(lowest >= outcome.total - 1e-6, "{}: {lowest} < {}", dir.display(), outcome.total);
    }
}
