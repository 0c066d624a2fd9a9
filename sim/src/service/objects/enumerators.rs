//! `IVssEnumObject`: what `Query` hands out to requesters.

use crate::api::{Call, Object, Out, Reply};
use crate::enumerator::Enumerator;

use crate::service::Refusal;
use crate::service::simulator::Simulator;

/// A requester's enumerator. It needs the object that handed it out no more, but ends with the process.
#[derive(Clone, Debug)]
pub(in crate::service) struct EnumeratorObject {
    /// The session whose process holds it.
    pub(in crate::service) session: u32,
    pub(in crate::service) host: usize,
    pub(in crate::service) objects: Enumerator,
}

impl Simulator {
    /// Gives an enumerator a number.
    pub(in crate::service) fn hand_out_list(&mut self, enumerator: EnumeratorObject) -> Object {
        self.enumerators_made += 1;
        self.enumerators.insert(self.enumerators_made, enumerator);
        Object::Enumerator(self.enumerators_made)
    }

    pub(in crate::service) fn call_enumerator(&mut self, number: u32, call: &Call) -> Result<Reply, Refusal> {
        let host = self.enumerators.get(&number).ok_or(Refusal::NO_OBJECT)?.host;
        match call {
            Call::Release {} => {
                self.enumerators.swap_remove(&number);
                return Ok(Reply::OK);
            }
            Call::QueryInterface { riid } => {
                let known = matches!(riid.as_deref(), Some("IUnknown" | "IVssEnumObject"));
                return if known { Ok(Reply::OK) } else { Err(Refusal::NO_INTERFACE) };
            }
            _ => {}
        }
        // The pages list no E_ACCESSDENIED, but COM rejects a stranger's calls before any method runs. They do not say
        // either that pceltFetched may be NULL, and E_POINTER is for "a required pointer": it is always required
        // (inferred; COM's own enumerators allow NULL for one object).
        self.admit(host, call)?;
        let object = self.enumerators.get_mut(&number).ok_or(Refusal::NO_OBJECT)?;
        match call {
            Call::Next { celt, .. } => {
                let (rgelt, hresult) = object.objects.next(*celt);
                let pcelt_fetched = u32::try_from(rgelt.len()).unwrap_or(u32::MAX);
                Ok(Reply { hresult, out: Some(Out::Next { rgelt, pcelt_fetched }) })
            }
            Call::Skip { celt } => Ok(object.objects.skip(*celt).into()),
            Call::Reset {} => {
                object.objects.reset();
                Ok(Reply::OK)
            }
            Call::Clone { .. } => {
                let clone = object.clone();
                Ok(Reply::ok(Out::Clone { ppenum: self.hand_out_list(clone) }))
            }
            _ => Err(Refusal::NO_OBJECT),
        }
    }
}
