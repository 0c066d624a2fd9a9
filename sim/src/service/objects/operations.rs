//! Operations behind an `IVssAsync`: how they begin and end, and what they do.

use crate::api::{HResult, Object};
use crate::lab::Cause;
use crate::writer::WriterEvent;

use super::async_object::{self, AsyncObject, Status, Work};
use super::session::Session;
use crate::service::copies::removal;
use crate::service::due::Due;
use crate::service::machine::End;
use crate::service::simulator::Simulator;
use crate::service::transitions::change::{Change, Operation};
use crate::service::world::World;
use crate::service::{Refusal, State, gather};

/// How long an operation takes before its work shows, in milliseconds of virtual time. No page prints any of these.
fn duration_ms(operation: Operation) -> u64 {
    match operation {
        Operation::GatherMetadata | Operation::PrepareForBackup => 500,
        Operation::GatherStatus => 200,
        Operation::CreateSet => 2_000,
        Operation::Import | Operation::Break(..) => 1_000,
        Operation::BackupComplete => 300,
        Operation::Recover(_) | Operation::QueryRevert => 0,
    }
}

/// What a step of an operation leads to.
#[derive(Debug)]
pub(in crate::service) enum Step {
    /// It goes on at that time.
    Again(u64),
    /// It has ended.
    Done(Result<(), Refusal>),
}

impl Simulator {
    /// Begins an operation of a session and hands out its async object.
    pub(in crate::service) fn begin(
        &mut self,
        number: u32,
        operation: Operation,
        trouble: Option<Cause>,
    ) -> Result<Object, Refusal> {
        let now_ms = self.world.clock.now_ms();
        let at_ms = self.world.clock.after(duration_ms(operation));
        self.hand_out(number, operation, Work::new(operation, number, now_ms, trouble), at_ms)
    }

    /// Makes the async object of an operation of a session, whose next step is due at that time.
    pub(in crate::service) fn hand_out(
        &mut self,
        number: u32,
        operation: Operation,
        work: Work,
        at_ms: u64,
    ) -> Result<Object, Refusal> {
        let session = self.sessions.get(&number).ok_or(Refusal::NO_OBJECT)?;
        self.asyncs_made += 1;
        let change = Change::Begin(operation);
        let (host, after) = (session.host, session.requester().changed(&change));
        let slots = self.world.hosts[host].slots.changed(number, &change);
        self.occupy(number, host, slots);
        let (status, late, released) = (Status::Pending, false, false);
        let object = AsyncObject { session: number, host, operation, status, late, work, released };
        self.asyncs.insert(self.asyncs_made, object);
        self.due.insert((at_ms, Due::Operation(self.asyncs_made)));
        self.go_on_as(number, after);
        Ok(Object::Async(self.asyncs_made))
    }

    /// Goes on with an operation whose time has come.
    pub(in crate::service) fn step(&mut self, number: u32) -> Step {
        let Self { world, sessions, asyncs, .. } = self;
        let Some(object) = asyncs.get_mut(&number) else { return Step::Done(Ok(())) };
        if let Work::Revert(work) = &mut object.work {
            return work.look(world);
        }
        let Some(session) = sessions.get_mut(&object.session) else { return Step::Done(Ok(())) };
        if object.late {
            return Step::Done(Ok(()));
        }
        let after = session.requester().worked(object.operation);
        let step = delayed(work(world, session, object), world, object);
        let (owner, worked) = (object.session, object.has_worked(&step));
        if worked {
            self.go_on_as(owner, after);
        }
        step
    }

    /// An operation has ended: its object says how, its session goes on, what it occupied is free again.
    pub(in crate::service) fn end(&mut self, number: u32, status: Status) {
        let (Some(object), Some(end)) = (self.asyncs.get_mut(&number), async_object::end_of(status)) else {
            return;
        };
        object.status = status;
        object.work = Work::Over;
        if let Status::Failed(refusal) = status {
            self.last_refusal = Some((object.operation.method(), refusal));
        }
        let (owner, host, operation) = (object.session, object.host, object.operation);
        let released = object.released;
        if let Some(session) = self.sessions.get_mut(&owner).filter(|session| session.is_barred_by(number)) {
            let after = session.requester().ended(end);
            if operation == Operation::CreateSet && status == Status::Finished {
                let set = session.document.snapshot_set.iter();
                let made = set.flat_map(|set| &set.snapshots).map(|copy| copy.snapshot_id);
                self.world.snapshots.complete(made);
            }
            let is_complete = operation == Operation::BackupComplete && status == Status::Finished;
            if is_complete && self.world.os(host).frees_writers_at_completion() {
                gather::free_slots(&mut self.world, session);
            }
            self.go_on_as(owner, after);
        }
        let slots = self.world.hosts[host].slots.ended(owner, operation, end);
        self.occupy(owner, host, slots);
        if released {
            self.asyncs.swap_remove(&number);
        }
    }

    /// Stops a pending operation: what it would have done is not done, what it did is taken back.
    pub(in crate::service) fn cancel(&mut self, number: u32) {
        self.due.retain(|(_, due)| *due != Due::Operation(number));
        let Some(object) = self.asyncs.get_mut(&number) else { return };
        let (owner, host) = (object.session, object.host);
        match std::mem::replace(&mut object.work, Work::Over) {
            Work::Creation(mut creation) => {
                let set = self.sessions.get(&owner).and_then(|session| session.set.as_ref());
                if let Some(set) = set.map(|set| set.id) {
                    creation.abort(&mut self.world, host, set);
                }
                self.give_up_set(owner, creation.is_created());
            }
            Work::Resync(mut resync) => resync.cancel(&mut self.world, host),
            Work::Import(import) => import.cancel(&mut self.world),
            // Where copies exist the backup is aborted; they stay, as after AbortBackup.
            Work::Send(WriterEvent::BackupComplete) => {
                let aborts = |session: &&mut Session| {
                    session.requester().ended(End::Cancelled).state == State::Aborted
                };
                if let Some(session) = self.sessions.get_mut(&owner).filter(aborts) {
                    gather::send(&mut self.world, session, WriterEvent::Abort);
                }
            }
            Work::Break(_)
            | Work::Revert(_)
            | Work::Unheard
            | Work::GatherMetadata
            | Work::GatherStatus
            | Work::Send(_)
            | Work::Failed(_)
            | Work::Over => {}
        }
        self.end(number, Status::Cancelled);
    }

    /// Gives up the set that a session creates or has created: its copies go, its writers are told.
    pub(in crate::service) fn give_up_set(&mut self, number: u32, created: bool) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        let world = &mut self.world;
        // Providers that did not get EndPrepareSnapshots learn of it from the next BeginPrepareSnapshot.
        session.set = None;
        if created {
            let copies = session.document.snapshot_set.take().map(|set| set.snapshots).unwrap_or_default();
            for copy in copies {
                removal::delete(world, copy.snapshot_id);
            }
        }
        gather::send(world, session, WriterEvent::Abort);
    }

    /// The requester lets go of an async object. The operation goes on without it.
    pub(in crate::service) fn release_async(&mut self, number: u32) {
        if self.is_pending(number) {
            if let Some(object) = self.asyncs.get_mut(&number) {
                object.released = true;
            }
        } else {
            self.asyncs.swap_remove(&number);
        }
    }
}

/// A failure shows when the providers are done that have worked up to it; what they did is taken back already.
fn delayed(step: Step, world: &mut World, object: &mut AsyncObject) -> Step {
    match (step, world.take_time()) {
        (Step::Done(Err(refusal)), took_ms) if took_ms > 0 && refusal.code.is_failure() => {
            object.work = Work::Failed(refusal);
            Step::Again(world.clock.after(took_ms))
        }
        (step, _) => step,
    }
}

/// Goes on with the work of an operation as far as it goes at this moment.
fn work(world: &mut World, session: &mut Session, object: &mut AsyncObject) -> Step {
    let late_ms = match &mut object.work {
        Work::Creation(work) => return work.step(world, session),
        Work::Resync(work) => return work.step(world, session),
        Work::Import(work) => return work.step(world, session),
        Work::Break(work) => return work.step(world, session.host),
        Work::Failed(refusal) => return Step::Done(Err(*refusal)),
        Work::Unheard => {
            let refusal = Refusal::documented(HResult::VSS_E_UNEXPECTED_WRITER_ERROR, "writer-communication");
            world.log(refusal.code, "VSS cannot talk to the writers: see to the COM+ event system");
            return Step::Done(Err(refusal));
        }
        Work::GatherMetadata => gather::identify(world, session),
        Work::GatherStatus => {
            session.status = Some(gather::status(world, session));
            if session.state == State::Completed {
                gather::free_slots(world, session);
            }
            0
        }
        Work::Send(event) => gather::send(world, session, *event),
        // The object of a revert looks by itself.
        Work::Revert(_) | Work::Over => 0,
    };
    if late_ms == 0 {
        return Step::Done(Ok(()));
    }
    object.late = true;
    Step::Again(world.clock.after(late_ms))
}
