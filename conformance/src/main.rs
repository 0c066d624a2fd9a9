//! The command line of the suite.

fn main() -> std::process::ExitCode {
    vss_conformance::cli::main()
}
