//! Runs by hand with copies that are exposed: a break leaves them their names, a masked LUN takes them away for a while.

use vss_sim::api::*;

use crate::handmade::{after_a_backup, lab};
use crate::ops::Op;
use crate::rig::Rig;

/// A copy of D: that is exposed as X:, the object that knows it, and its LUN.
fn exposed() -> (Rig, Object, SnapshotId, Text) {
    let mut rig = after_a_backup(lab());
    let session = rig.sessions.last().expect("a session").object;
    let (copy, lun) = rig.copies.iter().map(|(id, copy)| (*id, copy.lun.clone())).next().expect("a copy");
    expect(&mut rig, session, crate::calls::expose(copy, u8::MAX, Ptr::Valid), HResult::S_OK);
    (rig, session, copy, lun.expect("its LUN").into())
}

fn expect(rig: &mut Rig, on: Object, call: Call, code: HResult) -> Option<Out> {
    let reply = rig.call(on, call);
    assert_eq!(reply.hresult, code);
    reply.out
}

fn breaks(rig: &mut Rig, session: Object, copy: SnapshotId) {
    let told = expect(rig, session, Call::get_snapshot_properties(copy), HResult::S_OK);
    let Some(Out::GetSnapshotProperties { p_prop }) = told else { panic!("no properties") };
    expect(rig, session, Call::break_snapshot_set(p_prop.snapshot_set_id), HResult::S_OK);
}

fn reads(rig: &Rig) -> bool {
    let question = Question::ReadVolume { volume: r"X:\".into(), offset: 0, length: 16 };
    rig.sim.ask(&question).is_ok()
}

/// The letter is the broken volume's own, before and after a restart.
fn a_letter_outlives_a_break() -> Rig {
    let (mut rig, session, copy, _) = exposed();
    breaks(&mut rig, session, copy);
    assert!(reads(&rig), "a break leaves the letter");
    rig.run(&Op::Restart(16));
    assert!(reads(&rig), "so does a restart");
    rig
}

/// Nothing is there to be read or exposed while the LUN is masked, whether the set is broken meanwhile or not.
fn a_masked_copy_has_no_names(broken: bool) -> Rig {
    let (mut rig, session, copy, lun) = exposed();
    rig.act(Action::MaskLun { lun: lun.clone() });
    rig.act(Action::Rescan);
    rig.look();
    assert!(!reads(&rig), "its disk is away");
    expect(&mut rig, session, crate::calls::expose(copy, 8, Ptr::Valid), HResult::VSS_E_OBJECT_NOT_FOUND);
    if broken {
        breaks(&mut rig, session, copy);
    }
    rig.act(Action::PresentLun { lun, host: 1 });
    rig.look();
    assert!(reads(&rig), "its disk is back");
    rig
}

pub(crate) fn runs() -> Vec<Rig> {
    vec![a_letter_outlives_a_break(), a_masked_copy_has_no_names(false), a_masked_copy_has_no_names(true)]
}
