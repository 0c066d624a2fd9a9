//! Which snapshot contexts there are and what may be or-ed into them (`contexts.json`).

use crate::api::{SnapshotContext, VolumeSnapshotAttributes};

/// Attributes that a requester may or into a context.
const MODIFIERS: VolumeSnapshotAttributes = VolumeSnapshotAttributes::NO_AUTORECOVERY
    .union(VolumeSnapshotAttributes::TRANSPORTABLE)
    .union(VolumeSnapshotAttributes::NOT_TRANSACTED)
    .union(VolumeSnapshotAttributes::DIFFERENTIAL)
    .union(VolumeSnapshotAttributes::PLEX)
    .union(VolumeSnapshotAttributes::ROLLBACK_RECOVERY)
    .union(VolumeSnapshotAttributes::TXF_RECOVERY);

/// Contexts that take modifiers.
const MODIFIABLE: [SnapshotContext; 4] = [
    SnapshotContext::BACKUP,
    SnapshotContext::FILE_SHARE_BACKUP,
    SnapshotContext::NAS_ROLLBACK,
    SnapshotContext::APP_ROLLBACK,
];

/// Contexts that stand alone.
const FIXED: [SnapshotContext; 3] =
    [SnapshotContext::CLIENT_ACCESSIBLE, SnapshotContext::CLIENT_ACCESSIBLE_WRITERS, SnapshotContext::ALL];

/// What makes a context the one that it is.
const OF_CONTEXTS: VolumeSnapshotAttributes = VolumeSnapshotAttributes::PERSISTENT
    .union(VolumeSnapshotAttributes::NO_AUTO_RELEASE)
    .union(VolumeSnapshotAttributes::CLIENT_ACCESSIBLE)
    .union(VolumeSnapshotAttributes::NO_WRITERS);

/// Whether copies with those attributes can be seen from a context. Attributes that were or-ed into a context say how a
/// copy is made and not to which context it belongs: they do not count (inferred; the page of Query speaks of contexts).
pub(super) fn shows(context: SnapshotContext, copy: VolumeSnapshotAttributes) -> bool {
    context == SnapshotContext::ALL
        || (context.attributes() ^ copy) & OF_CONTEXTS == VolumeSnapshotAttributes::empty()
}

/// Whether the value is one of the contexts, with no more than the permitted attributes or-ed into it.
pub(super) fn is_supported(context: SnapshotContext) -> bool {
    if FIXED.contains(&context) {
        return true;
    }
    let attributes = context.attributes();
    let both_kinds = VolumeSnapshotAttributes::DIFFERENTIAL | VolumeSnapshotAttributes::PLEX;
    let base = SnapshotContext::from_bits_retain(attributes.difference(MODIFIERS).bits());
    MODIFIABLE.contains(&base) && !attributes.contains(both_kinds)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::is_supported;
    use crate::api::{SnapshotContext as C, VolumeSnapshotAttributes as A};

    #[rstest]
    #[case(C::BACKUP, true)]
    #[case(C::ALL, true)]
    #[case(C::APP_ROLLBACK.with(A::TRANSPORTABLE | A::PLEX), true)]
    #[case(C::NAS_ROLLBACK.with(A::NO_AUTORECOVERY), true)]
    #[case(C::BACKUP.with(A::DIFFERENTIAL | A::PLEX), false)]
    #[case(C::CLIENT_ACCESSIBLE.with(A::TRANSPORTABLE), false)]
    #[case(C::BACKUP.with(A::HARDWARE_ASSISTED), false)]
    #[case(C::from_bits_retain(0x8000_0000), false)]
    fn contexts(#[case] context: C, #[case] supported: bool) {
        assert_eq!(is_supported(context), supported);
    }
}
