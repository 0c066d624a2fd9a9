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
