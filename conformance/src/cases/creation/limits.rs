//! How much fits: 64 volumes into a set, 512 software copies of a volume and 64 client-accessible ones (`contexts.json`).

use vss_sim::api::{Call, ProviderId, SnapshotContext};
use vss_sim::lab::{Lun, SYSTEM_PROVIDER, Size, Volume};

use super::{flow, has_copies};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED/set-full",
        sixty_five_volumes
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED/volume-in-too-many-sets",
        software_copies
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED/volume-in-too-many-sets",
        software_copies_of_two_providers
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED/volume-in-too-many-sets",
        client_accessible_copies
    ),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED/volume-in-too-many-sets",
        as_many_as_the_registry_says
    ),
];

const VOLUMES_MAX: usize = 64;
const COPIES_MAX: usize = 512;
/// A software provider beside the system provider.
const OTHER: &str = "Other Provider";
/// The default of MaxShadowCopies.
pub(super) const CLIENT_ACCESSIBLE_MAX: usize = 64;

/// Makes that many copies of a volume that outlive their makers.
pub(super) fn fill(bench: &mut Bench<'_>, context: SnapshotContext, volume: &str, count: usize) -> Checked {
    for _ in 0..count {
        let (maker, _) = flow::created_set(bench, context, &[volume])?;
        bench.release(maker);
    }
    Ok(())
}

fn sixty_five_volumes(bench: &mut Bench<'_>) -> Checked {
    let names: Vec<String> = (0..=VOLUMES_MAX).map(|number| format!(r"C:\volumes\{number}\")).collect();
    let lab = bench.lab().clone().with(|lab| {
        lab.luns.push(Lun::new("many", Size::mib(512)));
        for name in &names {
            lab.volumes.push(Volume { size: Some(Size::mib(4)), ..Volume::new(name, "many") });
        }
    });
    bench.load(&lab)?;
    let (last, names) = names.split_last().ok_or_else(|| Stop::error("there are no volumes"))?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (session, _) = flow::prepared_set(bench, flow::AUTO_RELEASE, &names)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(last, ProviderId::NULL), code)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, VOLUMES_MAX)
}

/// The volume has as many copies as it can: one more is left out. Other volumes can still be copied, and this one again
/// once there is room.
fn full(
    bench: &mut Bench<'_>,
    context: SnapshotContext,
    max: usize,
    make_room: impl FnOnce(&mut Bench<'_>) -> Checked,
) -> Checked {
    let (session, _) = flow::prepared_set(bench, context, &[])?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::add_to_snapshot_set(r"C:\", ProviderId::NULL), code)?;
    has_copies(bench, max)?;
    bench.ok(session, Call::add_to_snapshot_set(r"D:\", ProviderId::NULL))?;
    make_room(bench)?;
    bench.ok(session, Call::add_to_snapshot_set(r"C:\", ProviderId::NULL))?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    has_copies(bench, max + 1)
}

fn software_copies(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (short_lived, _) = flow::created_set(bench, flow::AUTO_RELEASE, &[r"C:\"])?;
    fill(bench, SnapshotContext::NAS_ROLLBACK, r"C:\", COPIES_MAX - 1)?;
    full(bench, SnapshotContext::NAS_ROLLBACK, COPIES_MAX, |bench| {
        bench.release(short_lived);
        Ok(())
    })
}

/// MaxShadowCopies limits the client-accessible copies of each volume, and no others.
fn as_many_as_the_registry_says(bench: &mut Bench<'_>) -> Checked {
    bench.load(&bench.lab().clone().with_host(|host| host.max_shadow_copies = Some(2)))?;
    let context = SnapshotContext::CLIENT_ACCESSIBLE;
    fill(bench, SnapshotContext::NAS_ROLLBACK, r"C:\", 3)?;
    fill(bench, context, r"C:\", 1)?;
    let (last, copies) = flow::created_set(bench, context, &[r"C:\"])?;
    full(bench, context, 5, |bench| {
        let id = flow::only(&copies)?;
        bench.ok(last, flow::delete_copy(id)).map(drop)
    })?;
    fill(bench, SnapshotContext::NAS_ROLLBACK, r"C:\", 1)
}

/// Fewer copies can be accessible to clients; the others do not count.
fn client_accessible_copies(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let context = SnapshotContext::CLIENT_ACCESSIBLE;
    fill(bench, SnapshotContext::NAS_ROLLBACK, r"C:\", 1)?;
    fill(bench, context, r"C:\", CLIENT_ACCESSIBLE_MAX - 1)?;
    let (last, copies) = flow::created_set(bench, context, &[r"C:\"])?;
    fill(bench, SnapshotContext::NAS_ROLLBACK, r"C:\", 1)?;
    full(bench, context, CLIENT_ACCESSIBLE_MAX + 2, |bench| {
        let id = flow::only(&copies)?;
        bench.ok(last, flow::delete_copy(id)).map(drop)
    })
}

/// A volume has so many software copies, whoever of several providers made them or will in the same set, and of a share of it
/// too. Hardware providers copy on, and so does everybody on other volumes.
fn software_copies_of_two_providers(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with(flow::with_share("data"));
    let lab = lab.with(flow::with_software_provider(OTHER, |_| ()));
    bench.load(&lab)?;
    let (other, system) =
        (flow::provider_named(bench, OTHER)?, flow::provider_named(bench, SYSTEM_PROVIDER)?);
    let (context, share) = (SnapshotContext::NAS_ROLLBACK, flow::share(&lab, "data"));
    let half = COPIES_MAX / 2;
    for (name, provider, count) in
        [(r"D:\", other, half), (r"D:\", system, half - 2), (&*share, ProviderId::NULL, 1)]
    {
        for _ in 0..count {
            let set = flow::backup_by(bench, provider, context, &[name])?;
            bench.release(set.session);
        }
    }
    // One by hardware, and the last one by software.
    let (last, _) = flow::created_set(bench, flow::AUTO_RELEASE, &[r"D:\", &share])?;
    let (session, _) = flow::prepared_set(bench, context, &[])?;
    let code = bench.outcome_code()?;
    let full = [(r"D:\", other), (r"D:\", system), (&*share, ProviderId::NULL)];
    for (name, provider) in full {
        bench.expect(session, Call::add_to_snapshot_set(name, provider), code)?;
    }
    has_copies(bench, COPIES_MAX + 1)?;
    bench.ok(session, Call::add_to_snapshot_set(r"E:\", system))?;
    bench.ok(session, Call::add_to_snapshot_set(r"C:\", other))?;
    bench.release(last);
    bench.ok(session, Call::add_to_snapshot_set(r"D:\", system))?;
    bench.expect(session, Call::add_to_snapshot_set(&share, ProviderId::NULL), code)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let (by_hardware, _) = flow::created_set(bench, context, &[r"D:\"])?;
    bench.release(by_hardware);
    has_copies(bench, COPIES_MAX + 3)
}
