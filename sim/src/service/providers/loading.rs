//! When a provider's process is loaded and unloaded (shadow-copy-provider-registration-and-loading).
//!
//! A host loads a hardware provider at its first use and calls OnLoad. Once no requester has been there for the length of the
//! service's IdleTimeout it asks each to go, with OnUnload(FALSE); S_FALSE keeps a provider until the next such time. One
//! that is unregistered or replaced has to go at once: OnUnload(TRUE). A process that ended by itself is loaded anew. What
//! OnUnload answers is never converted and never logged.

use crate::api::{HResult, ProviderCall, ProviderId, ProviderReply, Ptr};

use super::GONE;
use crate::service::Refusal;
use crate::service::due::Due;
use crate::service::simulator::Simulator;
use crate::service::world::World;
use crate::service::world::volumes::host_id;

/// IdleTimeout: for how long the service waits without a requester (registry-keys-for-backup-and-restore).
const IDLE_MS: u64 = 180_000;

impl World {
    /// Loads a provider unless the host has it loaded. One that fails here is not used.
    pub(in crate::service) fn load_provider(
        &mut self,
        host: usize,
        provider: ProviderId,
    ) -> Result<(), Refusal> {
        let loaded = |world: &Self| {
            let registered = world.providers.iter().find(|registered| registered.id == provider);
            // Software providers are taken to be there; a call on a provider that is gone says so itself.
            registered.is_none_or(|registered| registered.loaded_on.contains(&host))
        };
        if loaded(self) {
            return Ok(());
        }
        let call = ProviderCall::OnLoad { p_callback: Ptr::Valid };
        let code = self.reach_provider(host, provider, &call).hresult;
        if code == HResult::S_OK {
            return Ok(());
        }
        let method = call.method().name;
        let refusal = self.convert(host, provider, method, code);
        self.tell_failed(provider, method, Some(&refusal));
        Err(refusal)
    }

    /// Tells a provider that it has to go from every host where it is loaded.
    pub(in crate::service) fn force_out(&mut self, provider: ProviderId) {
        for host in 0..self.hosts.len() {
            self.end_provider(host, provider);
        }
    }

    /// A provider's process on a host ends, whether VSS has loaded it or it was only called past VSS.
    pub(in crate::service) fn end_provider(&mut self, host: usize, provider: ProviderId) {
        self.unload(host, provider, true);
        self.end_resyncs(host, provider);
    }

    /// What a provider's arrays copied for its process on a host is over, even if the provider has not told them.
    fn end_resyncs(&mut self, host: usize, provider: ProviderId) {
        if let Some(registered) = self.providers.iter().find(|registered| registered.id == provider) {
            self.storage.end_resyncs(&registered.arrays, host_id(host));
        }
    }

    pub(in crate::service) fn unload(&mut self, host: usize, provider: ProviderId, force: bool) {
        let loaded = |world: &Self| {
            let registered = world.providers.iter().find(|registered| registered.id == provider);
            registered.is_some_and(|registered| registered.loaded_on.contains(&host))
        };
        if loaded(self) {
            self.reach_provider(host, provider, &ProviderCall::OnUnload { b_force_unload: force });
        }
    }

    /// Keeps in mind whether a provider is loaded, by what it has answered.
    pub(in crate::service) fn note_loading(
        &mut self,
        host: usize,
        provider: ProviderId,
        call: &ProviderCall,
        reply: &ProviderReply,
    ) {
        let stays = match call {
            ProviderCall::OnLoad { .. } => reply.hresult == HResult::S_OK,
            ProviderCall::OnUnload { b_force_unload } => !b_force_unload && reply.hresult == HResult::S_FALSE,
            _ if reply.hresult == GONE => false,
            _ => return,
        };
        if let Some(registered) = self.providers.iter_mut().find(|registered| registered.id == provider) {
            if stays {
                registered.loaded_on.insert(host);
            } else {
                registered.loaded_on.remove(&host);
            }
        }
        if !stays && !matches!(call, ProviderCall::OnLoad { .. }) {
            self.end_resyncs(host, provider);
        }
    }
}

impl Simulator {
    /// A requester has come to the host.
    pub(in crate::service) fn requester_comes(&mut self, host: usize) {
        self.world.hosts[host].requesters += 1;
        self.stop_idling(host);
    }

    /// A requester has left the host.
    pub(in crate::service) fn requester_leaves(&mut self, host: usize) {
        self.world.hosts[host].requesters -= 1;
        self.idle_if_alone(host);
    }

    /// A host that no requester is on idles from now on.
    pub(in crate::service) fn idle_if_alone(&mut self, host: usize) {
        let at_ms = self.world.clock.after(IDLE_MS);
        let machine = &mut self.world.hosts[host];
        if machine.requesters == 0 && machine.idle_at_ms.is_none() {
            machine.idle_at_ms = Some(at_ms);
            self.due.insert((at_ms, Due::Idle(host)));
        }
    }

    /// The service of a host has ended and does not idle.
    pub(in crate::service) fn stop_idling(&mut self, host: usize) {
        if let Some(at_ms) = self.world.hosts[host].idle_at_ms.take() {
            self.due.remove(&(at_ms, Due::Idle(host)));
        }
    }

    /// The service of a host has idled: its providers may go.
    pub(in crate::service) fn idle(&mut self, host: usize) {
        self.world.hosts[host].idle_at_ms = None;
        let providers: Vec<ProviderId> =
            self.world.providers.iter().map(|registered| registered.id).collect();
        for provider in providers {
            self.world.unload(host, provider, false);
        }
    }
}
