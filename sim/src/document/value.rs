//! Values of attributes: booleans `yes`/`no`, GUIDs as text without braces, enumerations by their SDK name, masks in
//! decimal, bytes in hexadecimal. The first two as `documents.md` says, the others chosen here in the same style.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Text, escape};
use crate::api::{
    BackupType, ComponentType, FileRestoreStatus, Guid, InterconnectAddressType, ProviderId, RestoreType,
    RollForwardType, SnapshotContext, SnapshotId, SnapshotSetId, StorageBusType, StorageIdentifierCodeSet,
    StorageIdentifierType, VolumeSnapshotAttributes, WriterId, WriterInstanceId,
};

/// A value that an attribute holds.
pub(super) trait Value: Sized {
    /// What the value should be, for messages.
    const EXPECTED: &'static str;

    /// The value, `None` if the text is none.
    fn parse(text: &str) -> Option<Self>;

    /// Appends the value as it stands between the quotes.
    fn write(&self, out: &mut String);
}

impl Value for Text {
    const EXPECTED: &'static str = "text";

    fn parse(text: &str) -> Option<Self> {
        Some(match escape::unmask(text) {
            None => text.into(),
            Some(text) => text.into(),
        })
    }

    fn write(&self, out: &mut String) {
        escape::masked_attribute(self, out);
    }
}

impl Value for bool {
    const EXPECTED: &'static str = "`yes` or `no`";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    fn write(&self, out: &mut String) {
        out.push_str(if *self { "yes" } else { "no" });
    }
}

impl Value for Guid {
    const EXPECTED: &'static str = "a GUID";

    fn parse(text: &str) -> Option<Self> {
        Guid::parse_str(text).ok()
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.hyphenated().encode_lower(&mut Guid::encode_buffer()));
    }
}

impl Value for Arc<[u8]> {
    const EXPECTED: &'static str = "bytes in hexadecimal";

    fn parse(text: &str) -> Option<Self> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let is_hexadecimal = rest.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let nibble = |digit: u8| if digit <= b'9' { digit & 15 } else { (digit & 15) + 9 };
        is_hexadecimal.then(|| pairs.iter().map(|[high, low]| nibble(*high) << 4 | nibble(*low)).collect())
    }

    fn write(&self, out: &mut String) {
        let digit = |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { b'a' - 10 + nibble });
        for byte in self.iter() {
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
}

macro_rules! numbers {
    ($($type:ty, $expected:literal;)*) => {$(
        impl Value for $type {
            const EXPECTED: &'static str = $expected;

            fn parse(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            fn write(&self, out: &mut String) {
                // Writing to a string does not fail.
                let _ = write!(out, "{self}");
            }
        }
    )*};
}

numbers! {
    u8, "a number below 256";
    u32, "a number below 2^32";
    u64, "a number below 2^64";
    i64, "a number of 64 bits";
}

macro_rules! ids {
    ($($type:ident)*) => {$(
        impl Value for $type {
            const EXPECTED: &'static str = Guid::EXPECTED;

            fn parse(text: &str) -> Option<Self> {
                <Guid as Value>::parse(text).map(Self)
            }

            fn write(&self, out: &mut String) {
                Value::write(&self.0, out);
            }
        }
    )*};
}

ids! { ProviderId SnapshotId SnapshotSetId WriterId WriterInstanceId }

macro_rules! enums {
    ($($type:ident, $expected:literal;)*) => {$(
        impl Value for $type {
            const EXPECTED: &'static str = concat!("a ", $expected, ", by its name or number");

            fn parse(text: &str) -> Option<Self> {
                let named = Self::VALUES.iter().find(|(_, name)| *name == text).map(|(value, _)| *value);
                named.or_else(|| text.parse().ok().map(Self))
            }

            fn write(&self, out: &mut String) {
                match self.name() {
                    Some(name) => out.push_str(name),
                    None => { let _ = write!(out, "{}", self.0); }
                }
            }
        }
    )*};
}

enums! {
    BackupType, "VSS_BACKUP_TYPE";
    ComponentType, "VSS_COMPONENT_TYPE";
    FileRestoreStatus, "VSS_FILE_RESTORE_STATUS";
    InterconnectAddressType, "VDS_INTERCONNECT_ADDRESS_TYPE";
    RestoreType, "VSS_RESTORE_TYPE";
    RollForwardType, "VSS_ROLLFORWARD_TYPE";
    StorageBusType, "VDS_STORAGE_BUS_TYPE";
    StorageIdentifierCodeSet, "VDS_STORAGE_IDENTIFIER_CODE_SET";
    StorageIdentifierType, "VDS_STORAGE_IDENTIFIER_TYPE";
}

macro_rules! masks {
    ($($type:ident)*) => {$(
        impl Value for $type {
            const EXPECTED: &'static str = u32::EXPECTED;

            fn parse(text: &str) -> Option<Self> {
                text.parse().ok().map(Self::from_bits_retain)
            }

            fn write(&self, out: &mut String) {
                Value::write(&self.bits(), out);
            }
        }
    )*};
}

masks! { SnapshotContext VolumeSnapshotAttributes }
