//! What `Query` lists, and what `IsVolumeSnapshotted` tells.

use crate::api::{
    Guid, HResult, Object, ObjectProp, ObjectType, Out, ProviderCall, ProviderId, ProviderObject,
    ProviderOut, ProviderProp, ProviderType, Ptr, Reply, SnapshotCompatibility, SnapshotContext,
    SnapshotSetId,
};
use crate::enumerator::Enumerator;
use crate::lab::{GUID_PREFIX, ProviderKind};
use crate::provider::SystemProvider;

use super::snapshots::Snapshot;
use crate::service::contexts;
use crate::service::objects::enumerators::EnumeratorObject;
use crate::service::simulator::Simulator;
use crate::service::world::World;
use crate::service::{Refusal, transitions};

/// How many objects VSS takes from a provider's enumerator at a time.
const AT_A_TIME: u32 = 64;

impl Simulator {
    /// Hands out the objects of a type as they are now: all of them, or those about one id.
    pub(in crate::service) fn query(
        &mut self,
        number: u32,
        about: Guid,
        of: ObjectType,
    ) -> Result<Reply, Refusal> {
        let session = self.sessions.get(&number).ok_or(Refusal::NO_OBJECT)?;
        let (host, context) = (session.host, session.context);
        let world = &mut self.world;
        let mut listed = if of == ObjectType::PROVIDER {
            providers(world, host)
        } else {
            ask_providers(world, host)?;
            copies(world, host, context)
        };
        listed.retain(|object| about.is_nil() || is_about(object, about));
        let objects = Enumerator::new(listed);
        let pp_enum = self.hand_out_list(EnumeratorObject { session: number, host, objects });
        Ok(Reply::ok(Out::Query { pp_enum }))
    }
}

/// Whether there is anything of that id which could be queried.
pub(in crate::service) fn exists(world: &World, host: usize, id: Guid) -> bool {
    let of_copy = |copy: &Snapshot| copy.description.snapshot_id.0 == id || copy.set == SnapshotSetId(id);
    world.snapshots.visible_on(host).any(of_copy) || world.is_registered(host, ProviderId(id))
}

fn is_about(object: &ObjectProp, id: Guid) -> bool {
    match object {
        ObjectProp::Snapshot(copy) => {
            [copy.snapshot_id.0, copy.snapshot_set_id.0, copy.provider_id.0].contains(&id)
        }
        ObjectProp::Provider(provider) => provider.provider_id.0 == id,
    }
}

/// The completed copies of the host whose context is the requester's.
fn copies(world: &World, host: usize, context: SnapshotContext) -> Vec<ObjectProp> {
    let of_context = |copy: &&Snapshot| contexts::shows(context, copy.description.snapshot_attributes);
    let listed = world.snapshots.visible_on(host).filter(of_context);
    listed.map(|copy| ObjectProp::Snapshot(Box::new(copy.properties()))).collect()
}

/// VSS asks each provider of volumes or shares what it has. What counts is whether it answers: VSS keeps a list of its own,
/// by context, which a provider that has had its context for long cannot give.
fn ask_providers(world: &mut World, host: usize) -> Result<(), Refusal> {
    let known = world.software_of(host).map(|registered| (registered.id, registered.kind));
    for (provider, kind) in known.collect::<Vec<_>>() {
        let (queried_object_id, pp_enum) = (Guid::nil(), Ptr::Valid);
        let (e_queried_object_type, e_returned_objects_type) = (ObjectType::NONE, ObjectType::SNAPSHOT);
        let call = if kind == ProviderKind::FileShare {
            ProviderCall::FileShareQuery {
                queried_object_id,
                e_queried_object_type,
                e_returned_objects_type,
                pp_enum,
            }
        } else {
            ProviderCall::SoftwareQuery {
                queried_object_id,
                e_queried_object_type,
                e_returned_objects_type,
                pp_enum,
            }
        };
        let answered = world.ask_provider(host, provider, &call)?.out;
        if let Some(
            ProviderOut::SoftwareQuery { pp_enum: Object::Enumerator(number) }
            | ProviderOut::FileShareQuery { pp_enum: Object::Enumerator(number) },
        ) = answered
        {
            drain(world, host, provider, number)?;
        }
    }
    Ok(())
}

/// Reads a provider's enumerator to its end and lets go of it.
fn drain(world: &mut World, host: usize, provider: ProviderId, number: u32) -> Result<(), Refusal> {
    let on = ProviderObject::Enumerator(number);
    let next = ProviderCall::Next { celt: AT_A_TIME, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid };
    let code = loop {
        let code = world.call_troubled_provider(host, provider, on, &next).0.hresult;
        if code != HResult::S_OK {
            break code;
        }
    };
    world.call_troubled_provider(host, provider, on, &ProviderCall::Release {});
    if code.is_failure() { Err(world.convert(host, provider, next.method().name, code)) } else { Ok(()) }
}

/// Everybody who is registered on the host, whatever the context.
fn providers(world: &World, host: usize) -> Vec<ObjectProp> {
    let listed = world.registered_on(host).map(|registered| {
        let provider_type = match registered.kind {
            ProviderKind::Hardware => ProviderType::HARDWARE,
            ProviderKind::FileShare => ProviderType::FILESHARE,
            ProviderKind::Software if registered.id == SystemProvider::ID => ProviderType::SYSTEM,
            ProviderKind::Software => ProviderType::SOFTWARE,
        };
        let class = registered.hardware.and_then(|hardware| hardware.abilities.com.as_ref());
        described(registered.id, registered.name, provider_type, class.map(|class| class.clsid))
    });
    listed.collect()
}

/// Versions are the reference provider's; its class has an id in the simulation's own range.
fn described(
    id: ProviderId,
    name: &crate::api::Text,
    provider_type: ProviderType,
    class: Option<Guid>,
) -> ObjectProp {
    ObjectProp::Provider(Box::new(ProviderProp {
        provider_id: id,
        provider_name: name.clone(),
        provider_type,
        provider_version: "1.0".into(),
        provider_version_id: derived(id, 1),
        class_id: class.unwrap_or_else(|| derived(id, 2)),
    }))
}

/// Another id for the same provider, in the simulation's own range.
fn derived(id: ProviderId, number: u128) -> Guid {
    let range = u128::from(GUID_PREFIX) << 96;
    Guid::from_u128(range | (id.0.as_u128() << 32 >> 32) ^ (number << 80))
}

/// Whether anybody keeps a copy of the volume, and what must not be done to the volume meanwhile. VSS knows the copies on
/// LUNs itself; no method of a hardware provider tells of anything that they disable.
pub(in crate::service) fn is_snapshotted(
    world: &mut World,
    host: usize,
    name: Option<&str>,
) -> Result<(bool, i32), Refusal> {
    let volume = transitions::volume_to_ask_about(world, host, name)?;
    let name = World::volume_name(volume);
    let mut present = world.snapshots.of_volume(host, &name).any(|copy| !copy.luns.is_empty());
    let mut disabled = SnapshotCompatibility::empty();
    let providers = world.software_of(host).filter(|registered| registered.kind == ProviderKind::Software);
    for provider in providers.map(|registered| registered.id).collect::<Vec<_>>() {
        let call = ProviderCall::SoftwareIsVolumeSnapshotted {
            pwsz_volume_name: Some(name.clone()),
            pb_snapshots_present: Ptr::Valid,
            pl_snapshot_compatibility: Ptr::Valid,
        };
        if let Some(ProviderOut::SoftwareIsVolumeSnapshotted {
            pb_snapshots_present: true,
            pl_snapshot_compatibility,
        }) = world.ask_provider(host, provider, &call)?.out
        {
            present = true;
            disabled |= SnapshotCompatibility::from_bits_retain(pl_snapshot_compatibility.cast_unsigned());
        }
    }
    Ok((present, disabled.bits().cast_signed()))
}
