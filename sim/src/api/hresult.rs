//! `HRESULT`: every code that VSS documents, by name and value (`fixtures/spec/hresults.json`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A COM result code, as it goes over the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HResult(pub u32);

macro_rules! codes {
    ($($name:ident = $value:literal, $meaning:literal;)*) => {
        impl HResult {
            $(#[doc = $meaning] pub const $name: HResult = HResult($value);)*
        }

        /// Every named code with its meaning, in the order of the spec.
        pub const CODES: &[(HResult, &str, &str)] = &[$((HResult($value), stringify!($name), $meaning),)*];
    };
}

codes! {
    S_OK = 0x00000000, "success";
    S_FALSE = 0x00000001, "success with a negative or empty answer";
    E_NOTIMPL = 0x80004001, "not implemented";
    E_NOINTERFACE = 0x80004002, "interface not supported";
    E_POINTER = 0x80004003, "NULL or bad pointer";
    E_ABORT = 0x80004004, "operation aborted";
    E_FAIL = 0x80004005, "unspecified failure";
    E_UNEXPECTED = 0x8000FFFF, "unexpected failure; used on old Windows for VSS_E_UNEXPECTED";
    E_ACCESSDENIED = 0x80070005, "caller lacks privilege (facility Win32, error 5)";
    E_OUTOFMEMORY = 0x8007000E, "out of memory (facility Win32, error 14)";
    E_INVALIDARG = 0x80070057, "bad argument (facility Win32, error 87)";
    E_HANDLE = 0x80070006, "bad handle (facility Win32, error 6)";
    RPC_E_DISCONNECTED = 0x80010108, "COM object has gone (simulator choice for a call on a released object)";
    VSS_E_BAD_STATE = 0x80042301, "object not in a state that allows the call";
    VSS_E_UNEXPECTED = 0x80042302, "unexpected VSS error, details logged";
    VSS_E_PROVIDER_ALREADY_REGISTERED = 0x80042303, "provider id is registered already";
    VSS_E_PROVIDER_NOT_REGISTERED = 0x80042304, "no provider registered under that id";
    VSS_E_PROVIDER_VETO = 0x80042306, "provider refused or failed; it logs an event";
    VSS_E_PROVIDER_IN_USE = 0x80042307, "provider busy, cannot be unregistered now";
    VSS_E_OBJECT_NOT_FOUND = 0x80042308, "snapshot, set, volume or other object unknown";
    VSS_S_ASYNC_PENDING = 0x00042309, "asynchronous operation still running";
    VSS_S_ASYNC_FINISHED = 0x0004230A, "asynchronous operation done";
    VSS_S_ASYNC_CANCELLED = 0x0004230B, "asynchronous operation was cancelled";
    VSS_E_VOLUME_NOT_SUPPORTED = 0x8004230C, "no provider supports the volume/attributes";
    VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER = 0x8004230E, "chosen provider cannot handle the volume";
    VSS_E_OBJECT_ALREADY_EXISTS = 0x8004230D, "object exists already";
    VSS_E_UNEXPECTED_PROVIDER_ERROR = 0x8004230F, "provider returned an unlisted code; VSS converted it";
    VSS_E_CORRUPT_XML_DOCUMENT = 0x80042310, "XML document damaged";
    VSS_E_INVALID_XML_DOCUMENT = 0x80042311, "XML document not valid for VSS";
    VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED = 0x80042312, "volume limit of set or provider reached";
    VSS_E_FLUSH_WRITES_TIMEOUT = 0x80042313, "flushing writes took too long";
    VSS_E_HOLD_WRITES_TIMEOUT = 0x80042314, "writes could not be held long enough";
    VSS_E_UNEXPECTED_WRITER_ERROR = 0x80042315, "unexpected failure talking to writers";
    VSS_E_SNAPSHOT_SET_IN_PROGRESS = 0x80042316, "another set is being created";
    VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED = 0x80042317, "snapshot limit of the volume reached";
    VSS_E_WRITER_INFRASTRUCTURE = 0x80042318, "writer infrastructure not working";
    VSS_E_WRITER_NOT_RESPONDING = 0x80042319, "writer gave no answer";
    VSS_E_WRITER_ALREADY_SUBSCRIBED = 0x8004231A, "writer is subscribed already";
    VSS_E_UNSUPPORTED_CONTEXT = 0x8004231B, "context not supported for the operation";
    VSS_E_VOLUME_IN_USE = 0x8004231D, "volume in use, operation refused";
    VSS_E_MAXIMUM_DIFFAREA_ASSOCIATIONS_REACHED = 0x8004231E, "diff-area association limit reached";
    VSS_E_INSUFFICIENT_STORAGE = 0x8004231F, "not enough storage";
    VSS_E_NO_SNAPSHOTS_IMPORTED = 0x80042320, "import brought in no snapshot";
    VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED = 0x00042321, "partial import (success code)";
    VSS_E_SOME_SNAPSHOTS_NOT_IMPORTED = 0x80042321, "partial import (error form)";
    VSS_E_MAXIMUM_NUMBER_OF_REMOTE_MACHINES_REACHED = 0x80042322, "remote machine limit reached";
    VSS_E_REMOTE_SERVER_UNAVAILABLE = 0x80042323, "remote server unreachable";
    VSS_E_REMOTE_SERVER_UNSUPPORTED = 0x80042324, "remote server lacks support";
    VSS_E_REVERT_IN_PROGRESS = 0x80042325, "revert already running on the volume";
    VSS_E_REVERT_VOLUME_LOST = 0x80042326, "volume vanished during revert";
    VSS_E_REBOOT_REQUIRED = 0x80042327, "reboot needed";
    VSS_E_TRANSACTION_FREEZE_TIMEOUT = 0x80042328, "freezing transactions timed out";
    VSS_E_TRANSACTION_THAW_TIMEOUT = 0x80042329, "thawing transactions timed out";
    VSS_E_VOLUME_NOT_LOCAL = 0x8004232D, "volume not on this machine";
    VSS_E_CLUSTER_TIMEOUT = 0x8004232E, "cluster operation timed out";
    VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT = 0x800423F0, "writer: snapshot lacks volumes it needs";
    VSS_E_WRITERERROR_OUTOFRESOURCES = 0x800423F1, "writer ran out of resources";
    VSS_E_WRITERERROR_TIMEOUT = 0x800423F2, "writer timed out between freeze and thaw";
    VSS_E_WRITERERROR_RETRYABLE = 0x800423F3, "writer error, a retry may work";
    VSS_E_WRITERERROR_NONRETRYABLE = 0x800423F4, "writer error, retry is useless";
    VSS_E_WRITERERROR_RECOVERY_FAILED = 0x800423F5, "writer could not recover the snapshot";
    VSS_E_BREAK_REVERT_ID_FAILED = 0x800423F6, "disk identity could not be reverted at break";
    VSS_E_LEGACY_PROVIDER = 0x800423F7, "provider too old for this operation";
    VSS_E_MISSING_DISK = 0x800423F8, "expected disk missing";
    VSS_E_MISSING_HIDDEN_VOLUME = 0x800423F9, "expected hidden volume missing";
    VSS_E_MISSING_VOLUME = 0x800423FA, "expected volume missing";
    VSS_E_AUTORECOVERY_FAILED = 0x800423FB, "auto-recovery failed";
    VSS_E_DYNAMIC_DISK_ERROR = 0x800423FC, "dynamic disk handling failed";
    VSS_E_NONTRANSPORTABLE_BCD = 0x800423FD, "Backup Components Document belongs to a non-transportable set, so nothing to import (meaning from the name; on no page)";
    VSS_E_CANNOT_REVERT_DISKID = 0x800423FE, "disk identity cannot be reverted";
    VSS_E_RESYNC_IN_PROGRESS = 0x800423FF, "LUN resync already running";
    VSS_E_CLUSTER_ERROR = 0x80042400, "cluster error";
    VSS_E_UNSELECTED_VOLUME = 0x8004232A, "disk holds a volume not chosen for recovery";
    VSS_E_SNAPSHOT_NOT_IN_SET = 0x8004232B, "snapshot id is absent from the Backup Components Document";
    VSS_E_NESTED_VOLUME_LIMIT = 0x8004232C, "volume nested too deeply (VHD in VHD)";
    VSS_E_NOT_SUPPORTED = 0x8004232F, "operation not supported";
    VSS_E_WRITERERROR_PARTIAL_FAILURE = 0x80042336, "some components of the writer failed";
    VSS_E_ASRERROR_DISK_ASSIGNMENT_FAILED = 0x80042401, "ASR: disk could not be assigned";
    VSS_E_ASRERROR_DISK_RECREATION_FAILED = 0x80042402, "ASR: disk layout could not be recreated";
    VSS_E_ASRERROR_NO_ARCPATH = 0x80042403, "ASR: no ARC path";
    VSS_E_ASRERROR_MISSING_DYNDISK = 0x80042404, "ASR: dynamic disk missing";
    VSS_E_ASRERROR_SHARED_CRIDISK = 0x80042405, "ASR: critical disk is shared";
    VSS_E_ASRERROR_DATADISK_RDISK0 = 0x80042406, "ASR: data disk occupies rdisk 0";
    VSS_E_ASRERROR_RDISK0_TOOSMALL = 0x80042407, "ASR: rdisk 0 too small";
    VSS_E_ASRERROR_CRITICAL_DISKS_TOO_SMALL = 0x80042408, "ASR: critical disks too small";
    VSS_E_WRITER_STATUS_NOT_AVAILABLE = 0x80042409, "writer status cannot be had";
    VSS_E_ASRERROR_DYNAMIC_VHD_NOT_SUPPORTED = 0x8004240A, "ASR: dynamic VHD unsupported";
    VSS_E_CRITICAL_VOLUME_ON_INVALID_DISK = 0x80042411, "critical volume lies on unsuitable disk";
    VSS_E_ASRERROR_RDISK_FOR_SYSTEM_DISK_NOT_FOUND = 0x80042412, "ASR: no rdisk for the system disk";
    VSS_E_ASRERROR_NO_PHYSICAL_DISK_AVAILABLE = 0x80042413, "ASR: no physical disk available";
    VSS_E_ASRERROR_FIXED_PHYSICAL_DISK_AVAILABLE_AFTER_DISK_EXCLUSION = 0x80042414, "ASR: no usable disk left once offline, shared or excluded ones are dropped";
    VSS_E_ASRERROR_CRITICAL_DISK_CANNOT_BE_EXCLUDED = 0x80042415, "ASR: critical disk may not be excluded";
    VSS_E_ASRERROR_SYSTEM_PARTITION_HIDDEN = 0x80042416, "ASR: system partition is hidden";
    VSS_E_FSS_TIMEOUT = 0x80042417, "file share snapshot operation timed out";
}

impl HResult {
    /// The code's SDK name, `None` for a code that VSS does not document.
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|(_, name, _)| *name)
    }

    /// What the code stands for, in a few words; `None` for a code that VSS does not document.
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|(_, _, meaning)| *meaning)
    }

    /// The sign bit of an `HRESULT` is clear on success.
    pub const fn is_success(self) -> bool {
        self.0 < 0x8000_0000
    }

    /// The opposite of [`HResult::is_success`].
    pub const fn is_failure(self) -> bool {
        !self.is_success()
    }

    fn entry(self) -> Option<&'static (HResult, &'static str, &'static str)> {
        CODES.iter().find(|(code, ..)| *code == self)
    }
}

impl fmt::Display for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} (0x{:08X})", self.0),
            None => write!(f, "0x{:08X}", self.0),
        }
    }
}

impl fmt::Debug for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A failing code can be thrown with `?`.
impl std::error::Error for HResult {}

/// The text is neither the name of a code nor a 32-bit number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is neither the name of a VSS code (such as VSS_E_BAD_STATE) nor a number (such as 0x80042301)"
)]
pub struct UnknownCode(pub String);

impl FromStr for HResult {
    type Err = UnknownCode;

    /// Takes `VSS_E_BAD_STATE`, `0x80042301`, `0x80042301L`, `80042301` (eight hex digits) and signed or unsigned decimals.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        if let Some((code, ..)) = CODES.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(trimmed)) {
            return Ok(*code);
        }
        parse_number(trimmed).map(HResult).ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

fn parse_number(text: &str) -> Option<u32> {
    let text = text.strip_suffix(['L', 'l']).unwrap_or(text);
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u32::from_str_radix(hex, 16).ok();
    }
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return u32::from_str_radix(text, 16).ok();
    }
    let number: i64 = text.parse().ok()?;
    u32::try_from(number).ok().or_else(|| i32::try_from(number).ok().map(i32::cast_unsigned))
}

impl Serialize for HResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.name() {
            Some(name) => serializer.serialize_str(name),
            None => serializer.collect_str(&format_args!("0x{:08X}", self.0)),
        }
    }
}

impl<'de> Deserialize<'de> for HResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for HResult {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "HResult".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "a code's name or its value in hex, such as VSS_E_BAD_STATE or 0x80042301" })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::HResult;

    #[rstest]
    #[case("VSS_E_BAD_STATE")]
    #[case("vss_e_bad_state")]
    #[case("0x80042301")]
    #[case("0x80042301L")]
    #[case("80042301")]
    #[case("2147754753")]
    #[case("-2147212543")]
    fn one_code_has_many_spellings(#[case] text: &str) {
        assert_eq!(text.parse(), Ok(HResult::VSS_E_BAD_STATE));
    }

    #[rstest]
    #[case("")]
    #[case("VSS_E_NONSENSE")]
    #[case("0x180042301")]
    #[case("99999999999")]
    fn other_text_is_refused(#[case] text: &str) {
        assert!(text.parse::<HResult>().is_err());
    }

    #[test]
    fn display_shows_name_and_value() {
        assert_eq!(HResult::VSS_E_BAD_STATE.to_string(), "VSS_E_BAD_STATE (0x80042301)");
        assert_eq!(HResult(0x8004_9999).to_string(), "0x80049999");
    }
}
