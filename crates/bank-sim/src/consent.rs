//! How long ago people have consented. A consent ends by itself after `consent_days`, whatever its
//! tokens would still be good for; the next authorization begins a new one.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::bank::Bank;
use crate::knobs::Occasion;
use crate::oauth::Authorized;
use crate::sync::lock;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// When each consent was given, in milliseconds since 1970, by user, client and scope.
#[derive(Default)]
pub(crate) struct Consents(Mutex<HashMap<[String; 3], i64>>);

impl Consents {
    /// Notes a consent given `at`.
    pub(crate) fn given(&self, authorized: &Authorized, at: i64) {
        lock(&self.0).insert(key(authorized), at);
    }

    /// Whether the consent has lasted its days.
    pub(crate) fn is_over(
        &self,
        bank: &Bank,
        occasion: Occasion<'_>,
        authorized: &Authorized,
    ) -> bool {
        let occasion = occasion.about(Some(&authorized.user));
        let days = bank.meet(occasion, |knobs| &mut knobs.consent_days);
        let given = lock(&self.0).get(&key(authorized)).copied();
        given.is_some_and(|given| bank.clock.millis() - given >= i64::from(days) * DAY)
    }
}

fn key(authorized: &Authorized) -> [String; 3] {
    [&authorized.user, &authorized.client_id, &authorized.scope].map(Clone::clone)
}
