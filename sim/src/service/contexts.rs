//! Which snapshot contexts there are and what may be or-ed into them (`contexts.json`).

use crate::api::{SnapshotContext, VolumeSnapshotAttributes};
use crate::lab::Os;

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
pub(in crate::service) fn shows(context: SnapshotContext, copy: VolumeSnapshotAttributes) -> bool {
    context == SnapshotContext::ALL
        || (context.attributes() ^ copy) & OF_CONTEXTS == VolumeSnapshotAttributes::empty()
}

/// Whether copies of that context go with their requester's object.
pub(in crate::service) fn is_auto_release(context: SnapshotContext) -> bool {
    !context.attributes().contains(VolumeSnapshotAttributes::NO_AUTO_RELEASE)
}

/// Modifiers that came after Windows Server 2003, as far as the system does not have them yet.
fn missing_modifiers(os: Os) -> VolumeSnapshotAttributes {
    let came_with_server_2008 = VolumeSnapshotAttributes::TXF_RECOVERY;
    let came_with_vista =
        VolumeSnapshotAttributes::NO_AUTORECOVERY | VolumeSnapshotAttributes::NOT_TRANSACTED;
    match os {
        // It has the same kernel as Windows Server 2008, and is older.
        Os::WindowsVista => came_with_server_2008,
        _ if os.kernel() < Os::WindowsVista.kernel() => came_with_vista | came_with_server_2008,
        _ => VolumeSnapshotAttributes::empty(),
    }
}

/// Whether the value has bits that belong neither to a context nor to an attribute.
pub(in crate::service) fn has_unknown_bits(context: SnapshotContext) -> bool {
    let given = context.attributes();
    let known: VolumeSnapshotAttributes = given.iter_names().map(|(_, attribute)| attribute).collect();
    context != SnapshotContext::ALL && given != known
}

/// Whether the value is one of the system's contexts, with no more than the permitted attributes or-ed into it.
pub(in crate::service) fn is_supported(context: SnapshotContext, os: Os) -> bool {
    let is_new = os.kernel() >= Os::WindowsVista.kernel();
    if FIXED.contains(&context) {
        return is_new || context != SnapshotContext::CLIENT_ACCESSIBLE_WRITERS;
    }
    let attributes = context.attributes();
    if attributes.intersects(missing_modifiers(os)) {
        return false;
    }
    let both_kinds = VolumeSnapshotAttributes::DIFFERENTIAL | VolumeSnapshotAttributes::PLEX;
    let base = SnapshotContext::from_bits_retain(attributes.difference(MODIFIERS).bits());
    MODIFIABLE.contains(&base) && !attributes.contains(both_kinds)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{has_unknown_bits, is_supported};
    use crate::api::{SnapshotContext as C, VolumeSnapshotAttributes as A};
    use crate::lab::Os;

    #[rstest]
    #[case(C::BACKUP, true)]
    #[case(C::ALL, true)]
    #[case(C::APP_ROLLBACK.with(A::TRANSPORTABLE | A::PLEX), true)]
    #[case(C::NAS_ROLLBACK.with(A::NO_AUTORECOVERY), true)]
    #[case(C::BACKUP.with(A::DIFFERENTIAL | A::PLEX), false)]
    #[case(C::CLIENT_ACCESSIBLE.with(A::TRANSPORTABLE), false)]
    #[case(C::BACKUP.with(A::HARDWARE_ASSISTED), false)]
    fn contexts(#[case] context: C, #[case] supported: bool) {
        assert_eq!(is_supported(context, Os::WindowsServer2022), supported);
    }

    #[rstest]
    #[case(C::CLIENT_ACCESSIBLE_WRITERS)]
    #[case(C::BACKUP.with(A::NO_AUTORECOVERY))]
    #[case(C::BACKUP.with(A::NOT_TRANSACTED))]
    #[case(C::BACKUP.with(A::TXF_RECOVERY))]
    fn contexts_of_later_systems(#[case] context: C) {
        assert!(is_supported(context, Os::WindowsServer2008));
        assert!(!is_supported(context, Os::WindowsServer2003));
    }

    #[rstest]
    #[case(A::NO_AUTORECOVERY, true)]
    #[case(A::NOT_TRANSACTED, true)]
    #[case(A::TXF_RECOVERY, false)]
    fn what_windows_vista_lacks_came_with_windows_server_2008(#[case] attribute: A, #[case] supported: bool) {
        assert_eq!(is_supported(C::BACKUP.with(attribute), Os::WindowsVista), supported);
        assert!(is_supported(C::BACKUP.with(attribute), Os::Windows7));
    }

    #[rstest]
    #[case(C::from_bits_retain(0x8000_0000), true)]
    #[case(C::from_bits_retain(0x0000_0100), true)]
    #[case(C::ALL, false)]
    #[case(C::BACKUP.with(A::HARDWARE_ASSISTED), false)]
    fn bits_without_a_meaning(#[case] context: C, #[case] unknown: bool) {
        assert_eq!(has_unknown_bits(context), unknown);
    }
}
