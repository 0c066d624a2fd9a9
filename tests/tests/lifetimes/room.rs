//! A simulator that is driven by short calls.

use vss_conformance::bench::object_of;
use vss_sim::api::*;
use vss_sim::lab::{Host, Lab, Os};
use vss_sim::service::Simulator;

pub(crate) struct Room(pub(crate) Simulator);

impl Room {
    /// The default lab, with a second host that sees the array too.
    pub(crate) fn new(adjust: impl FnOnce(&mut Lab)) -> Self {
        let lab = Lab::default_lab().with(|lab| {
            lab.hosts.push(Host::new("TWO", Os::WindowsServer2022));
            adjust(lab);
        });
        Self(Simulator::new(&lab).expect("a lab"))
    }

    pub(crate) fn code(&mut self, on: Object, call: Call) -> HResult {
        self.0.call(on, &call).hresult
    }

    pub(crate) fn ok(&mut self, on: Object, call: Call) -> Option<Out> {
        let reply = self.0.call(on, &call);
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}: {:?}", self.0.last_refusal());
        reply.out
    }

    pub(crate) fn begin(&mut self, on: Object, call: Call) -> Object {
        let out = self.ok(on, call);
        out.as_ref().and_then(object_of).expect("an object")
    }

    pub(crate) fn settle(&mut self, operation: Object) -> HResult {
        self.ok(operation, Call::Wait { dw_milliseconds: INFINITE });
        match self.ok(operation, Call::QUERY_STATUS) {
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn done(&mut self, on: Object, call: Call) {
        let operation = self.begin(on, call);
        assert_eq!(self.settle(operation), HResult::VSS_S_ASYNC_FINISHED);
        self.ok(operation, Call::RELEASE);
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.0.act(&action).expect("it can be done");
    }

    /// The object's process ends, or all of the first host restarts.
    pub(crate) fn ends(&mut self, session: Object, restarts: bool) {
        self.act(if restarts { Action::Restart { host: 1 } } else { Action::EndProcess { session } });
    }

    pub(crate) fn object(&mut self, host: u32) -> Object {
        self.begin(Object::Host(host), Call::CREATE_VSS_BACKUP_COMPONENTS)
    }

    /// A set of those volumes without writers, to be created by the provider of that name, or by whichever takes them.
    pub(crate) fn set_on(
        &mut self,
        host: u32,
        context: SnapshotContext,
        volumes: &[&str],
        provider: Option<&str>,
    ) -> (Object, Vec<SnapshotId>) {
        let session = self.object(host);
        self.ok(session, Call::InitializeForBackup { bstr_xml: None });
        self.ok(session, Call::SetContext { l_context: context });
        self.ok(session, Call::START_SNAPSHOT_SET);
        let Ok(Answer::Providers(providers)) = self.0.ask(&Question::Providers) else {
            panic!("no providers")
        };
        let id_of = |name| providers.iter().find(|provider| &*provider.name == name).expect("it is there").id;
        let provider_id = provider.map_or(ProviderId::NULL, id_of);
        let mut copies = Vec::new();
        for volume in volumes {
            match self.ok(session, Call::add_to_snapshot_set(volume, provider_id)) {
                Some(Out::AddToSnapshotSet { pid_snapshot }) => copies.push(pid_snapshot),
                other => panic!("{other:?}"),
            }
        }
        (session, copies)
    }

    pub(crate) fn create(&mut self, session: Object) {
        self.done(session, Call::DO_SNAPSHOT_SET);
    }

    pub(crate) fn save(&mut self, session: Object) -> Text {
        match self.ok(session, Call::SAVE_AS_XML) {
            Some(Out::SaveAsXML { pbstr_xml }) => pbstr_xml,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn is_there(&mut self, on: Object, snapshot_id: SnapshotId) -> bool {
        self.code(on, Call::get_snapshot_properties(snapshot_id)) == HResult::S_OK
    }

    /// A requester on the host that can ask for copies.
    pub(crate) fn asker(&mut self, host: u32) -> Object {
        let session = self.object(host);
        self.ok(session, Call::InitializeForBackup { bstr_xml: None });
        session
    }

    pub(crate) fn luns(&self) -> Vec<LunSeen> {
        match self.0.ask(&Question::Luns) {
            Ok(Answer::Luns(luns)) => luns,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn copied_luns(&self) -> usize {
        self.luns().iter().filter(|lun| lun.copy.is_some()).count()
    }

    pub(crate) fn live(&self) -> u32 {
        match self.0.ask(&Question::LiveObjects) {
            Ok(Answer::Objects(live)) => live,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn write(&mut self, volume: &str, byte: u8) {
        self.act(Action::WriteVolume { volume: volume.into(), offset: 1 << 20, bytes: vec![byte; 512] });
    }

    pub(crate) fn read(&self, volume: &str) -> u8 {
        match self.0.ask(&Question::ReadVolume { volume: volume.into(), offset: 1 << 20, length: 1 }) {
            Ok(Answer::Bytes(bytes)) => bytes[0],
            other => panic!("{other:?}"),
        }
    }
}
