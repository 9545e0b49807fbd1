//! The binaries that `cargo lambda` has built, as they are uploaded: each starts behind the Runtime API and answers an event.

use callmetry_testing::run;

#[test]
fn each_answers_its_event() {
    let Ok(folder) = std::env::var("CALLMETRY_BINARIES") else {
        say!(
            "skipped: binaries as cargo lambda builds them (CALLMETRY_BINARIES names the folder; .ci/build-functions makes it)"
        );
        return;
    };
    let answers = run(callmetry_local::cold::first_answers(Some(folder.into()), 1)).unwrap();
    assert!(answers.len() > 20, "all functions");
}
