//! `ShouldBlockRevert`.

use vss_sim::api::{Action, Call, Object, Ptr};
use vss_sim::lab::{CallerRole, Lab};

use super::{BAD_NAMES, UNENDED_NAMES, flow};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("ShouldBlockRevert/S_OK/success", listed_writers_block),
    case!("ShouldBlockRevert/S_OK/success", nobody_is_listed),
    case!("ShouldBlockRevert/E_ACCESSDENIED/not-administrator", administrators_only),
    case!("ShouldBlockRevert/E_INVALIDARG/bad-parameter", no_name),
    case!("ShouldBlockRevert/E_INVALIDARG/bad-parameter", no_such_volume),
    case!("ShouldBlockRevert/E_INVALIDARG/bad-volume-name", bad_names),
    case!("ShouldBlockRevert/E_INVALIDARG/no-trailing-backslash", no_backslash),
];

/// The lab, whose writer is listed in the registry. It has components on D: and E:.
fn with_a_listed_writer(lab: &Lab) -> Lab {
    lab.clone().with(|lab| {
        lab.writers.iter_mut().take(1).for_each(|writer| writer.blocks_revert = true);
    })
}

fn blocks(bench: &mut Bench<'_>, volume: &str) -> Result<bool, Stop> {
    let code = bench.outcome_code()?;
    let reply = bench.expect(Object::HOST, flow::should_block(volume, Ptr::Valid), code)?;
    crate::out!(reply, ShouldBlockRevert { pb_block }).copied()
}

fn listed_writers_block(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::also_mounted(&with_a_listed_writer(bench.lab()), r"D:\", r"C:\mnt\d\")?;
    bench.load(&lab)?;
    for (volume, wanted) in [(r"D:\", true), (r"C:\mnt\d\", true), (r"E:\", true), (r"F:\", false)] {
        let came = blocks(bench, volume)?;
        bench.same(&format!("pbBlock of {volume}"), &wanted, &came)?;
    }
    Ok(())
}

fn nobody_is_listed(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let came = blocks(bench, r"D:\")?;
    bench.same("pbBlock", &false, &came)
}

/// A backup operator may do everything else that a requester does.
fn administrators_only(bench: &mut Bench<'_>) -> Checked {
    bench.load(&with_a_listed_writer(bench.lab()))?;
    let code = bench.outcome_code()?;
    for role in [CallerRole::User, CallerRole::BackupOperator] {
        bench.act(Action::BecomeCaller { role })?;
        bench.expect(Object::HOST, flow::should_block(r"D:\", Ptr::Valid), code)?;
    }
    bench.act(Action::BecomeCaller { role: CallerRole::Administrator })?;
    bench.ok(Object::HOST, flow::should_block(r"D:\", Ptr::Valid)).map(drop)
}

fn refused(bench: &mut Bench<'_>, calls: impl IntoIterator<Item = Call>) -> Checked {
    bench.load(&with_a_listed_writer(bench.lab()))?;
    let code = bench.outcome_code()?;
    for call in calls {
        bench.expect(Object::HOST, call, code)?;
    }
    bench.ok(Object::HOST, flow::should_block(r"D:\", Ptr::Valid)).map(drop)
}

fn no_name(bench: &mut Bench<'_>) -> Checked {
    let nameless = Call::ShouldBlockRevert { wsz_volume_name: None, pb_block: Ptr::Valid };
    refused(bench, [nameless])
}

fn no_such_volume(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page has no code of its own for a volume that is not there");
    let missing = [r"Q:\", r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}\"];
    refused(bench, missing.into_iter().map(|name| flow::should_block(name, Ptr::Valid)))
}

fn bad_names(bench: &mut Bench<'_>) -> Checked {
    refused(bench, BAD_NAMES.into_iter().map(|name| flow::should_block(name, Ptr::Valid)))
}

fn no_backslash(bench: &mut Bench<'_>) -> Checked {
    refused(bench, UNENDED_NAMES.into_iter().map(|name| flow::should_block(name, Ptr::Valid)))
}
