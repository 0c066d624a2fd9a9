//! Sending events to writers and gathering what they say.

use crate::lab::Cause;
use crate::writer::{Participant, Slot, Status, WriterEvent};

use super::objects::session::Session;
use super::world::World;

/// Asks every writer to identify itself; answers by how many milliseconds the slowest was late. A writer that fails is
/// absent from the list from then on.
pub(super) fn identify(world: &mut World, session: &mut Session) -> u64 {
    // Gathering anew (M4 lets two gatherings overlap) must not take a second slot of a writer.
    leave(world, session);
    let host = session.host;
    let count = world.hosts[host].writers.len();
    let mut participants = Vec::with_capacity(count);
    let mut late_ms = 0;
    for index in 0..count {
        if !world.has_writers(host) || !world.hosts[host].writers[index].running {
            continue;
        }
        let slot = if world.hosts[host].writers[index].is_full() { Slot::None } else { Slot::Held };
        let mut participant = Participant::new(index, slot);
        late_ms = late_ms.max(deliver(world, host, &mut participant, WriterEvent::Identify, &[]));
        if participant.failure == crate::writer::Failure::NONE && participant.responds {
            let writer = &mut world.hosts[host].writers[index];
            writer.sessions += u32::from(slot == Slot::Held);
            participants.push(participant);
        }
    }
    session.participants = Some(participants);
    late_ms
}

/// Sends an event to the session's writers; answers by how many milliseconds the slowest of them was late. Writers that were
/// gathered in a context without writers hear nothing of its sets in the making. That a backup of which they heard
/// (PrepareForBackup) is aborted they do hear.
pub(super) fn send(world: &mut World, session: &mut Session, event: WriterEvent) -> u64 {
    if event.is_of_creation() && session.without_writers() {
        return 0;
    }
    let Some(participants) = &mut session.participants else { return 0 };
    let volumes: Vec<_> = match (&session.set, event) {
        (Some(set), WriterEvent::PrepareForSnapshot) => {
            set.copies.iter().filter_map(|copy| copy.original.volume()).collect()
        }
        _ => Vec::new(),
    };
    let mut late_ms = 0;
    for participant in participants {
        late_ms = late_ms.max(deliver(world, session.host, participant, event, &volumes));
    }
    late_ms
}

fn deliver(
    world: &mut World,
    host: usize,
    participant: &mut Participant,
    event: WriterEvent,
    volumes: &[crate::api::VolumeGuid],
) -> u64 {
    let writer = &mut world.hosts[host].writers[participant.writer];
    if !writer.running || !participant.takes(event) {
        return 0;
    }
    let cause = world.faults.strike(event.handler(), Some(&writer.name));
    if cause == Some(Cause::WriterExits) {
        writer.running = false;
        return 0;
    }
    let torn = event == WriterEvent::PrepareForSnapshot && writer.is_torn_by(volumes);
    participant.deliver(event, cause, torn)
}

/// The freeze lasted that long: writers that bear less have timed out.
pub(super) fn frozen_for(world: &World, session: &mut Session, ms: u64) {
    let writers = &world.hosts[session.host].writers;
    for participant in session.participants.iter_mut().flatten() {
        if ms > writers[participant.writer].freeze_limit_ms {
            participant.time_out();
        }
    }
}

/// What the writers whose metadata was collected say of themselves.
pub(super) fn status(world: &World, session: &Session) -> Vec<Status> {
    let writers = &world.hosts[session.host].writers;
    let participants = session.participants.iter().flatten();
    participants.map(|participant| participant.status(&writers[participant.writer])).collect()
}

/// The session is over: its writers may take part in another.
pub(super) fn leave(world: &mut World, session: &mut Session) {
    free_slots(world, session);
    session.participants = None;
}

/// The session's writers may take part in another, and go on telling of this one.
pub(super) fn free_slots(world: &mut World, session: &mut Session) {
    let writers = &mut world.hosts[session.host].writers;
    for participant in session.participants.iter_mut().flatten() {
        if participant.slot == Slot::Held {
            writers[participant.writer].sessions -= 1;
            participant.slot = Slot::Freed;
        }
    }
}
