//! `IVssBackupComponents::Query`: what it lists, and when it refuses.

use vss_sim::api::{
    Action, Call, Guid, HResult, Object, ObjectProp, ObjectType, ProviderCall, ProviderObject, ProviderOut,
    ProviderProp, ProviderType, Ptr, SnapshotContext as Context, SnapshotId,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{
    Cause, Fault, Host, Os, ProviderKind, QueriedObject, QueryBeforeContext, SYSTEM_PROVIDER,
};

use super::flow;
use crate::bench::Bench;
use crate::case::{Case, Checked, Stop};
use crate::{case, out};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponents::Query/S_OK/enum-returned", copies_of_the_context),
    case!("IVssBackupComponents::Query/S_OK/enum-returned", attributes_do_not_count),
    case!("IVssBackupComponents::Query/S_OK/enum-returned", providers),
    case!("IVssBackupComponents::Query/S_OK/enum-returned", providers_of_the_host),
    case!("IVssBackupComponents::Query/S_OK/enum-returned", completed_copies_only),
    case!("IVssBackupComponents::Query/S_OK/enum-returned", without_set_context),
    case!("IVssBackupComponents::Query/S_OK/enum-returned", about_one_object),
    case!("IVssBackupComponents::Query/S_OK/enum-returned", keeps_nothing_of_a_provider),
    case!("IVssBackupComponents::Query/E_INVALIDARG/bad-queried-id", bad_queried_id),
    case!("IVssBackupComponents::Query/E_INVALIDARG/bad-queried-type", bad_queried_type),
    case!("IVssBackupComponents::Query/E_INVALIDARG/bad-returned-type", bad_returned_type),
    case!("IVssBackupComponents::Query/VSS_E_BAD_STATE/out-of-sequence", before_set_context),
    case!("IVssBackupComponents::Query/VSS_E_OBJECT_NOT_FOUND/not-found", no_such_object),
    case!("IVssBackupComponents::Query/VSS_E_PROVIDER_VETO/expected-provider-error", provider_veto),
    case!(
        "IVssBackupComponents::Query/VSS_E_UNEXPECTED_PROVIDER_ERROR/unexpected-provider-error",
        provider_unexpected
    ),
];

fn call_about(about: Guid, queried: ObjectType, returned: ObjectType) -> Call {
    Call::Query {
        queried_object_id: about,
        e_queried_object_type: queried,
        e_returned_objects_type: returned,
        pp_enum: Ptr::Valid,
    }
}

/// What the call lists.
fn listed_by(bench: &mut Bench<'_>, on: Object, call: Call) -> Result<Vec<ObjectProp>, Stop> {
    let code = bench.success_code()?;
    let reply = bench.expect(on, call, code)?;
    let list = *out!(reply, Query { pp_enum })?;
    flow::read_to_the_end(bench, list)
}

/// Which copies an object of that context sees.
fn seen_from(bench: &mut Bench<'_>, context: Context) -> Result<Vec<SnapshotId>, Stop> {
    let session = flow::backup_object(bench, context)?;
    let listed = listed_by(bench, session, Call::query(ObjectType::SNAPSHOT))?;
    let seen = flow::only_copies(bench, listed)?;
    for copy in &seen {
        let told = flow::properties(bench, session, copy.snapshot_id)?;
        bench.same("what Query and GetSnapshotProperties tell of one copy", &told, copy)?;
    }
    bench.release(session);
    Ok(seen.into_iter().map(|copy| copy.snapshot_id).collect())
}

/// What a provider's Query hands out is read to its end and released, whatever the requester does with its own.
fn keeps_nothing_of_a_provider(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (session, _) = flow::copied_volume(bench, Context::APP_ROLLBACK, r"C:\")?;
    bench.act(Action::WatchProviders)?;
    bench.expect_object(session, Call::query(ObjectType::SNAPSHOT), HResult::S_OK)?;
    let calls = flow::provider_calls(bench)?;
    let handed_out = calls.iter().filter_map(|seen| match (&seen.reply.out, seen.provider) {
        (
            Some(
                ProviderOut::SoftwareQuery { pp_enum: Object::Enumerator(number) }
                | ProviderOut::FileShareQuery { pp_enum: Object::Enumerator(number) },
            ),
            provider,
        ) => Some((provider, ProviderObject::Enumerator(*number))),
        _ => None,
    });
    let released = calls.iter().filter(|seen| matches!(seen.call, ProviderCall::Release {}));
    let released: Vec<_> = released.map(|seen| (seen.provider, seen.on)).collect();
    let handed_out: Vec<_> = handed_out.collect();
    bench.check(!handed_out.is_empty(), || "no provider was asked for its copies".to_owned())?;
    bench.same("the enumerators of providers that are released", &handed_out, &released)
}

fn sorted(copies: impl IntoIterator<Item = SnapshotId>) -> Vec<SnapshotId> {
    let mut copies: Vec<SnapshotId> = copies.into_iter().collect();
    copies.sort();
    copies
}

/// Copies of software and of hardware providers, in four contexts; each is seen from its own and from VSS_CTX_ALL.
fn copies_of_the_context(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let nothing = seen_from(bench, Context::ALL)?;
    bench.same("what is listed where there are no copies", &Vec::new(), &nothing)?;
    let made = [
        (Context::APP_ROLLBACK, vec![r"C:\", r"D:\"]),
        (Context::NAS_ROLLBACK, vec![r"E:\"]),
        (Context::FILE_SHARE_BACKUP, vec![r"C:\"]),
        (Context::BACKUP, vec![r"F:\"]),
    ];
    let mut all = Vec::new();
    for (context, volumes) in made {
        let (_, copies) = flow::created_set(bench, context, &volumes)?;
        all.push((context, copies));
    }
    for (context, copies) in &all {
        let seen = seen_from(bench, *context)?;
        bench.same(&format!("the copies seen from {context:?}"), &sorted(copies.clone()), &seen)?;
    }
    let everything = sorted(all.into_iter().flat_map(|(_, copies)| copies));
    let came = seen_from(bench, Context::ALL)?;
    bench.same("the copies seen from VSS_CTX_ALL", &everything, &came)?;
    let other = seen_from(bench, Context::CLIENT_ACCESSIBLE)?;
    bench.same("the copies of a context that has none", &Vec::new(), &other)
}

/// What was or-ed into a context says how a copy is made, not to which context it belongs.
fn attributes_do_not_count(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page speaks of contexts, and its example is of bare ones");
    bench.load_default()?;
    let transportable = Context::APP_ROLLBACK.with(Attributes::TRANSPORTABLE);
    let (_, moved) = flow::created_set(bench, transportable, &[r"D:\"])?;
    let (_, plain) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"E:\"])?;
    let both = sorted(moved.into_iter().chain(plain));
    for context in [Context::APP_ROLLBACK, transportable] {
        let came = seen_from(bench, context)?;
        bench.same(&format!("the copies seen from {context:?}"), &both, &came)?;
    }
    Ok(())
}

/// Every registered provider, whatever the context.
fn providers(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let registered = flow::providers(bench)?;
    for context in [Context::BACKUP, Context::CLIENT_ACCESSIBLE, Context::ALL] {
        let session = flow::backup_object(bench, context)?;
        let listed = listed_by(bench, session, Call::query(ObjectType::PROVIDER))?;
        bench.release(session);
        bench.same("how many providers are listed", &registered.len(), &listed.len())?;
        for provider in &registered {
            let is_it = |object: &ObjectProp| match object {
                ObjectProp::Provider(listed) if listed.provider_id == provider.id => Some((**listed).clone()),
                _ => None,
            };
            let Some(listed) = listed.iter().find_map(is_it) else {
                return Err(Stop::failed(format!("provider {} is not listed", provider.name)));
            };
            bench.same("m_pwszProviderName", &provider.name, &listed.provider_name)?;
            is_of_its_kind(bench, provider.kind, &listed)?;
        }
    }
    Ok(())
}

/// Providers that only another host has are not listed, and before Windows Server 2012 there is none of shares.
fn providers_of_the_host(bench: &mut Bench<'_>) -> Checked {
    for (os, shares) in [(Os::WindowsServer2008R2, false), (Os::WindowsServer2012, true)] {
        let lab = bench.lab().clone().with(|lab| {
            lab.hosts.truncate(1);
            lab.hosts[0].os = os;
            lab.hosts.push(Host::new("ELSEWHERE", os));
            lab.providers.iter_mut().for_each(|provider| provider.hosts = Some(vec!["ELSEWHERE".to_owned()]));
        });
        bench.load(&lab)?;
        let session = flow::backup_object(bench, Context::ALL)?;
        let listed = listed_by(bench, session, Call::query(ObjectType::PROVIDER))?;
        let kinds: Vec<ProviderType> = listed.iter().filter_map(kind).collect();
        let mut wanted = vec![ProviderType::SYSTEM];
        wanted.extend(shares.then_some(ProviderType::FILESHARE));
        bench.same(&format!("the kinds of the providers on {os}"), &wanted, &kinds)?;
        bench.release(session);
    }
    Ok(())
}

fn kind(object: &ObjectProp) -> Option<ProviderType> {
    match object {
        ObjectProp::Provider(provider) => Some(provider.provider_type),
        ObjectProp::Snapshot(_) => None,
    }
}

fn is_of_its_kind(bench: &Bench<'_>, kind: ProviderKind, listed: &ProviderProp) -> Checked {
    let wanted: &[ProviderType] = match kind {
        ProviderKind::Hardware => &[ProviderType::HARDWARE],
        ProviderKind::Software => &[ProviderType::SOFTWARE, ProviderType::SYSTEM],
        ProviderKind::FileShare => &[ProviderType::FILESHARE],
    };
    let came = listed.provider_type;
    bench.check(wanted.contains(&came), || {
        format!("m_eProviderType has to be one of {wanted:?}, but is {came:?}")
    })?;
    bench.check(!listed.provider_version.is_empty(), || {
        "m_pwszProviderVersion must not be empty".to_owned()
    })?;
    let ids = [listed.provider_version_id, listed.class_id];
    bench.check(ids.iter().all(|id| !id.is_nil()), || {
        "m_ProviderVersionId and m_ClassId must not be GUID_NULL".to_owned()
    })
}

/// A copy has its id from AddToSnapshotSet on, but is listed once DoSnapshotSet has ended.
fn completed_copies_only(bench: &mut Bench<'_>) -> Checked {
    // The provider has committed and is late: the array has the copy already.
    let late = Fault::new("PostFinalCommitSnapshots", Cause::Late(60_000));
    bench.load(&bench.lab().clone().with_fault(late))?;
    let (session, snapshots) = flow::prepared_set(bench, Context::APP_ROLLBACK, &[r"D:\"])?;
    let came = seen_from(bench, Context::APP_ROLLBACK)?;
    bench.same("the copies before DoSnapshotSet", &Vec::new(), &came)?;
    let operation = bench.object(session, Call::DO_SNAPSHOT_SET)?;
    bench.act(Action::Elapse { ms: 10_000 })?;
    let came = seen_from(bench, Context::APP_ROLLBACK)?;
    bench.same("the copies in mid-creation", &Vec::new(), &came)?;
    bench.settle(operation)?;
    let came = seen_from(bench, Context::APP_ROLLBACK)?;
    bench.same("the copies after it", &snapshots, &came)
}

/// Right after InitializeForBackup, with the default context.
fn without_set_context(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page wants SetContext before, but VSS_CTX_BACKUP is the default (X2)");
    bench.load_default()?;
    let (_, kept) = flow::created_set(bench, Context::BACKUP, &[r"D:\"])?;
    flow::created_set(bench, Context::APP_ROLLBACK, &[r"E:\"])?;
    let session = flow::initialized(bench)?;
    let listed = listed_by(bench, session, Call::query(ObjectType::SNAPSHOT))?;
    let seen = flow::only_copies(bench, listed)?;
    let seen: Vec<SnapshotId> = seen.into_iter().map(|copy| copy.snapshot_id).collect();
    bench.same("the copies of VSS_CTX_BACKUP", &kept, &seen)
}

fn look_up(bench: &mut Bench<'_>) -> Result<(Object, Vec<SnapshotId>), Stop> {
    bench.reading(r#"queried-object = "looked-up""#);
    let lab = bench.lab().clone();
    bench.load(&lab.with_readings(|readings| readings.queried_object = QueriedObject::LookedUp))?;
    flow::created_set(bench, Context::APP_ROLLBACK, &[r"D:\", r"E:\"])
}

/// The id of a copy, of a set and of a provider, each in its turn.
fn about_one_object(bench: &mut Bench<'_>) -> Checked {
    let (session, snapshots) = look_up(bench)?;
    flow::created_set(bench, Context::APP_ROLLBACK, &[r"C:\"])?;
    let copy = flow::properties(bench, session, flow::only(&snapshots)?)?;
    let (set, provider) = (copy.snapshot_set_id.0, copy.provider_id.0);
    for (id, returned, count) in [
        (copy.snapshot_id.0, ObjectType::SNAPSHOT, 1),
        (set, ObjectType::SNAPSHOT, 2),
        (provider, ObjectType::SNAPSHOT, 2),
        (provider, ObjectType::PROVIDER, 1),
        (set, ObjectType::PROVIDER, 0),
    ] {
        let listed = listed_by(bench, session, call_about(id, ObjectType::NONE, returned))?;
        bench.same("how many objects are listed", &count, &listed.len())?;
    }
    Ok(())
}

fn no_such_object(bench: &mut Bench<'_>) -> Checked {
    let (_, snapshots) = look_up(bench)?;
    let other = flow::beside(flow::only(&snapshots)?.0);
    let returned = [ObjectType::SNAPSHOT, ObjectType::PROVIDER];
    refused(bench, returned.map(|returned| call_about(other, ObjectType::NONE, returned)))
}

/// No object is handed out for any of these calls; the proper call works after them.
fn refused(bench: &mut Bench<'_>, calls: impl IntoIterator<Item = Call>) -> Checked {
    let session = flow::backup_object(bench, Context::ALL)?;
    let before = flow::live_objects(bench)?;
    let code = bench.outcome_code()?;
    for call in calls {
        bench.expect(session, call, code)?;
    }
    let came = flow::live_objects(bench)?;
    bench.same("the objects that live", &before, &came)?;
    flow::copies_seen(bench, session).map(drop)
}

/// Not even the id of a copy that exists.
fn bad_queried_id(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (_, snapshots) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"D:\"])?;
    let ids = [flow::only(&snapshots)?.0, Guid::from_u128(1)];
    refused(bench, ids.map(|id| call_about(id, ObjectType::NONE, ObjectType::SNAPSHOT)))
}

fn bad_queried_type(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let types = [
        ObjectType::UNKNOWN,
        ObjectType::SNAPSHOT_SET,
        ObjectType::SNAPSHOT,
        ObjectType::PROVIDER,
        ObjectType::TYPE_COUNT,
    ];
    refused(bench, types.map(|queried| call_about(Guid::nil(), queried, ObjectType::SNAPSHOT)))
}

fn bad_returned_type(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let types = [ObjectType::UNKNOWN, ObjectType::NONE, ObjectType::SNAPSHOT_SET, ObjectType::TYPE_COUNT];
    refused(bench, types.map(Call::query))
}

fn before_set_context(bench: &mut Bench<'_>) -> Checked {
    bench.reading(r#"query-before-context = "out-of-sequence""#);
    let lab = bench.lab().clone();
    let late = |readings: &mut vss_sim::lab::Readings| {
        readings.query_before_context = QueryBeforeContext::OutOfSequence;
    };
    bench.load(&lab.with_readings(late))?;
    let session = flow::initialized(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::query(ObjectType::SNAPSHOT), code)?;
    bench.ok(session, Call::SetContext { l_context: Context::BACKUP })?;
    flow::copies_seen(bench, session).map(drop)
}

/// VSS asks the system provider what it has. Providers are listed without their own doing.
fn provider_answers(bench: &mut Bench<'_>, answer: HResult) -> Checked {
    let fault = Fault::new("Query", Cause::ProviderAnswers(answer)).of(SYSTEM_PROVIDER);
    bench.load(&bench.lab().clone().with_fault(fault))?;
    let (session, snapshots) = flow::created_set(bench, Context::APP_ROLLBACK, &[r"D:\"])?;
    let before = flow::live_objects(bench)?;
    listed_by(bench, session, Call::query(ObjectType::PROVIDER))?;
    let code = bench.outcome_code()?;
    bench.expect(session, Call::query(ObjectType::SNAPSHOT), code)?;
    flow::logged(bench, code)?;
    let came = flow::live_objects(bench)?;
    bench.same("the objects that live", &before, &came)?;
    let seen = flow::copies_seen(bench, session)?;
    bench.same("how many copies are seen after that", &snapshots.len(), &seen.len())
}

fn provider_veto(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::VSS_E_PROVIDER_VETO)
}

fn provider_unexpected(bench: &mut Bench<'_>) -> Checked {
    provider_answers(bench, HResult::E_FAIL)
}
