//! What a fault of the lab makes of a call on a provider.

use crate::api::{EventLog, HResult, ProviderCall, ProviderId, ProviderObject, ProviderOut, ProviderReply};
use crate::lab::{CallerRole, Cause};
use crate::provider::Notes;

use super::GONE;
use crate::service::world::World;

impl World {
    /// Calls a provider that a fault has struck. Beside the answer: what the array does wrong after it.
    pub(super) fn struck(
        &mut self,
        host: usize,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
        cause: Cause,
        notes: &mut Notes,
    ) -> (ProviderReply, Option<Cause>) {
        let reply = match cause {
            Cause::ProviderAnswers(code) => {
                if code == HResult::VSS_E_PROVIDER_VETO {
                    self.log_of(
                        provider,
                        code,
                        call,
                        "is refused: see to the array and repeat the operation",
                    );
                }
                code.into()
            }
            Cause::OutOfMemory => HResult::E_OUTOFMEMORY.into(),
            Cause::ProviderBreaks => {
                let new = self.os(host).has_vss_e_unexpected();
                let code = if new { HResult::VSS_E_UNEXPECTED } else { HResult::E_UNEXPECTED };
                notes.logged += 1;
                let what = "failed unexpectedly: repeat it, and restart the provider if it fails again";
                self.log_of(provider, code, call, what);
                code.into()
            }
            Cause::CrashBefore => {
                self.restart_provider(host, provider);
                GONE.into()
            }
            Cause::CrashAfter => {
                self.carry_out(host, provider, on, call, None, notes);
                self.restart_provider(host, provider);
                GONE.into()
            }
            Cause::Late(ms) => {
                let reply = self.carry_out(host, provider, on, call, None, notes);
                ProviderReply { took_ms: reply.took_ms.saturating_add(ms), ..reply }
            }
            cause => return self.with_trouble_below(host, provider, on, call, cause, notes),
        };
        (reply, None)
    }

    /// The provider itself is well: something is wrong with its array, or with what it tells.
    fn with_trouble_below(
        &mut self,
        host: usize,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
        cause: Cause,
        notes: &mut Notes,
    ) -> (ProviderReply, Option<Cause>) {
        notes.troubled = false;
        let array = cause.of_the_array();
        let trouble = Some(cause).filter(|_| array.is_none());
        let mut reply = self.carry_out(host, provider, on, call, array, notes);
        if trouble == Some(Cause::Misdescribes) {
            misdescribe(&mut reply);
        }
        (reply, trouble)
    }

    /// An entry of the provider in the application log.
    fn log_of(&mut self, provider: ProviderId, code: HResult, call: &ProviderCall, what: &str) {
        let (name, message) = (self.provider_name(provider), format!("{} {what}", call.method().name));
        self.events.push(self.clock, EventLog::Application, &*name, code, message.as_str());
    }

    /// A provider's process has ended: what it had in hand is lost.
    fn restart_provider(&mut self, host: usize, provider: ProviderId) {
        // VSS unloads it, whoever has called it.
        self.provider_caller = CallerRole::Administrator;
        self.carry_out(
            host,
            provider,
            ProviderObject::Provider,
            &ProviderCall::OnUnload { b_force_unload: true },
            None,
            &mut Notes::default(),
        );
    }
}

/// The provider tells serial numbers with a zero in front that they have nowhere else.
fn misdescribe(reply: &mut ProviderReply) {
    let luns = match &mut reply.out {
        Some(ProviderOut::FillInLunInfo { p_lun_info, .. }) => std::slice::from_mut(p_lun_info),
        Some(ProviderOut::GetTargetLuns { rg_destination_luns }) => rg_destination_luns,
        _ => return,
    };
    for serial in luns.iter_mut().filter_map(|lun| lun.serial_number.as_mut()) {
        *serial = format!("0{serial}").into();
    }
}
