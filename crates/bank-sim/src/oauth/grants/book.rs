//! The grants with their indices: each is found by its owner, its access token or its refresh
//! token without a search, however many there are. A grant is taken out to be changed and put back.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Authorized, Issued};
use crate::Random;
use crate::recent::Recent;

/// Refresh tokens rotated away that are remembered.
const KEPT_RETIRED: usize = 50_000;

/// The tokens for one user, client and scope.
pub(super) struct Grant {
    pub(super) number: u64,
    pub(super) authorized: Authorized,
    pub(super) access: Option<Token>,
    pub(super) refresh: Option<Token>,
}

impl Grant {
    pub(super) fn issued(&self, now: i64) -> Issued {
        let access = self.access.as_ref();
        Issued {
            authorized: self.authorized.clone(),
            access_token: access.map(|token| token.value.clone()).unwrap_or_default(),
            refresh_token: self.refresh.as_ref().map(|token| token.value.clone()),
            expires_in: access.map_or(0, |token| (token.expires - now) / 1000),
        }
    }
}

/// A token and the millisecond from which it is worth nothing.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) value: String,
    pub(super) expires: i64,
}

impl Token {
    pub(super) fn new(random: &Random, now: i64, ttl: Duration) -> Self {
        let value = URL_SAFE_NO_PAD.encode(random.bytes::<20>());
        Self { value, expires: now.saturating_add(millis(ttl)) }
    }

    pub(super) fn is_over(token: Option<&Self>, now: i64) -> bool {
        token.is_none_or(|token| token.expires <= now)
    }
}

/// User, client and scope.
type Owner = (String, String, String);

/// All grants.
pub(super) struct Book {
    /// In the order they were first given.
    grants: BTreeMap<u64, Grant>,
    next: u64,
    by_owner: HashMap<Owner, u64>,
    by_access: HashMap<String, u64>,
    by_refresh: HashMap<String, u64>,
    /// Refresh tokens rotated away: their grant, and until when they still work.
    retired: Recent<(u64, i64)>,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            grants: BTreeMap::new(),
            next: 0,
            by_owner: HashMap::new(),
            by_access: HashMap::new(),
            by_refresh: HashMap::new(),
            retired: Recent::new(KEPT_RETIRED),
        }
    }
}

impl Book {
    pub(super) fn of_access(&self, token: &str) -> Option<&Grant> {
        self.grants.get(self.by_access.get(token)?)
    }

    pub(super) fn of_refresh(&self, token: &str) -> Option<&Grant> {
        self.grants.get(self.by_refresh.get(token)?)
    }

    /// The grant a rotated refresh token was of, and until when that token still works.
    pub(super) fn of_retired(&self, token: &str) -> Option<(&Grant, i64)> {
        let (number, until) = self.retired.get(token)?;
        Some((self.grants.get(number)?, *until))
    }

    pub(super) fn of_owner(&self, authorized: &Authorized) -> Option<&Grant> {
        self.grants.get(self.by_owner.get(&owner(authorized))?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Grant> {
        self.grants.values()
    }

    /// Takes out the grant of that number.
    pub(super) fn take(&mut self, number: u64) -> Option<Grant> {
        let grant = self.grants.remove(&number)?;
        self.by_owner.remove(&owner(&grant.authorized));
        if let Some(token) = &grant.access {
            self.by_access.remove(&token.value);
        }
        if let Some(token) = &grant.refresh {
            self.by_refresh.remove(&token.value);
        }
        Some(grant)
    }

    /// Takes out the grant of this owner, or a new one without tokens.
    pub(super) fn take_owned(&mut self, authorized: Authorized) -> Grant {
        let known = self.by_owner.get(&owner(&authorized)).copied();
        if let Some(grant) = known.and_then(|number| self.take(number)) {
            return Grant { authorized, ..grant };
        }
        self.next += 1;
        Grant { number: self.next, authorized, access: None, refresh: None }
    }

    /// Takes out all grants of which `which` is true.
    pub(super) fn take_all(&mut self, which: impl Fn(&Authorized) -> bool) -> Vec<Grant> {
        let meant = self.grants.values().filter(|grant| which(&grant.authorized));
        let numbers: Vec<_> = meant.map(|grant| grant.number).collect();
        numbers.into_iter().filter_map(|number| self.take(number)).collect()
    }

    /// Puts a grant back.
    pub(super) fn put(&mut self, grant: Grant) {
        let number = grant.number;
        self.by_owner.insert(owner(&grant.authorized), number);
        if let Some(token) = &grant.access {
            self.by_access.insert(token.value.clone(), number);
        }
        if let Some(token) = &grant.refresh {
            self.by_refresh.insert(token.value.clone(), number);
        }
        self.grants.insert(number, grant);
    }

    /// Gives `grant` a new refresh token and remembers the old one, which works until `until`.
    pub(super) fn rotate(&mut self, grant: &mut Grant, new: Token, until: i64) {
        if let Some(old) = grant.refresh.replace(new) {
            self.retired.insert(old.value, (grant.number, until));
        }
    }
}

pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn owner(authorized: &Authorized) -> Owner {
    (authorized.user.clone(), authorized.client_id.clone(), authorized.scope.clone())
}
