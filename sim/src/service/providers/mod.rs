//! How VSS calls a provider, what faults do to the call, and what it makes of the answer.

pub(in crate::service) mod faults;
mod limits;
pub(in crate::service) mod loading;
pub(in crate::service) mod notices;
pub(in crate::service) mod selection;
mod struck;

use crate::api::{
    EventLog, HResult, ProviderCall, ProviderCallSeen, ProviderId, ProviderObject, ProviderOut,
    ProviderReply, SnapshotId,
};
use crate::document::SnapshotDescription;
use crate::lab::{Cause, MAKING_COPIES, Os};
use crate::provider::{
    ArrayError, HostPort, LISTED_FOR_ALL, Notes, StoragePort, is_permitted, permitted_to_software,
};

use super::copies::devices::device_object;
use super::world::World;
use super::world::volumes::host_id;
use super::{Because, Refusal};

/// A provider's accepted answer.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) out: Option<ProviderOut>,
    /// What the array does wrong after the provider has answered.
    pub(super) trouble: Option<Cause>,
}

/// What a provider's process that ended in mid-call looks like to its caller.
pub(super) const GONE: HResult = HResult::RPC_E_DISCONNECTED;

const PASSED_ON: &str = "error-handling-in-shadow-copy-providers: the code is passed on";

impl World {
    /// Calls a provider and takes its answer as VSS does: permitted codes pass, others are logged and converted.
    pub(super) fn ask_provider(
        &mut self,
        host: usize,
        provider: ProviderId,
        call: &ProviderCall,
    ) -> Result<Accepted, Refusal> {
        self.load_provider(host, provider)?;
        let (reply, trouble) = self.call_troubled_provider(host, provider, ProviderObject::Provider, call);
        if reply.hresult == HResult::S_OK {
            return Ok(Accepted { out: reply.out, trouble });
        }
        let method = call.method();
        Err(match permitted_to_software(method) {
            Some(codes) if codes.contains(&reply.hresult) => Refusal::rule(reply.hresult, PASSED_ON),
            Some(_) => self.unexpected(provider, method.name, reply.hresult),
            None => self.convert(host, provider, method.name, reply.hresult),
        })
    }

    /// How long providers have taken since somebody asked last, in milliseconds.
    pub(super) fn take_time(&mut self) -> u64 {
        std::mem::take(&mut self.took_ms)
    }

    /// Calls a provider in the work of an operation, which fails with it.
    pub(super) fn ask_in_operation(
        &mut self,
        host: usize,
        provider: ProviderId,
        call: &ProviderCall,
    ) -> Result<Accepted, Refusal> {
        // What fails here is told there.
        self.load_provider(host, provider)?;
        let answer = self.ask_provider(host, provider, call);
        self.tell_failed(provider, call.method().name, answer.as_ref().err());
        answer
    }

    /// An entry for a failure of a provider: a code that it may not answer has one already.
    pub(super) fn tell_failed(&mut self, provider: ProviderId, method: &str, failure: Option<&Refusal>) {
        if let Some(Refusal { code, because: Because::Rule(PASSED_ON), .. }) = failure {
            let name = self.provider_name(provider);
            self.log(*code, &format!("provider {name} has failed in {method}: see the provider's own log"));
        }
    }

    /// The code that a requester sees for a provider's failing code.
    pub(super) fn convert(
        &mut self,
        host: usize,
        provider: ProviderId,
        method: &str,
        code: HResult,
    ) -> Refusal {
        let permitted = match method {
            // Windows Vista and Windows Server 2008 brought the code for what only a restart clears (DoSnapshotSet).
            _ if code == HResult::VSS_E_REBOOT_REQUIRED && self.hosts[host].stuck.contains(&provider) => {
                self.os(host).kernel() >= Os::WindowsVista.kernel()
            }
            // Windows Server 2003 alone heeds what it answers, and then takes what its page lists.
            "FillInLunInfo" if self.os(host) == Os::WindowsServer2003 => LISTED_FOR_ALL.contains(&code),
            _ => is_permitted(method, code),
        };
        if code.is_failure() && permitted {
            return Refusal::rule(code, PASSED_ON);
        }
        self.unexpected(provider, method, code)
    }

    /// Logs a code that a provider may not answer, and what the requester sees instead.
    fn unexpected(&mut self, provider: ProviderId, method: &str, code: HResult) -> Refusal {
        let name = self.provider_name(provider);
        let message = if code == HResult::VSS_E_PROVIDER_NOT_REGISTERED && !self.is_known(provider) {
            format!("provider {name} cannot be called, and so nobody carries out {method}: register it again")
        } else {
            format!(
                "provider {name} answered {code} to {method}, which it may not: see the provider's own log"
            )
        };
        self.log(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR, &message);
        Refusal::rule(
            HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR,
            "error-handling-in-shadow-copy-providers: any other code is logged and converted",
        )
    }

    /// Calls a provider and takes whatever it answers.
    pub(super) fn call_provider(
        &mut self,
        host: usize,
        provider: ProviderId,
        call: &ProviderCall,
    ) -> ProviderReply {
        match self.load_provider(host, provider) {
            Ok(()) => self.reach_provider(host, provider, call),
            Err(refusal) => refusal.code.into(),
        }
    }

    /// Calls a provider whether it is loaded or not.
    pub(super) fn reach_provider(
        &mut self,
        host: usize,
        provider: ProviderId,
        call: &ProviderCall,
    ) -> ProviderReply {
        self.call_troubled_provider(host, provider, ProviderObject::Provider, call).0
    }

    /// Calls the `IVssAsync` that a provider handed out.
    pub(super) fn call_provider_async(
        &mut self,
        host: usize,
        provider: ProviderId,
        number: u32,
        call: &ProviderCall,
    ) -> ProviderReply {
        self.call_troubled_provider(host, provider, ProviderObject::Async(number), call).0
    }

    /// Calls a provider or its `IVssAsync` and lets the lab's faults strike. Beside the answer: what the array does wrong
    /// after it.
    pub(super) fn call_troubled_provider(
        &mut self,
        host: usize,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
    ) -> (ProviderReply, Option<Cause>) {
        let name = self.provider_name(provider);
        let strikes = on == ProviderObject::Provider;
        let cause = strikes.then(|| self.faults.strike(call.method().name, Some(&name))).flatten();
        if cause == Some(Cause::DriverStuck) {
            self.hosts[host].stuck.insert(provider);
        }
        let is_stuck = self.hosts[host].stuck.contains(&provider);
        let is_stuck = is_stuck && strikes && MAKING_COPIES.contains(&call.method().name);
        let mut notes = Notes { troubled: cause.is_some() || is_stuck, ..Notes::default() };
        let (reply, trouble) = match cause {
            // It lasts until the host is restarted, whatever else goes wrong meanwhile.
            _ if is_stuck => (HResult::VSS_E_REBOOT_REQUIRED.into(), None),
            None => (self.carry_out(host, provider, on, call, None, &mut notes), None),
            Some(cause) => self.struck(host, provider, on, call, cause, &mut notes),
        };
        if strikes {
            self.took_ms = self.took_ms.saturating_add(reply.took_ms);
            self.note_loading(host, provider, call, &reply);
        }
        self.watched(provider, on, call, &reply, notes);
        (reply, trouble)
    }

    /// Keeps a call on a provider for who watches.
    fn watched(
        &mut self,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
        reply: &ProviderReply,
        notes: Notes,
    ) {
        let at_ms = self.clock.now_ms();
        let Some(seen) = &mut self.provider_calls else { return };
        let (call, reply) = (call.clone(), reply.clone());
        let Notes { troubled, host_io, logged, .. } = notes;
        seen.push(ProviderCallSeen { at_ms, provider, on, call, reply, troubled, host_io, logged });
    }

    fn carry_out(
        &mut self,
        host: usize,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
        trouble: Option<ArrayError>,
        notes: &mut Notes,
    ) -> ProviderReply {
        if let Some(index) = self.software.iter().position(|registered| registered.id == provider) {
            return self.reach_software(host, index, on, call, trouble, notes);
        }
        let Some(registered) = self.providers.iter_mut().find(|registered| registered.id == provider) else {
            return HResult::VSS_E_PROVIDER_NOT_REGISTERED.into();
        };
        let mut port = StoragePort {
            storage: &mut self.storage,
            events: &mut self.events,
            ids: &mut self.ids.luns,
            clock: self.clock,
            host: host_id(host),
            name: &registered.name,
            arrays: &registered.arrays,
            trouble,
            held: matches!(call, ProviderCall::CommitSnapshots { .. }),
            notes: *notes,
        };
        let mut reply = registered.on_host[host].call(on, call, &mut port);
        *notes = port.notes;
        reply.took_ms = reply.took_ms.saturating_add(notes.blocked_ms);
        reply
    }

    fn reach_software(
        &mut self,
        host: usize,
        index: usize,
        on: ProviderObject,
        call: &ProviderCall,
        trouble: Option<ArrayError>,
        notes: &mut Notes,
    ) -> ProviderReply {
        let (os, privileged) = (self.os(host), self.provider_caller.may_request());
        let (registered, snapshots) = (&mut self.software[index], &mut self.snapshots);
        let mut port = HostPort {
            storage: &mut self.storage,
            events: &mut self.events,
            clock: self.clock,
            host: host_id(host),
            os,
            machine: &self.hosts[host].name,
            max_shadow_copies: self.hosts[host].max_shadow_copies,
            privileged,
            id: registered.id,
            name: &registered.name,
            shares: &self.shares,
            virtual_disks: &self.virtual_disks,
            device: &mut |copy: SnapshotId| device_object(snapshots.device_number(copy)),
            trouble,
            notes: *notes,
        };
        let reply = registered.on_host[host].call(on, call, &mut port);
        *notes = port.notes;
        reply
    }

    pub(super) fn provider_name(&self, provider: ProviderId) -> crate::api::Text {
        let registered = self.providers.iter().find(|registered| registered.id == provider);
        let software = self.software.iter().find(|registered| registered.id == provider);
        match registered.map(|found| &found.name).or(software.map(|found| &found.name)) {
            Some(name) => name.clone(),
            None => format!("{provider} (no longer registered)").into(),
        }
    }

    /// Whether the provider is registered anywhere.
    fn is_known(&self, provider: ProviderId) -> bool {
        self.is_software(provider) || self.providers.iter().any(|registered| registered.id == provider)
    }

    /// An entry of VSS itself in the application log.
    pub(super) fn log(&mut self, code: HResult, message: &str) {
        self.events.push(self.clock, EventLog::Application, "VSS", code, message);
    }
}

/// Each provider once, in the order of the first mention.
pub(super) fn distinct(providers: impl Iterator<Item = ProviderId>) -> Vec<ProviderId> {
    let mut distinct = Vec::new();
    for provider in providers {
        if !distinct.contains(&provider) {
            distinct.push(provider);
        }
    }
    distinct
}

/// The providers of the copies that lie on LUNs, each once.
pub(super) fn providers_of_luns(copies: &[SnapshotDescription]) -> Vec<ProviderId> {
    let on_luns = copies.iter().filter(|copy| !copy.lun_mappings.is_empty());
    distinct(on_luns.map(|copy| copy.provider_id))
}
