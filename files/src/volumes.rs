//! The volumes of a lab that have files, and the copies of these.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use vss_sim::api::{
    Answer, Backend, Call, Event, EventLog, HResult, Object, ObjectProp, Out, Question, Reply, SnapshotId,
    SnapshotProp, SnapshotSeen, Text, Unavailable,
};
use vss_sim::lab::Lab;

use crate::directories::{Directory, directories};
use crate::scratch::Scratch;

/// What there is beside a backend whose lab names directories.
#[derive(Debug)]
pub(crate) struct VolumesWithFiles {
    /// By the volumes' names in lower case.
    directories: BTreeMap<String, Directory>,
    scratch: Scratch,
    /// Creations that were stopped because files could not be copied.
    vetoed: BTreeSet<Object>,
    /// What went wrong, for the event log.
    events: Vec<Event>,
}

/// How a creation ends whose files cannot be copied: the code of a provider that cannot do its work and has logged why.
const VETO: HResult = HResult::VSS_E_PROVIDER_VETO;

impl VolumesWithFiles {
    /// Those of a lab; `None`: it names no directory. Scratch goes under `parent`.
    pub(crate) fn of<B: Backend>(lab: &Lab, parent: &Path, backend: &B) -> Result<Option<Self>, Unavailable> {
        let directories = directories(lab)?;
        if directories.is_empty() {
            return Ok(None);
        }
        // A backend that cannot tell which copies there are would leave all of them lying about.
        snapshots(backend)?;
        let scratch = Scratch::new_in(parent)?;
        Ok(Some(Self { directories, scratch, vetoed: BTreeSet::new(), events: Vec::new() }))
    }

    /// What has to be done after a call, and what the requester sees of its reply.
    pub(crate) fn after<B: Backend>(
        &mut self,
        backend: &mut B,
        on: Object,
        call: &Call,
        mut reply: Reply,
    ) -> Reply {
        if let Some(Out::DoSnapshotSet { pp_async }) = reply.out {
            if let Err(what) = self.take_copies(backend) {
                self.veto(backend, pp_async, what);
            }
        } else if ends_copies(call) {
            self.drop_copies(backend);
        }
        if self.vetoed.contains(&on) {
            show_veto(&mut reply);
            if let Call::Release {} = call {
                self.vetoed.remove(&on);
            }
        }
        match &mut reply.out {
            Some(Out::GetSnapshotProperties { p_prop }) => self.show_copy(p_prop),
            Some(Out::Next { rgelt, .. }) => {
                for element in rgelt {
                    if let ObjectProp::Snapshot(properties) = element {
                        self.show_copy(properties);
                    }
                }
            }
            _ => {}
        }
        reply
    }

    /// Copies the directories of the volumes whose shadow copies are in the making.
    fn take_copies<B: Backend>(&mut self, backend: &B) -> Result<(), String> {
        let making = snapshots(backend).map_err(|unavailable| unavailable.reason)?;
        for snapshot in making.iter().filter(|snapshot| !snapshot.complete) {
            let directory = self.directories.get(&snapshot.original_volume_name.to_lowercase());
            let Some(directory) = directory else { continue };
            self.scratch
                .copy(&directory.path, snapshot.snapshot_id)
                .map_err(|error| format!("volume `{}`: {error}", directory.volume))?;
        }
        Ok(())
    }

    /// Stops a creation: a shadow copy without its files would pass for a good one.
    fn veto<B: Backend>(&mut self, backend: &mut B, operation: Object, what: String) {
        backend.call(operation, &Call::Cancel {});
        self.vetoed.insert(operation);
        self.drop_copies(backend);
        let at_ms = match backend.ask(&Question::Now) {
            Ok(Answer::Ms(ms)) => ms,
            _ => 0,
        };
        let message =
            format!("{what}; see to it, or move it out of the volume's directory, and repeat the backup");
        self.events.push(Event {
            at_ms,
            log: EventLog::Application,
            source: "vss-files".into(),
            code: VETO,
            message: message.into(),
        });
    }

    /// Deletes the copies whose shadow copies are gone. A backend that cannot tell which are keeps all.
    pub(crate) fn drop_copies<B: Backend>(&mut self, backend: &B) {
        if !self.scratch.has_copies() {
            return;
        }
        if let Ok(seen) = snapshots(backend) {
            let live: BTreeSet<SnapshotId> = seen.into_iter().map(|snapshot| snapshot.snapshot_id).collect();
            self.scratch.retain(|id| live.contains(&id));
        }
    }

    /// The copy is where a surfaced shadow copy is opened.
    fn show_copy(&self, properties: &mut SnapshotProp) {
        self.show(properties.snapshot_id, &mut properties.snapshot_device_object);
    }

    fn show(&self, id: SnapshotId, device_object: &mut Option<Text>) {
        if let (Some(device), Some(path)) = (device_object, self.scratch.device_object(id)) {
            *device = path.clone();
        }
    }

    pub(crate) fn ask<B: Backend>(&self, backend: &B, question: &Question) -> Result<Answer, Unavailable> {
        let mut question = question.clone();
        if let Question::ReadVolume { volume, .. } | Question::VolumeSignature { volume } = &mut question {
            self.as_backend_names(backend, volume)?;
        }
        let mut answer = backend.ask(&question)?;
        match &mut answer {
            Answer::Snapshots(seen) => {
                seen.iter_mut()
                    .for_each(|snapshot| self.show(snapshot.snapshot_id, &mut snapshot.device_object));
            }
            Answer::Events(events) => {
                events.extend(self.events.iter().cloned());
                events.sort_by_key(|event| event.at_ms);
            }
            _ => {}
        }
        Ok(answer)
    }

    /// A copy's path becomes the device object that the backend gave the shadow copy: that has the bytes.
    fn as_backend_names<B: Backend>(&self, backend: &B, volume: &mut Text) -> Result<(), Unavailable> {
        let Some(id) = self.scratch.by_device_object(volume) else { return Ok(()) };
        let seen = snapshots(backend)?;
        let device = seen.into_iter().find(|snapshot| snapshot.snapshot_id == id);
        device.and_then(|snapshot| snapshot.device_object).into_iter().for_each(|device| *volume = device);
        Ok(())
    }
}

/// The calls after which a shadow copy may be gone: those that delete, and those in which a creation can end badly.
fn ends_copies(call: &Call) -> bool {
    matches!(
        call,
        Call::AbortBackup { .. }
            | Call::Cancel { .. }
            | Call::DeleteSnapshots { .. }
            | Call::Release { .. }
            | Call::RevertToSnapshot { .. }
            | Call::Wait { .. }
    )
}

/// What was cancelled for want of its files has failed.
fn show_veto(reply: &mut Reply) {
    if let Some(Out::QueryStatus { p_hr_result, .. }) = &mut reply.out {
        *p_hr_result = VETO;
    }
    if reply.hresult == HResult::VSS_S_ASYNC_CANCELLED {
        reply.hresult = VETO;
    }
}

fn snapshots<B: Backend>(backend: &B) -> Result<Vec<SnapshotSeen>, Unavailable> {
    match backend.ask(&Question::AllSnapshots)? {
        Answer::Snapshots(seen) => Ok(seen),
        _ => Err(Unavailable::because("the backend does not tell which shadow copies there are")),
    }
}
