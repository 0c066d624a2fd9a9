//! Which provider takes a volume, and what AddToSnapshotSet makes of its answers.

use vss_sim::api::{
    Action, Call, Guid, HResult, ProviderId, SnapshotContext, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, CopyKind, Fault, Lab, Os, SYSTEM_PROVIDER};

use super::{flow, has_copies};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::AddToSnapshotSet/S_OK/volume-added", default_and_chosen),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_PROVIDER_NOT_REGISTERED/unknown-provider", unknown),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_PROVIDER_VETO/provider-error", veto),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_UNEXPECTED_PROVIDER_ERROR/provider-unexpected",
        unforeseen
    ),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED/no-provider-supports", raw),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED/no-provider-supports", not_ntfs),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED/no-provider-supports",
        kinds_of_copies
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED/no-provider-supports",
        refused_by_a_code
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/chosen-provider-refuses",
        chosen_refuses
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/chosen-provider-refuses",
        refused_by_a_code
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/chosen-provider-refuses",
        client_accessible
    ),
];

/// GUID_NULL takes a hardware provider that supports the volume, else the system provider; an id takes that one.
fn default_and_chosen(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (array, system) = (flow::hardware_provider(bench)?, flow::provider_named(bench, SYSTEM_PROVIDER)?);
    let rows = [
        (r"D:\", ProviderId::NULL, array),
        (r"E:\", system, system),
        (r"F:\", array, array),
        (r"C:\", ProviderId::NULL, system),
    ];
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let mut added = Vec::new();
    for (volume, asked, _) in rows {
        added.push(flow::expect_added(bench, session, volume, asked)?);
    }
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    for ((volume, _, wanted), snapshot) in rows.into_iter().zip(added) {
        let came = flow::properties(bench, session, snapshot)?.provider_id;
        bench.same(&format!("the provider of {volume}"), &wanted, &came)?;
    }
    Ok(())
}

/// What is refused is not in the set, and the set goes on with other volumes.
fn refused(
    bench: &mut Bench<'_>,
    lab: &Lab,
    context: SnapshotContext,
    volume: &str,
    provider: impl FnOnce(&mut Bench<'_>) -> Result<ProviderId, Stop>,
) -> Checked {
    bench.load(lab)?;
    let provider = provider(bench)?;
    let (session, _) = flow::prepared_set(bench, context, &[r"F:\"])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(volume, provider), code)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, 1)
}

fn any(_: &mut Bench<'_>) -> Result<ProviderId, Stop> {
    Ok(ProviderId::NULL)
}

fn unknown(bench: &mut Bench<'_>) -> Checked {
    let nobody = |_: &mut Bench<'_>| Ok(ProviderId(Guid::from_u128(7)));
    refused(bench, bench.lab(), flow::AUTO_RELEASE, r"D:\", nobody)
}

/// The provider fails in the call that prepares the copy, or already when it is asked about the volume.
fn provider_fails(bench: &mut Bench<'_>, cause: Cause) -> Checked {
    for call in ["AreLunsSupported", "BeginPrepareSnapshot"] {
        bench.load_default()?;
        let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[r"F:\"])?;
        bench.act(Action::Fault(Fault::new(call, cause.clone())))?;
        let code = bench.outcome_code()?;
        bench.expect(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL), code)?;
        flow::logged(bench, code)?;
        // The fault strikes once: the same volume can be added now.
        bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
        has_copies(bench, 2)?;
    }
    Ok(())
}

fn veto(bench: &mut Bench<'_>) -> Checked {
    provider_fails(bench, Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO))
}

fn unforeseen(bench: &mut Bench<'_>) -> Checked {
    provider_fails(bench, Cause::ProviderAnswers(HResult::E_FAIL))?;
    // A process that ends in the call is as unforeseen.
    bench.load_default()?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    bench.act(Action::Fault(Fault::new("BeginPrepareSnapshot", Cause::CrashBefore)))?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL), code)?;
    bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET).map(drop)
}

/// Without a file system there is nothing that the system provider could keep differences of.
fn raw(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::changed(bench.lab(), flow::with_file_system(r"C:\", "RAW"))?;
    refused(bench, &lab, flow::AUTO_RELEASE, r"C:\", any)
}

/// Copies that outlive a restart need NTFS, whoever makes them; others do not.
fn not_ntfs(bench: &mut Bench<'_>) -> Checked {
    for (mount, file_system) in [(r"C:\", "FAT32"), (r"D:\", "FAT32"), (r"D:\", "ReFS")] {
        let lab = flow::changed(bench.lab(), flow::with_file_system(mount, file_system))?;
        refused(bench, &lab, SnapshotContext::NAS_ROLLBACK, mount, any)?;
        bench.load(&lab)?;
        let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[mount])?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
    }
    Ok(())
}

/// Nobody makes the kind of copy that the context demands.
fn kinds_of_copies(bench: &mut Bench<'_>) -> Checked {
    let only = |kind| {
        bench.lab().clone().with(|lab| {
            lab.providers.iter_mut().for_each(|provider| {
                provider.copies = vec![kind];
                provider.transportable = false;
            });
        })
    };
    let (clones, differences) = (only(CopyKind::Clone), only(CopyKind::Differential));
    let rows = [
        (&differences, Attributes::PLEX, r"D:\"),
        (&clones, Attributes::PLEX, r"C:\"),
        (&clones, Attributes::TRANSPORTABLE, r"D:\"),
        (&clones, Attributes::TRANSPORTABLE, r"C:\"),
    ];
    let code = bench.outcome_code()?;
    for (lab, kind, volume) in rows {
        bench.load(lab)?;
        let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE.with(kind), &[])?;
        bench.expect(session, Call::add_to_snapshot_set(volume, ProviderId::NULL), code)?;
    }
    // Differences are what the system provider makes.
    bench.load(&clones)?;
    let (session, snapshots) =
        flow::prepared_set(bench, flow::AUTO_RELEASE.with(Attributes::DIFFERENTIAL), &[r"D:\"])?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let system = flow::provider_named(bench, SYSTEM_PROVIDER)?;
    let came = flow::properties(bench, session, snapshots[0])?.provider_id;
    bench.same("the provider", &system, &came)
}

/// C: lies on no LUN of the array.
fn chosen_refuses(bench: &mut Bench<'_>) -> Checked {
    refused(bench, bench.lab(), flow::AUTO_RELEASE, r"C:\", flow::hardware_provider)?;
    // Clients do not load hardware providers.
    let client = flow::with_os(bench.lab(), Os::Windows10);
    bench.load(&client)?;
    let array = flow::hardware_provider(bench)?;
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"D:\", array), code)?;
    bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL)).map(drop)
}

/// A provider says that it does not support the volume by one of the two codes. Which of them goes out depends on whether the
/// requester has chosen the provider, and not on the one that the provider answers.
fn refused_by_a_code(bench: &mut Bench<'_>) -> Checked {
    let (unsupported, by_provider) =
        (HResult::VSS_E_VOLUME_NOT_SUPPORTED, HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER);
    let code = bench.outcome_code()?;
    let array = bench.lab().providers.first().map(|provider| provider.name.clone()).unwrap_or_default();
    let system = SYSTEM_PROVIDER.to_owned();
    let rows = [
        (r"C:\", &system, "IsVolumeSupported", unsupported),
        (r"C:\", &system, "IsVolumeSupported", by_provider),
        (r"C:\", &system, "BeginPrepareSnapshot", unsupported),
        (r"C:\", &system, "BeginPrepareSnapshot", by_provider),
        // What no other provider can copy.
        (r"D:\", &array, "BeginPrepareSnapshot", by_provider),
    ];
    let lab = flow::changed(bench.lab(), flow::with_file_system(r"D:\", "RAW"))?;
    for (volume, provider, call, answered) in rows {
        bench.load(&lab)?;
        let chosen = match code {
            HResult::VSS_E_VOLUME_NOT_SUPPORTED => ProviderId::NULL,
            _ => flow::provider_named(bench, provider)?,
        };
        let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &[r"F:\"])?;
        bench.act(Action::Fault(Fault::new(call, Cause::ProviderAnswers(answered)).of(provider)))?;
        bench.expect(session, Call::add_to_snapshot_set(volume, chosen), code)?;
        // The fault strikes once.
        bench.ok(session, Call::add_to_snapshot_set(volume, chosen))?;
        bench.done(session, Call::DO_SNAPSHOT_SET)?;
        has_copies(bench, 2)?;
    }
    Ok(())
}

/// Only the system provider makes copies for Shadow Copies for Shared Folders.
fn client_accessible(bench: &mut Bench<'_>) -> Checked {
    refused(bench, bench.lab(), SnapshotContext::CLIENT_ACCESSIBLE, r"D:\", flow::hardware_provider)?;
    bench.load_default()?;
    let (session, snapshots) = flow::prepared_set(bench, SnapshotContext::CLIENT_ACCESSIBLE, &[r"D:\"])?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let system = flow::provider_named(bench, SYSTEM_PROVIDER)?;
    let came = flow::properties(bench, session, snapshots[0])?.provider_id;
    bench.same("the provider", &system, &came)
}
