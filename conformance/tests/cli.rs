//! The command line, as its users see it. The sessions are in `tests/cmd`.

#[test]
fn sessions() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}

/// `vsslab list | head -1`: a reader that goes away is no error.
#[test]
fn a_broken_pipe_is_no_panic() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_vsslab"))
        .arg("list")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("vsslab starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("vsslab ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

/// A probe writes the same bytes each time, and its trace replays.
#[test]
fn a_probe_is_a_trace() {
    let vsslab = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_vsslab"))
            .args(arguments)
            .output()
            .expect("vsslab starts");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let files = ["one.jsonl", "two.jsonl"].map(|name| format!("{}/{name}", env!("CARGO_TARGET_TMPDIR")));
    for file in &files {
        let (code, said) = vsslab(&["probe", "--only", "RecoverSet", "--output", file]);
        assert_eq!(code, Some(0));
        assert!(said.starts_with(file) && said.contains(" cases · sim, "), "{said}");
    }
    let [one, two] = files.each_ref().map(|file| std::fs::read(file).expect("just written"));
    assert!(one == two, "two probes differ");
    assert_eq!(vsslab(&["diff", &files[0], &files[1]]).0, Some(0));
    assert_eq!(vsslab(&["replay", &files[0]]).0, Some(0));
    let (code, said) = vsslab(&["replay", &files[0], "--lab", "../fixtures/labs/server-2003.toml"]);
    assert_eq!(code, Some(1));
    assert!(
        said.lines()
            .last()
            .is_some_and(|line| line.contains(" differences in ") && line.contains(" not shown")),
        "{said}"
    );
    assert!(said.lines().count() < 200, "only the first differences are shown");
}

/// The line on codes counts every pass once, those of providers included.
#[test]
fn the_codes_add_up_to_the_passes() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_vsslab"))
        .args(["run", "--only", "RecoverSet", "--only", "CommitSnapshots"])
        .output()
        .expect("vsslab starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let numbers =
        |line: &str| -> usize { line.split(' ').filter_map(|word| word.parse::<usize>().ok()).sum() };
    let codes = said.lines().find_map(|line| line.strip_prefix("codes: ")).expect("a line on codes");
    assert!(codes.contains(" answered by a provider"), "{codes}");
    let last = said.lines().last().and_then(|line| line.split(" pass").next()).expect("a last line");
    assert_eq!(numbers(codes), numbers(last), "{said}");
}
