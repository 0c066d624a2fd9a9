//! A list that mostly holds one element, and then takes no memory of its own.

/// None, one or more elements, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Few<T> {
    #[default]
    None,
    One(T),
    #[expect(clippy::box_collection, reason = "a vector inside would make every list larger")]
    Many(Box<Vec<T>>),
}

impl<T> Few<T> {
    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Few::None => &[],
            Few::One(only) => std::slice::from_ref(only),
            Few::Many(all) => all,
        }
    }

    pub(super) fn push(&mut self, item: T) {
        *self = match std::mem::take(self) {
            Few::None => Few::One(item),
            Few::One(first) => Few::Many(Box::new(vec![first, item])),
            Few::Many(mut all) => {
                all.push(item);
                Few::Many(all)
            }
        }
    }
}

impl<T: PartialEq> Few<T> {
    /// Adds what is not there yet; says whether it was new.
    pub(super) fn insert(&mut self, item: T) -> bool {
        let new = !self.as_slice().contains(&item);
        if new {
            self.push(item);
        }
        new
    }

    /// Says whether it was there.
    pub(super) fn remove(&mut self, item: &T) -> bool {
        let before = self.as_slice().len();
        *self = std::mem::take(self).into_iter().filter(|other| other != item).collect();
        self.as_slice().len() < before
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = std::iter::Chain<std::option::IntoIter<T>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        let (one, many) = match self {
            Few::None => (None, Vec::new()),
            Few::One(only) => (Some(only), Vec::new()),
            Few::Many(all) => (None, *all),
        };
        one.into_iter().chain(many)
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut few = Few::None;
        items.into_iter().for_each(|item| few.push(item));
        few
    }
}
