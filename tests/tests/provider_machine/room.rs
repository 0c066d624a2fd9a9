//! A lab with hardware providers and a requester in it.

use vss_conformance::bench::object_of;
use vss_sim::api::*;
use vss_sim::lab::{Fault, Lab, Os, ProviderKind, Size};
use vss_sim::service::Simulator;

/// The names of the providers that a room may have.
pub(crate) const PROVIDERS: [&str; 2] = ["First Provider", "Second Provider"];
/// A local disk: only the system provider copies what lies on it.
pub(crate) const SYSTEM: &str = r"C:\";
/// Volumes on LUNs, in turns of the first and of the second provider.
pub(crate) const VOLUMES: [&str; 3] = [r"D:\", r"E:\", r"F:\"];

/// What is created in a room.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) session: Object,
    pub(crate) id: SnapshotSetId,
    pub(crate) copies: Vec<SnapshotId>,
}

/// A requester in a lab.
pub(crate) struct Room {
    pub(crate) sim: Simulator,
}

/// A server with so many hardware providers, and a writer of D:.
pub(crate) fn lab(providers: usize) -> Lab {
    let mut builder = Lab::builder("provider machine")
        .host("SRV", Os::WindowsServer2022)
        .disk("local", Size::mib(8))
        .volume(SYSTEM, "local");
    for (name, array) in PROVIDERS.into_iter().zip(["one", "two"]).take(providers) {
        builder = builder.provider(name).array(array, name);
    }
    for (place, volume) in VOLUMES.into_iter().enumerate() {
        let lun = format!("lun-{place}");
        let array = ["one", "two"][place % providers];
        builder = builder.lun_with(&lun, Size::mib(8), |lun| lun.array = Some(array.to_owned()));
        builder = builder.volume(volume, &lun);
    }
    builder.writer("Database Writer", [("sales", r"D:\")]).build().expect("a lab")
}

impl Room {
    pub(crate) fn new(lab: &Lab) -> Self {
        Self { sim: Simulator::new(lab).expect("a lab") }
    }

    /// With one provider and these faults.
    pub(crate) fn with(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self::new(&lab(1).with(|lab| lab.faults.extend(faults)))
    }

    pub(crate) fn call(&mut self, on: Object, call: Call) -> Reply {
        self.sim.call(on, &call)
    }

    pub(crate) fn ok(&mut self, on: Object, call: Call) -> Option<Out> {
        let reply = self.call(on, call.clone());
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}: {:?}", self.sim.last_refusal());
        reply.out
    }

    pub(crate) fn act(&mut self, action: &Action) {
        self.sim.act(action).unwrap_or_else(|error| panic!("{action:?}: {error}"));
    }

    pub(crate) fn watch(&mut self) {
        self.act(&Action::WatchProviders);
    }

    pub(crate) fn session(&mut self) -> Object {
        match self.ok(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS) {
            Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
            out => panic!("no object: {out:?}"),
        }
    }

    /// A set without volumes; with writers if the context has them.
    pub(crate) fn begin(&mut self, context: SnapshotContext) -> Set {
        let session = self.session();
        self.ok(session, Call::InitializeForBackup { bstr_xml: None });
        if context != SnapshotContext::BACKUP {
            self.ok(session, Call::SetContext { l_context: context });
        }
        if !context.attributes().contains(VolumeSnapshotAttributes::NO_WRITERS) {
            self.ok(session, Call::SET_BACKUP_STATE);
            self.done(session, Call::GATHER_WRITER_METADATA);
        }
        match self.ok(session, Call::START_SNAPSHOT_SET) {
            Some(Out::StartSnapshotSet { p_snapshot_set_id }) => {
                Set { session, id: p_snapshot_set_id, copies: Vec::new() }
            }
            out => panic!("no set: {out:?}"),
        }
    }

    pub(crate) fn add_by(&mut self, set: &mut Set, volume: &str, provider_id: ProviderId) -> HResult {
        let add = Call::add_to_snapshot_set(volume, provider_id);
        let reply = self.call(set.session, add);
        if let Some(Out::AddToSnapshotSet { pid_snapshot }) = reply.out {
            set.copies.push(pid_snapshot);
        }
        reply.hresult
    }

    pub(crate) fn add(&mut self, set: &mut Set, volume: &str) -> HResult {
        self.add_by(set, volume, ProviderId::NULL)
    }

    /// DoSnapshotSet to its end, with PrepareForBackup where there are writers.
    pub(crate) fn create(&mut self, set: &Set) -> HResult {
        let prepared = self.call(set.session, Call::PREPARE_FOR_BACKUP);
        self.end(prepared);
        let begun = self.call(set.session, Call::DO_SNAPSHOT_SET);
        self.end(begun)
    }

    /// A set of those volumes, created: the first code that is no success.
    pub(crate) fn set_of(&mut self, context: SnapshotContext, volumes: &[&str]) -> (Set, HResult) {
        let mut set = self.begin(context);
        for volume in volumes {
            let added = self.add(&mut set, volume);
            if added != HResult::S_OK {
                return (set, added);
            }
        }
        let code = self.create(&set);
        (set, code)
    }

    pub(crate) fn release(&mut self, object: Object) {
        self.call(object, Call::RELEASE);
    }

    /// What became of an operation; its object is released.
    pub(crate) fn end(&mut self, reply: Reply) -> HResult {
        let Some(operation) = operation(&reply) else { return reply.hresult };
        self.call(operation, Call::Wait { dw_milliseconds: INFINITE });
        let code = self.status(operation);
        self.release(operation);
        code
    }

    pub(crate) fn status(&mut self, operation: Object) -> HResult {
        match self.call(operation, Call::QUERY_STATUS).out {
            Some(Out::QueryStatus { p_hr_result: HResult::VSS_S_ASYNC_FINISHED, .. }) => HResult::S_OK,
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result,
            out => panic!("no status: {out:?}"),
        }
    }

    pub(crate) fn done(&mut self, on: Object, call: Call) {
        let reply = self.call(on, call.clone());
        assert_eq!(self.end(reply), HResult::S_OK, "{call:?}: {:?}", self.sim.last_refusal());
    }

    pub(crate) fn save(&mut self, session: Object) -> Text {
        match self.ok(session, Call::SAVE_AS_XML) {
            Some(Out::SaveAsXML { pbstr_xml }) => pbstr_xml,
            out => panic!("no document: {out:?}"),
        }
    }

    pub(crate) fn properties(&mut self, session: Object, copy: SnapshotId) -> Option<SnapshotProp> {
        match self.call(session, Call::get_snapshot_properties(copy)).out {
            Some(Out::GetSnapshotProperties { p_prop }) => Some(*p_prop),
            _ => None,
        }
    }

    /// Copies the set back to where it came from.
    pub(crate) fn recover(&mut self, set: &Set) -> HResult {
        let document = self.save(set.session);
        let restore = self.session();
        self.ok(restore, Call::InitializeForRestore { bstr_xml: Some(document) });
        for copy in &set.copies {
            let add = Call::add_snapshot_to_recovery_set(*copy, None);
            self.ok(restore, add);
        }
        let recover = Call::recover_set(RecoveryOptions::empty());
        let begun = self.call(restore, recover);
        self.end(begun)
    }

    /// Imports the set by another object; answers that object and what the import comes to.
    pub(crate) fn import(&mut self, set: &Set) -> (Object, HResult) {
        let document = self.save(set.session);
        let importer = self.session();
        self.ok(importer, Call::InitializeForBackup { bstr_xml: Some(document) });
        let begun = self.call(importer, Call::IMPORT_SNAPSHOTS);
        (importer, self.end(begun))
    }

    /// The hardware providers.
    pub(crate) fn providers(&self) -> Vec<ProviderSeen> {
        match self.sim.ask(&Question::Providers) {
            Ok(Answer::Providers(mut providers)) => {
                providers.retain(|seen| seen.kind == ProviderKind::Hardware);
                providers
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn luns(&self) -> Vec<LunSeen> {
        match self.sim.ask(&Question::Luns) {
            Ok(Answer::Luns(luns)) => luns,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn disks(&self) -> Vec<DiskSeen> {
        match self.sim.ask(&Question::Disks) {
            Ok(Answer::Disks(disks)) => disks,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        match self.sim.ask(&Question::Events) {
            Ok(Answer::Events(events)) => events,
            other => panic!("{other:?}"),
        }
    }

    /// The calls on hardware providers since they are watched.
    pub(crate) fn calls(&self) -> Vec<ProviderCallSeen> {
        match self.sim.ask(&Question::ProviderCalls) {
            Ok(Answer::ProviderCalls(calls)) => {
                let ids: Vec<ProviderId> = self.providers().iter().map(|seen| seen.id).collect();
                calls.into_iter().filter(|seen| ids.contains(&seen.provider)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Their methods' names.
    pub(crate) fn called(&self) -> Vec<&'static str> {
        self.calls().iter().map(|seen| seen.call.method().name).collect()
    }

    /// How often a method was called since providers are watched.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.called().into_iter().filter(|called| *called == method).count()
    }
}

fn operation(reply: &Reply) -> Option<Object> {
    object_of(reply.out.as_ref()?).filter(|object| matches!(object, Object::Async(_)))
}
