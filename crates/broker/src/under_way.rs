//! How many acts go on at once. An act outlives the request that asked for it, so no limit on requests
//! or lines of browsers bounds them (requirement P28).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;

/// Acts at one bank.
const AT_BANK: usize = 64;
/// Acts of one connection: a person does one thing at a time, in a few tabs.
const OF_CONNECTION: usize = 8;

/// Counts the acts that go on.
#[derive(Clone, Default)]
pub(crate) struct UnderWay(Arc<Mutex<HashMap<String, usize>>>);

/// One act's place; dropping it gives it back.
pub(crate) struct Place {
    counts: UnderWay,
    names: [String; 2],
}

impl UnderWay {
    /// Takes a place. Errors: 429 where all are taken.
    pub(crate) fn enter(&self, provider: &str, connection: &str) -> Result<Place, Error> {
        let names = [format!("bank {provider}"), format!("connection {connection}")];
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let limits = [AT_BANK, OF_CONNECTION];
        let taken = |name: &String| counts.get(name).copied().unwrap_or(0);
        if names.iter().zip(limits).any(|(name, limit)| taken(name) >= limit) {
            return Err(Error::Crowded);
        }
        for name in &names {
            *counts.entry(name.clone()).or_default() += 1;
        }
        drop(counts);
        Ok(Place { counts: self.clone(), names })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        for name in &self.names {
            if let Some(count) = counts.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(name);
                }
            }
        }
    }
}
