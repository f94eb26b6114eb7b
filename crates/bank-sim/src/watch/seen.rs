//! Names that have been seen, the latest hundred thousand of them.

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;

use crate::sync::lock;

const MOST: usize = 100_000;

/// A bounded set of names.
#[derive(Default)]
pub(super) struct Seen(Mutex<Names>);

#[derive(Default)]
struct Names {
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    /// Notes a name; true when it is new.
    pub(super) fn note(&self, name: &str) -> bool {
        let mut names = lock(&self.0);
        if !names.known.insert(name.to_owned()) {
            return false;
        }
        names.order.push_back(name.to_owned());
        if names.order.len() > MOST
            && let Some(oldest) = names.order.pop_front()
        {
            names.known.remove(&oldest);
        }
        true
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        lock(&self.0).known.contains(name)
    }

    pub(super) fn forget(&self, name: &str) {
        let mut names = lock(&self.0);
        if names.known.remove(name) {
            names.order.retain(|known| known != name);
        }
    }
}
