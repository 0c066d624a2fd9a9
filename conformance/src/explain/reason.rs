//! The reason of a refusal, as `Question::WhyRefused` and the logs of failed cases tell it.

use super::layout::row;
use super::{reading, rule};

/// What stands in brackets at the end of a reason that is no outcome, and what it says of the reason.
const RESTS_ON: &[(&str, &str)] = &[
    (
        "(rule)",
        "rule: documented, but elsewhere than on the method's page: on another page or in the SDK's header",
    ),
    ("(observed)", "observed: somebody has seen real VSS do so"),
    ("(inferred)", "inferred: no page says so; it follows from others, or is the likeliest"),
];

/// What a reason names: the outcome in front of a detail in brackets, or the rule, observation or reading in brackets or in
/// front of a colon (`a set is imported once (N3) (inferred)`).
pub(super) fn name_in(reason: &str) -> Option<&str> {
    let outcome = reason.split(" (").next().filter(|outcome| outcome.contains('/'));
    let in_brackets = reason.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    let before_colon = reason.split_once(':').map(|(id, _)| id);
    let is_named = |id: &&str| rule::is_known(id) || reading::names().any(|name| name == *id);
    outcome.or_else(|| in_brackets.chain(before_colon).find(is_named))
}

/// A reason that names nothing: it says all that there is, and the page what it rests on.
pub(super) fn page(reason: &str) -> Option<String> {
    let (kind, rests_on) = RESTS_ON.iter().find(|(kind, _)| reason.contains(kind))?;
    let text = reason.replacen(&format!(" {kind}"), "", 1);
    let mut page = "The reason of a refusal, which has no page of its own\n".to_owned();
    row(&mut page, "says", &text);
    row(&mut page, "rests on", rests_on);
    Some(page)
}
