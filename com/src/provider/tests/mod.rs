//! Every call through client and server, every method of the array through its interface, and misuse of both.

mod calls;
mod misuse;
mod rules;

use super::client::ComProvider;
use std::sync::{Arc, Mutex, PoisonError};
use vss_sim::api::{
    DeviceIdDescriptor, HResult, Interconnect, LunInformation, ProviderCall, ProviderObject, ProviderReply,
    StorageBusType, StorageIdentifier,
};
use vss_sim::lab::CopyKind;
use vss_sim::provider::{ArrayError, ArrayPort, HardwareProvider};
use vss_sim::storage::LunId;

/// An array that notes what is asked of it, and refuses what has to do with LUN 13.
#[derive(Debug, Default)]
struct FakeArray {
    asked: Arc<Mutex<Vec<String>>>,
}

impl FakeArray {
    fn note<T>(&self, what: String, lun: u32, answer: T) -> Result<T, ArrayError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(what);
        if lun == 13 { Err(ArrayError::CannotResize) } else { Ok(answer) }
    }
}

impl ArrayPort for FakeArray {
    fn now_ms(&self) -> u64 {
        4711
    }

    fn check(&mut self) -> Result<(), ArrayError> {
        self.note("check".to_owned(), 0, ())
    }

    fn find(&mut self, lun: &LunInformation) -> Result<Option<LunId>, ArrayError> {
        let found = (lun.serial_number.as_deref() == Some("S1")).then_some(LunId(0));
        self.note(format!("find {lun:?}"), 0, found)
    }

    fn information(&mut self, lun: LunId) -> Result<LunInformation, ArrayError> {
        self.note(format!("information {lun}"), lun.0, described("S1"))
    }

    fn size(&mut self, lun: LunId) -> Result<u64, ArrayError> {
        self.note(format!("size {lun}"), lun.0, 1 << 40)
    }

    fn copy(&mut self, source: LunId, kind: CopyKind) -> Result<LunId, ArrayError> {
        self.note(format!("copy {source} {kind:?}"), source.0, LunId(9))
    }

    fn delete_copy(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.note(format!("delete {lun}"), lun.0, ())
    }

    fn unmask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.note(format!("unmask {lun}"), lun.0, ())
    }

    fn mask(&mut self, lun: LunId) -> Result<(), ArrayError> {
        self.note(format!("mask {lun}"), lun.0, ())
    }

    fn begin_resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        self.note(format!("begin {pairs:?}"), 0, ())
    }

    fn end_resync(&mut self, pairs: &[(LunId, LunId)]) {
        let _ = self.note(format!("end {pairs:?}"), 0, ());
    }

    fn resync(&mut self, pairs: &[(LunId, LunId)]) -> Result<(), ArrayError> {
        self.note(format!("resync {pairs:?}"), 0, ())
    }

    fn write_through_host(&mut self, lun: LunId, offset: u64, bytes: &[u8]) -> Result<(), ArrayError> {
        self.note(format!("write {lun} {offset} {bytes:?}"), lun.0, ())
    }

    fn log(&mut self, code: HResult, message: &str) {
        let _ = self.note(format!("log {code} {message}"), 0, ());
    }
}

/// A LUN with something in every member.
fn described(serial: &str) -> LunInformation {
    LunInformation {
        version: 1,
        device_type: 2,
        device_type_modifier: 3,
        command_queueing: true,
        bus_type: StorageBusType::FIBRE,
        vendor_id: Some("ACME".into()),
        product_id: Some("Array".into()),
        product_revision: Some("1.0".into()),
        serial_number: Some(serial.into()),
        disk_signature: uuid::Uuid::from_u128(0x7673_736c),
        device_id_descriptor: DeviceIdDescriptor {
            version: 1,
            identifiers: [StorageIdentifier { identifier: serial.as_bytes().into(), ..Default::default() }]
                .into(),
        },
        interconnects: vec![Interconnect {
            port: [1, 2].into(),
            address: [3].into(),
            ..Interconnect::default()
        }],
    }
}

/// Calls the provider on an array that nobody looks at.
fn ask(provider: &mut ComProvider, call: &ProviderCall) -> ProviderReply {
    provider.call(ProviderObject::Provider, call, &mut FakeArray::default())
}
