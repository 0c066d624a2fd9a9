//! A machine room whose D: and E: have files, and the way to a shadow copy of them.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::{fs, io};

use tempfile::TempDir;
use vss_files::Files;
use vss_sim::api::face::{Async, BackupComponents, Vss};
use vss_sim::api::{Answer, HResult, Question, SnapshotContext, SnapshotId, SnapshotSeen};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

pub(crate) type Room = Vss<Files<Simulator>>;
pub(crate) type Requester = BackupComponents<Files<Simulator>>;

/// The directories of one test.
pub(crate) struct Rig {
    all: TempDir,
}

/// The lab with a directory on a volume that it has.
pub(crate) fn with_directory(lab: Lab, mount: &str, directory: &Path) -> Lab {
    lab.with_directory(mount, text(directory)).expect("the volume is there")
}

impl Rig {
    pub(crate) fn new() -> Self {
        let rig = Self { all: tempfile::tempdir().expect("there is a temporary directory") };
        for directory in [rig.d(), rig.e(), rig.scratch()] {
            fs::create_dir(directory).expect("it can be made");
        }
        rig
    }

    /// Beside everything that a lab knows of.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.all.path().join(name)
    }

    pub(crate) fn d(&self) -> PathBuf {
        self.outside("d")
    }

    pub(crate) fn e(&self) -> PathBuf {
        self.outside("e")
    }

    pub(crate) fn scratch(&self) -> PathBuf {
        self.outside("scratch")
    }

    pub(crate) fn lab(&self) -> Lab {
        let lab = with_directory(Lab::default_lab(), r"D:\", &self.d());
        with_directory(lab, r"E:\", &self.e())
    }

    pub(crate) fn room(&self) -> Room {
        self.room_of(&self.lab())
    }

    pub(crate) fn room_of(&self, lab: &Lab) -> Room {
        let simulator = Simulator::new(lab).expect("the lab is right");
        Vss::new(Files::new_in(simulator, lab, self.scratch()).expect("the directories are there"))
    }

    /// The copies that lie in scratch.
    pub(crate) fn copies(&self) -> Vec<PathBuf> {
        let own = entries(&self.scratch());
        own.iter().flat_map(|directory| entries(directory)).collect()
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("it is Unicode").to_owned()
}

pub(crate) fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("it can be listed");
    entries.map(|entry| entry.expect("it can be listed").path()).collect()
}

/// A set of the volumes, ready for DoSnapshotSet. The context keeps writers out.
pub(crate) fn begin(room: &Room, context: SnapshotContext, volumes: &[&str]) -> (Requester, Vec<SnapshotId>) {
    let requester = room.create_vss_backup_components().expect("it succeeds");
    requester.initialize_for_backup(None).expect("it succeeds");
    requester.set_context(context).expect("it succeeds");
    requester.start_snapshot_set().expect("it succeeds");
    let add = |volume: &&str| requester.add_to_snapshot_set(volume, None).expect("it succeeds");
    let snapshots = volumes.iter().map(add).collect();
    (requester, snapshots)
}

pub(crate) fn create(requester: &Requester) -> Async<Files<Simulator>> {
    requester.do_snapshot_set().expect("it succeeds")
}

/// A finished shadow copy of D: that goes with its requester, and where it can be opened.
pub(crate) fn copy_of_d(room: &Room) -> (Requester, String) {
    let (requester, snapshots) = begin(room, SnapshotContext::FILE_SHARE_BACKUP, &[r"D:\"]);
    assert_eq!(create(&requester).finish(), Ok(()));
    let device = device(&requester, snapshots[0]);
    (requester, device)
}

pub(crate) fn device(requester: &Requester, snapshot: SnapshotId) -> String {
    let properties = requester.get_snapshot_properties(snapshot).expect("it succeeds");
    properties.snapshot_device_object.expect("it is surfaced").to_string()
}

/// A file of a copy, opened as a tool does it.
pub(crate) fn read(device: &str, name: &str) -> io::Result<String> {
    fs::read_to_string(format!("{device}{MAIN_SEPARATOR}{name}"))
}

pub(crate) fn seen(room: &Room) -> Vec<SnapshotSeen> {
    match room.ask(&Question::Snapshots) {
        Ok(Answer::Snapshots(seen)) => seen,
        other => panic!("{other:?}"),
    }
}

/// What the event log says of that code.
pub(crate) fn logged(room: &Room, code: HResult) -> Vec<String> {
    let Ok(Answer::Events(events)) = room.ask(&Question::Events) else { panic!("no event log") };
    events.iter().filter(|event| event.code == code).map(|event| event.message.to_string()).collect()
}
