//! What the README shows of `vsslab` is what `vsslab` prints, and the labs in it are sound.

use std::path::Path;

/// The fenced blocks of that language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("\n```{language}\n");
    text.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

/// Runs the `console` blocks at the root of the repository, as a reader would.
#[test]
fn console_blocks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in a workspace");
    std::env::set_current_dir(root).expect("the root of the repository is there");
    trycmd::TestCases::new().case("README.md");
}

#[test]
fn labs_and_expectations() {
    let readme = include_str!("../../README.md");
    let tables = blocks(readme, "toml");
    assert!(
        tables.len() >= 2,
        "the README shows a lab and an expectation, but only {} blocks were found",
        tables.len()
    );
    for text in tables {
        if text.contains("[[expect-fail]]") {
            let expectations = vss_conformance::expectations::Expectations::from_toml(text, "README.md");
            assert!(expectations.is_ok(), "{}", expectations.expect_err("just seen"));
        } else {
            let lab = vss_sim::lab::Lab::from_toml(text, "README.md");
            assert!(lab.is_ok(), "{}", lab.expect_err("just seen"));
        }
    }
}
