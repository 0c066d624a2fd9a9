//! Traces are stable bytes without ids.

use vss_conformance::bench::Bench;
use vss_conformance::spec::Spec;
use vss_conformance::trace::Traced;
use vss_sim::api::Backend;
use vss_sim::lab::Lab;

use crate::cases::CASES;
use crate::stand_in::make;

fn trace(name: &str) -> String {
    let case = CASES.iter().find(|case| case.name.ends_with(name)).expect("registered");
    let outcome = Spec::get().outcome(case.outcome).expect("documented");
    let lab = Lab::default_lab();
    let mut bytes = Vec::new();
    let mut traced = Traced::new(make().expect("a stand-in"), &mut bytes);
    let mut bench = Bench::new(&mut traced as &mut dyn Backend, outcome, &lab, 0);
    // Only the trace matters here.
    let _ = (case.run)(&mut bench);
    traced.finish().expect("memory can be written");
    String::from_utf8(bytes).expect("text")
}

#[test]
fn calls_replies_and_times_line_by_line() {
    insta::assert_snapshot!(trace("unknown_snapshot"));
}

#[test]
fn ids_have_stable_names() {
    let trace = trace("session_id");
    assert!(trace.contains(r#""id_session":"@session-1""#) && trace.contains("@session-2"), "{trace}");
    assert!(trace.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}
