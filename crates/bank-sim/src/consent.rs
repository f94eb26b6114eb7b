//! How long ago people have consented. A consent ends by itself after `consent_days`, whatever its
//! tokens would still be good for; the next authorization begins a new one.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::Random;
use crate::bank::Bank;
use crate::knobs::Occasion;
use crate::oauth::Authorized;
use crate::sync::lock;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// All consents.
#[derive(Default)]
pub(crate) struct Consents {
    /// When each was given, in milliseconds since 1970, by user, client and scope.
    given: Mutex<HashMap<[String; 3], i64>>,
    /// What the API calls them, by user and client.
    names: Mutex<HashMap<[String; 2], String>>,
}

impl Consents {
    /// Notes a consent given `at`.
    pub(crate) fn given(&self, authorized: &Authorized, at: i64) {
        lock(&self.given).insert(key(authorized), at);
    }

    /// Whether the consent has lasted its days.
    pub(crate) fn is_over(
        &self,
        bank: &Bank,
        occasion: Occasion<'_>,
        authorized: &Authorized,
    ) -> bool {
        let ends = self.ends(bank, occasion, authorized);
        ends.is_some_and(|ends| bank.clock.millis() >= ends)
    }

    /// When the consent ends by itself, in milliseconds since 1970.
    pub(crate) fn ends(
        &self,
        bank: &Bank,
        occasion: Occasion<'_>,
        authorized: &Authorized,
    ) -> Option<i64> {
        let occasion = occasion.about(Some(&authorized.user));
        let days = bank.meet(occasion, |knobs| &mut knobs.consent_days);
        let given = lock(&self.given).get(&key(authorized)).copied();
        given.map(|given| given.saturating_add(i64::from(days) * DAY))
    }

    /// What the API calls the consent of this person for this application.
    pub(crate) fn name(&self, authorized: &Authorized, random: &Random) -> String {
        let mut names = lock(&self.names);
        names.entry(pair(authorized)).or_insert_with(|| random.uuid()).clone()
    }

    /// Forgets the name. False: it is not that of the consent.
    pub(crate) fn withdraw(&self, authorized: &Authorized, name: &str) -> bool {
        let mut names = lock(&self.names);
        let known = names.get(&pair(authorized)).is_some_and(|known| known == name);
        if known {
            names.remove(&pair(authorized));
        }
        known
    }
}

fn pair(authorized: &Authorized) -> [String; 2] {
    [&authorized.user, &authorized.client_id].map(Clone::clone)
}

fn key(authorized: &Authorized) -> [String; 3] {
    [&authorized.user, &authorized.client_id, &authorized.scope].map(Clone::clone)
}
