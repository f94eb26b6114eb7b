//! A map that cannot fill the memory: what nobody comes back for is forgotten, oldest first.

use std::collections::{HashMap, VecDeque};

/// Values by random names; at most `limit` of them. Every operation but [`Recent::retain`]
/// takes constant time, spread over the insertions.
pub(crate) struct Recent<V> {
    limit: usize,
    entries: HashMap<String, V>,
    /// Names in the order they came; names of removed entries linger for a while.
    order: VecDeque<String>,
}

impl<V> Recent<V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, entries: HashMap::new(), order: VecDeque::new() }
    }

    /// Puts an entry in. Out: what had to go for it.
    pub(crate) fn insert(&mut self, name: String, value: V) -> Vec<V> {
        self.order.push_back(name.clone());
        self.entries.insert(name, value);
        let mut gone = Vec::new();
        while self.entries.len() > self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            gone.extend(self.entries.remove(&oldest));
        }
        if self.order.len() > 2 * self.entries.len() + 16 {
            self.order.retain(|name| self.entries.contains_key(name));
        }
        gone
    }

    /// Looks at the next `count` entries in turn and removes those that are `over`.
    pub(crate) fn sweep(&mut self, count: usize, over: impl Fn(&V) -> bool) -> Vec<V> {
        let mut gone = Vec::new();
        for _ in 0..count {
            let Some(name) = self.order.pop_front() else { break };
            match self.entries.get(&name).map(&over) {
                Some(true) => gone.extend(self.entries.remove(&name)),
                Some(false) => self.order.push_back(name),
                None => {}
            }
        }
        gone
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.entries.get(name)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.entries.get_mut(name)
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        self.entries.remove(name)
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.entries.retain(|_, value| keep(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(recent: &Recent<u32>) -> String {
        let mut values: Vec<_> = recent.entries.values().map(ToString::to_string).collect();
        values.sort();
        values.join(" ")
    }

    #[test]
    fn the_oldest_go_first() {
        let mut recent = Recent::new(2);
        let gone: Vec<_> =
            (1..=4).flat_map(|value| recent.insert(format!("n{value}"), value)).collect();
        assert_eq!(gone, [1, 2]);
        assert_eq!(names(&recent), "3 4");
    }

    #[test]
    fn a_sweep_passes_by_what_is_not_over() {
        let mut recent = Recent::new(9);
        for value in 1..=4 {
            recent.insert(format!("n{value}"), value);
        }
        assert!(recent.sweep(2, |value| *value > 2).is_empty());
        assert_eq!(recent.sweep(2, |value| *value > 2), [3, 4]);
        assert_eq!(names(&recent), "1 2");
    }

    #[test]
    fn names_of_removed_entries_do_not_pile_up() {
        let mut recent = Recent::new(10);
        recent.insert("stays".to_owned(), 0);
        for value in 1..1000 {
            recent.insert(format!("n{value}"), value);
            recent.remove(&format!("n{value}"));
        }
        assert_eq!(names(&recent), "0");
        assert!(recent.order.len() < 30, "{}", recent.order.len());
    }
}
