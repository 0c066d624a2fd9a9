//! What one object sees of what all objects share.

use crate::service::machine::Slots;

/// What an object sees of what is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct View {
    pub(super) creation: Owner,
    pub(super) resync: Owner,
    pub(super) import: Owner,
    /// How often the set for transport was imported: 0 or 1, or 2 for more than that.
    pub(super) imports: u8,
}

/// Whose something is that only one at a time can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Owner {
    Nobody,
    Me,
    Other,
}

/// The numbers of the object that is looked at, and of any other.
pub(super) const ME: u32 = 1;
const OTHER: u32 = 2;

impl Owner {
    fn session(self) -> Option<u32> {
        match self {
            Self::Nobody => None,
            Self::Me => Some(ME),
            Self::Other => Some(OTHER),
        }
    }

    fn of(session: Option<u32>) -> Self {
        match session {
            None => Self::Nobody,
            Some(ME) => Self::Me,
            Some(_) => Self::Other,
        }
    }
}

/// How many views there are.
pub(super) const VIEWS: usize = 81;

impl View {
    /// Nobody has anything, and nothing was imported.
    pub(super) const FREE: Self =
        Self { creation: Owner::Nobody, resync: Owner::Nobody, import: Owner::Nobody, imports: 0 };

    /// The object has everything.
    pub(super) const MINE: Self =
        Self { creation: Owner::Me, resync: Owner::Me, import: Owner::Me, imports: 0 };

    /// Numbered without gaps.
    pub(super) fn index(self) -> usize {
        let owners = (self.creation as usize * 3 + self.resync as usize) * 3 + self.import as usize;
        owners * 3 + usize::from(self.imports)
    }

    pub(super) fn slots(self) -> Slots {
        Slots {
            creation: self.creation.session(),
            resync: self.resync.session(),
            import: self.import.session(),
        }
    }

    /// With what has become of the slots.
    pub(super) fn with(self, slots: Slots) -> Self {
        Self {
            creation: Owner::of(slots.creation),
            resync: Owner::of(slots.resync),
            import: Owner::of(slots.import),
            imports: self.imports,
        }
    }

    /// What is left of it once the object is gone.
    pub(super) fn left(self) -> Self {
        self.with(self.slots().left(ME))
    }

    /// After the set for transport was imported.
    pub(super) fn imported(self) -> Self {
        Self { imports: (self.imports + 1).min(2), ..self }
    }
}
