//! A LUN resync from outside: what sgdisk and sfdisk see of the destination's disk before and after.

use rstest::rstest;
use tempfile::TempPath;
use vss_sim::api::*;
use vss_sim::lab::{Lab, Os, Size};
use vss_sim::service::Simulator;
use vss_tests::oracles::{guid_in, image, line_with, sfdisk, sgdisk};

const VALID: Ptr = Ptr::Valid;
/// Where a volume's text is written: well behind its boot sector.
const DATA: u64 = 1 << 20;

struct Room(Simulator);

/// What tools find on a disk: its own identity and that of each partition.
#[derive(Clone, Debug, PartialEq)]
struct Disk {
    label: String,
    id: String,
    /// GUID (GPT only), first and number of sectors of each partition.
    partitions: Vec<(Option<String>, Option<u64>, Option<u64>)>,
}

impl Room {
    fn new() -> Self {
        let mbr = |lun: &mut vss_sim::lab::Lun| lun.style = vss_sim::lab::PartitionStyle::Mbr;
        let lab = Lab::builder("resync")
            .host("SRV", Os::WindowsServer2022)
            .provider("Array Provider")
            .array("san", "Array Provider")
            .lun("gpt", Size::mib(64))
            .lun_with("mbr", Size::mib(64), mbr)
            .lun("gpt-spare", Size::mib(96))
            .lun_with("mbr-spare", Size::mib(96), mbr)
            .volume("D:\\", "gpt")
            .volume("F:\\", "mbr")
            .volume("S:\\", "gpt-spare")
            .volume("T:\\", "mbr-spare")
            .build();
        Self(Simulator::new(&lab.expect("a lab")).expect("a lab"))
    }

    #[track_caller]
    fn ok(&mut self, on: Object, call: Call) -> Reply {
        let reply = self.0.call(on, &call);
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}: {:?}", self.0.last_refusal());
        reply
    }

    #[track_caller]
    fn session(&mut self) -> Object {
        match self.ok(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS).out {
            Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
            _ => panic!("no object"),
        }
    }

    fn end(&mut self, reply: &Reply) -> HResult {
        let (Some(Out::DoSnapshotSet { pp_async }) | Some(Out::RecoverSet { pp_async })) = reply.out else {
            panic!("no async object")
        };
        self.ok(pp_async, Call::Wait { dw_milliseconds: INFINITE });
        match self.ok(pp_async, Call::QUERY_STATUS).out {
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result,
            _ => panic!("no status"),
        }
    }

    fn write(&mut self, volume: &str, text: &str) {
        let bytes = text.as_bytes().to_vec();
        self.0.act(&Action::WriteVolume { volume: volume.into(), offset: DATA, bytes }).expect("a write");
    }

    /// A copy of the volume, and the document that tells of it.
    fn backup(&mut self, volume: &str) -> (SnapshotId, Text) {
        let session = self.session();
        self.ok(session, Call::InitializeForBackup { bstr_xml: None });
        self.ok(session, Call::SetContext { l_context: SnapshotContext::NAS_ROLLBACK });
        self.ok(session, Call::START_SNAPSHOT_SET);
        let (name, provider_id) = (Some(volume.into()), ProviderId::NULL);
        let add = Call::AddToSnapshotSet { pwsz_volume_name: name, provider_id, pid_snapshot: VALID };
        let Some(Out::AddToSnapshotSet { pid_snapshot }) = self.ok(session, add).out else {
            panic!("no copy")
        };
        let creation = self.ok(session, Call::DO_SNAPSHOT_SET);
        assert_eq!(self.end(&creation), HResult::VSS_S_ASYNC_FINISHED);
        match self.ok(session, Call::SAVE_AS_XML).out {
            Some(Out::SaveAsXML { pbstr_xml }) => (pid_snapshot, pbstr_xml),
            _ => panic!("no document"),
        }
    }

    fn resync(&mut self, backup: (SnapshotId, Text), destination: Option<&str>, flags: RecoveryOptions) {
        let session = self.session();
        self.ok(session, Call::InitializeForRestore { bstr_xml: Some(backup.1) });
        let pwsz_destination_volume = destination.map(Into::into);
        self.ok(
            session,
            Call::AddSnapshotToRecoverySet { snapshot_id: backup.0, dw_flags: 0, pwsz_destination_volume },
        );
        let reply = self.ok(session, Call::recover_set(flags));
        assert_eq!(self.end(&reply), HResult::VSS_S_ASYNC_FINISHED);
    }

    fn export(&self, lun: &str) -> TempPath {
        let Ok(Answer::Luns(luns)) = self.0.ask(&Question::Luns) else { panic!("no LUNs") };
        let size = luns.iter().find(|seen| &*seen.name == lun).expect("the LUN").size;
        image(size, self.0.export(lun).expect("the LUN"))
    }

    /// What the tools see of a LUN; they must have nothing to complain of, and agree.
    fn seen(&self, lun: &str) -> Disk {
        let image = self.export(lun);
        let json = sfdisk(&image);
        let word = |value: &serde_json::Value| value.as_str().map(str::to_lowercase);
        let partition =
            |one: &serde_json::Value| (word(&one["uuid"]), one["start"].as_u64(), one["size"].as_u64());
        let disk = Disk {
            label: word(&json["label"]).expect("a label"),
            id: word(&json["id"]).expect("an id"),
            partitions: json["partitions"].as_array().expect("partitions").iter().map(partition).collect(),
        };
        if disk.label == "gpt" {
            sgdisk_agrees(&image, &disk);
        }
        disk
    }

    /// The text where it was written, read from the image.
    fn text(&self, lun: &str, length: usize) -> String {
        let bytes = std::fs::read(self.export(lun)).expect("the image");
        String::from_utf8_lossy(&bytes[2 * DATA as usize..][..length]).into_owned()
    }
}

fn sgdisk_agrees(image: &TempPath, disk: &Disk) {
    let verdict = sgdisk(&["-v"], image);
    assert!(verdict.contains("No problems found."), "{verdict}");
    let printed = sgdisk(&["-p"], image);
    assert_eq!(guid_in(line_with(&printed, "Disk identifier (GUID)")).to_string(), disk.id);
    for (number, (guid, ..)) in disk.partitions.iter().enumerate() {
        let said = sgdisk(&[&format!("-i={}", number + 1)], image);
        assert_eq!(Some(guid_in(line_with(&said, "Partition unique GUID:")).to_string()), *guid);
        // A volume that is back is no shadow copy: neither hidden nor read-only.
        assert!(line_with(&said, "Attribute flags:").ends_with("0000000000000000"), "{said}");
    }
}

#[rstest]
#[case::gpt("D:\\", "gpt")]
#[case::mbr("F:\\", "mbr")]
fn back_to_the_original_nothing_but_the_contents_changes(
    #[case] volume: &str,
    #[case] lun: &str,
    #[values(RecoveryOptions::empty(), RecoveryOptions::REVERT_IDENTITY_ALL)] flags: RecoveryOptions,
) {
    let mut room = Room::new();
    room.write(volume, "as backed up");
    let backup = room.backup(volume);
    let before = room.seen(lun);
    room.write(volume, "written since");
    assert_eq!(room.text(lun, 13), "written since");
    room.resync(backup, None, flags);
    assert_eq!(room.text(lun, 12), "as backed up");
    assert_eq!(room.seen(lun), before);
}

#[rstest]
#[case::gpt("D:\\", "gpt", "S:\\", "gpt-spare")]
#[case::mbr("F:\\", "mbr", "T:\\", "mbr-spare")]
fn another_disk_keeps_its_own_identity(
    #[case] volume: &str,
    #[case] lun: &str,
    #[case] spare_volume: &str,
    #[case] spare: &str,
) {
    let mut room = Room::new();
    room.write(volume, "as backed up");
    let backup = room.backup(volume);
    let (original, before) = (room.seen(lun), room.seen(spare));
    room.resync(backup, Some(spare_volume), RecoveryOptions::empty());
    let after = room.seen(spare);
    assert_eq!(room.text(spare, 12), "as backed up");
    assert_eq!(after.id, before.id, "the destination's own, as before");
    assert_ne!(after.id, original.id);
    let guids = |disk: &Disk| disk.partitions.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
    let places = |disk: &Disk| disk.partitions.iter().map(|one| (one.1, one.2)).collect::<Vec<_>>();
    assert_eq!(places(&after), places(&original), "the partitions lie as on the original");
    if before.label == "gpt" {
        assert_eq!(guids(&after), guids(&before));
    }
    assert_eq!(room.seen(lun), original, "the original is left alone");
}

#[rstest]
#[case::gpt("D:\\", "gpt", "S:\\", "gpt-spare")]
#[case::mbr("F:\\", "mbr", "T:\\", "mbr-spare")]
fn another_disk_takes_the_originals_identity(
    #[case] volume: &str,
    #[case] lun: &str,
    #[case] spare_volume: &str,
    #[case] spare: &str,
) {
    let mut room = Room::new();
    room.write(volume, "as backed up");
    let backup = room.backup(volume);
    let original = room.seen(lun);
    // Two disks of one signature cannot both be online, so the original has to go first.
    room.0.act(&Action::MaskLun { lun: lun.into() }).expect("the LUN is masked");
    room.resync(backup, Some(spare_volume), RecoveryOptions::REVERT_IDENTITY_ALL);
    assert_eq!(room.text(spare, 12), "as backed up");
    assert_eq!(room.seen(spare), original);
}
