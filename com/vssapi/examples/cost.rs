//! What a call costs through the DLL: calls per second there, as a ratio to the simulator's own in the same run.
//!
//! `cost DLL [--check]`; with `--check` it fails where the ratio of a backup's calls is less than a tenth. The two take
//! turns, and the quickest turns are compared, so that what else runs on the machine disturbs them alike.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use vss_com::client::Client;
use vss_sim::api::{Backend, Call, INFINITE, Object, Out, ProviderId, Ptr};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

/// The least ratio that is good enough.
const RATIO_MIN: f64 = 0.1;
const TURNS: usize = 9;
const TURN: Duration = Duration::from_millis(150);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(dll) = arguments.first().filter(|first| !first.starts_with('-')) else {
        return Err("usage: cost DLL [--check]".into());
    };
    let mut simulator = Simulator::new(&Lab::default_lab())?;
    let mut client = Client::of_simulator(Path::new(dll))?;
    client.load(&Lab::default_lab())?;

    let backup = ratio("calls of a backup", &mut simulator, &mut client, backup);
    ratio("GetSessionId alone", &mut simulator, &mut client, session_ids);
    let too_slow = arguments.iter().any(|argument| argument == "--check") && backup < RATIO_MIN;
    if too_slow {
        eprintln!("a backup's calls are slower than {RATIO_MIN} of the simulator's rate");
    }
    Ok(if too_slow { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn ratio(
    what: &str,
    simulator: &mut Simulator,
    client: &mut Client,
    calls: fn(&mut dyn Backend) -> u32,
) -> f64 {
    let (mut native, mut through) = (0.0_f64, 0.0_f64);
    for _ in 0..TURNS {
        native = native.max(rate(simulator, calls));
        through = through.max(rate(client, calls));
    }
    let ratio = through / native;
    println!("{what}: {native:.0} per second natively, {through:.0} through the DLL: {ratio:.2}");
    ratio
}

/// Calls per second in one turn.
fn rate(backend: &mut dyn Backend, calls: fn(&mut dyn Backend) -> u32) -> f64 {
    let (begin, mut made) = (Instant::now(), 0);
    while begin.elapsed() < TURN {
        made += calls(backend);
    }
    f64::from(made) / begin.elapsed().as_secs_f64()
}

/// Makes calls and counts them; each has to succeed.
struct Counted<'b>(&'b mut dyn Backend, u32);

impl Counted<'_> {
    fn call(&mut self, on: Object, call: &Call) -> Option<Out> {
        self.1 += 1;
        let reply = self.0.call(on, call);
        assert!(reply.hresult.is_success(), "{}: {}", call.method(), reply.hresult);
        reply.out
    }

    fn create(&mut self) -> Object {
        match self.call(Object::HOST, &Call::CREATE_VSS_BACKUP_COMPONENTS) {
            Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
            other => panic!("no object: {other:?}"),
        }
    }

    fn finish(&mut self, on: Object, call: &Call) {
        let operation = match self.call(on, call) {
            Some(
                Out::GatherWriterMetadata { p_async: operation }
                | Out::PrepareForBackup { pp_async: operation }
                | Out::DoSnapshotSet { pp_async: operation }
                | Out::BackupComplete { pp_async: operation },
            ) => operation,
            other => panic!("no IVssAsync: {other:?}"),
        };
        self.call(operation, &Call::Wait { dw_milliseconds: INFINITE });
        self.call(operation, &Call::QUERY_STATUS);
        self.call(operation, &Call::RELEASE);
    }
}

fn backup(backend: &mut dyn Backend) -> u32 {
    let mut calls = Counted(backend, 0);
    let session = calls.create();
    calls.call(session, &Call::InitializeForBackup { bstr_xml: None });
    calls.call(session, &Call::SET_BACKUP_STATE);
    calls.finish(session, &Call::GATHER_WRITER_METADATA);
    calls.call(session, &Call::START_SNAPSHOT_SET);
    for volume in [r"D:\", r"E:\"] {
        calls.call(session, &Call::add_to_snapshot_set(volume, ProviderId::NULL));
    }
    calls.finish(session, &Call::PREPARE_FOR_BACKUP);
    calls.finish(session, &Call::DO_SNAPSHOT_SET);
    calls.call(session, &Call::SAVE_AS_XML);
    calls.finish(session, &Call::BACKUP_COMPLETE);
    calls.call(session, &Call::RELEASE);
    calls.1
}

fn session_ids(backend: &mut dyn Backend) -> u32 {
    let mut calls = Counted(backend, 0);
    let session = calls.create();
    calls.call(session, &Call::InitializeForBackup { bstr_xml: None });
    for _ in 0..1000 {
        calls.call(session, &Call::GetSessionId { id_session: Ptr::Valid });
    }
    calls.call(session, &Call::RELEASE);
    calls.1
}
