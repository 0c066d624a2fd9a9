//! A state of all objects together in eight bytes, and the set of those that were met.

use super::view::{Owner, View};

/// The objects' numbers, sixteen bits each, who owns what on each host, six bits each, and how often the set for
/// transport was imported. The topmost bit is always set, so that no state is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed(u64);

const ACTOR_BITS: usize = 16;
const HOSTS_AT: usize = 48;
const HOST_BITS: usize = 6;
const IMPORTS_AT: usize = 60;
const PRESENT: u64 = 1 << 63;

impl Packed {
    /// Every object is number 0, nobody owns anything.
    pub(super) const START: Self = Self(PRESENT);

    pub(super) fn actor(self, session: usize) -> u16 {
        (self.0 >> (ACTOR_BITS * session)) as u16
    }

    /// The session, counted from 0, that creates a set on that host.
    pub(super) fn creation(self, host: usize) -> Option<usize> {
        self.owner(HOSTS_AT + HOST_BITS * host)
    }

    /// The session, counted from 0, whose resync runs on that host.
    pub(super) fn resync(self, host: usize) -> Option<usize> {
        self.owner(HOSTS_AT + HOST_BITS * host + 2)
    }

    /// The session, counted from 0, whose import runs on that host.
    pub(super) fn import(self, host: usize) -> Option<usize> {
        self.owner(HOSTS_AT + HOST_BITS * host + 4)
    }

    /// How often the set for transport was imported, as [`View`] counts it.
    pub(super) fn imports(self) -> u8 {
        ((self.0 >> IMPORTS_AT) & 3) as u8
    }

    fn owner(self, at: usize) -> Option<usize> {
        (((self.0 >> at) & 3) as usize).checked_sub(1)
    }

    /// What that session sees of what is shared.
    pub(super) fn view(self, session: usize, host: usize) -> View {
        let seen = |owner| match owner {
            None => Owner::Nobody,
            Some(owner) if owner == session => Owner::Me,
            Some(_) => Owner::Other,
        };
        View {
            creation: seen(self.creation(host)),
            resync: seen(self.resync(host)),
            import: seen(self.import(host)),
            imports: self.imports(),
        }
    }

    /// With another number and another view for that session.
    pub(super) fn with(self, session: usize, host: usize, actor: u16, view: View) -> Self {
        let (actor_at, host_at) = (ACTOR_BITS * session, HOSTS_AT + HOST_BITS * host);
        let mine = session as u64 + 1;
        // What another owns is still that other's.
        let owner = |owner, at: usize| match owner {
            Owner::Nobody => 0,
            Owner::Me => mine << at,
            Owner::Other => self.0 & (3 << at),
        };
        let cleared = self.0 & !((0xFFFF << actor_at) | (0x3F << host_at) | (3 << IMPORTS_AT));
        Self(
            cleared
                | (u64::from(actor) << actor_at)
                | owner(view.creation, host_at)
                | owner(view.resync, host_at + 2)
                | owner(view.import, host_at + 4)
                | (u64::from(view.imports) << IMPORTS_AT),
        )
    }
}

/// States in the order in which they were met, each once.
pub(super) struct States {
    met: Vec<Packed>,
    /// By their hash, with open addressing; zero is a free place.
    places: Vec<u64>,
}

impl States {
    pub(super) fn new() -> Self {
        Self { met: Vec::new(), places: vec![0; 1 << 16] }
    }

    pub(super) fn len(&self) -> usize {
        self.met.len()
    }

    pub(super) fn get(&self, index: usize) -> Packed {
        self.met[index]
    }

    /// Takes those out that were met before, as far as a first look tells. The looks do not wait for one another, so that
    /// the memory that they need comes at once.
    pub(super) fn sift(&self, states: &mut Vec<Packed>, looks: &mut Vec<u64>) {
        looks.clear();
        looks.extend(states.iter().map(|state| self.places[self.home(state.0)]));
        let mut looks = looks.iter();
        states.retain(|state| looks.next().is_none_or(|look| *look != state.0));
    }

    pub(super) fn contains(&self, state: Packed) -> bool {
        let mut at = self.home(state.0);
        while self.places[at] != 0 && self.places[at] != state.0 {
            at = (at + 1) & (self.places.len() - 1);
        }
        self.places[at] == state.0
    }

    /// Whether it is new.
    pub(super) fn insert(&mut self, state: Packed) -> bool {
        if !self.place(state.0) {
            return false;
        }
        self.met.push(state);
        // A table that is at most half full answers nearly every time at the first look.
        if self.met.len() * 2 > self.places.len() {
            let larger = vec![0; self.places.len() * 2];
            for state in std::mem::replace(&mut self.places, larger).into_iter().filter(|state| *state != 0) {
                self.place(state);
            }
        }
        true
    }

    /// Where a state lies unless others lie there already.
    fn home(&self, state: u64) -> usize {
        let hash = state.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (hash ^ (hash >> 29)) as usize & (self.places.len() - 1)
    }

    fn place(&mut self, state: u64) -> bool {
        let mut at = self.home(state);
        loop {
            match self.places[at] {
                0 => {
                    self.places[at] = state;
                    return true;
                }
                met if met == state => return false,
                _ => at = (at + 1) & (self.places.len() - 1),
            }
        }
    }
}
