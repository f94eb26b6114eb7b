//! Our certificates for one bank: which of them is presented when, and until when one takes over from another.
//!
//! A new certificate is laid out ahead of its first day, beside the one before. Nobody has to be there on that day,
//! nor on the other's last one (requirement K45).

use std::cmp::Reverse;
use std::fmt;

use super::OwnCertificate;

/// Where a provider's table names a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By `certificate_file` of its own.
    Alone,
    /// In the list `certificates`, counted from 0.
    Listed(usize),
}

impl Place {
    /// A key of this certificate, as it stands below the provider's.
    pub(super) fn key(self, name: &str) -> String {
        match self {
            Self::Alone => name.to_owned(),
            Self::Listed(at) => format!("certificates[{at}].{name}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alone => f.write_str("certificate_file"),
            Self::Listed(at) => write!(f, "certificates[{at}]"),
        }
    }
}

/// One of them, with its place.
#[derive(Clone)]
pub struct Placed {
    /// Where it is named.
    pub place: Place,
    /// What it says of itself.
    pub own: OwnCertificate,
}

/// All of them, in the order of the file; none without mutual TLS.
#[derive(Clone, Default)]
pub struct Certificates {
    all: Vec<Placed>,
    /// What they are for.
    scopes: Vec<String>,
}

impl Certificates {
    pub(super) fn new(all: Vec<Placed>, scopes: &[String]) -> Self {
        Self { all, scopes: scopes.to_vec() }
    }

    /// In the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Placed> {
        self.all.iter()
    }

    /// One of them.
    pub fn get(&self, at: usize) -> Option<&Placed> {
        self.all.get(at)
    }

    /// Whether there is a choice at all.
    pub fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// The one to present at a second since 1970: of those that are valid the one that covers the scopes, or lacks the
    /// fewest; of such the one that ends last, and of equals the first. `None`: none is valid.
    pub fn best_at(&self, now: i64) -> Option<usize> {
        let order = |at: &usize| (self.order(*at), *at);
        self.places().filter(|at| self.all[*at].own.is_valid_at(now)).min_by_key(order)
    }

    /// The one to begin with: the best, or, where none is valid, the one that ends last. 0 where there is none.
    pub fn first_at(&self, now: i64) -> usize {
        let last = || self.places().min_by_key(|at| (Reverse(self.all[*at].own.ends_at), *at));
        self.best_at(now).or_else(last).unwrap_or(0)
    }

    /// What the one says of itself that a start presents.
    pub fn presented_at(&self, now: i64) -> Option<&OwnCertificate> {
        self.get(self.first_at(now)).map(|one| &one.own)
    }

    /// The one that covers the scopes best, whatever the time is.
    pub(super) fn widest(&self) -> Option<&Placed> {
        self.places().min_by_key(|at| (self.order(*at), *at)).map(|at| &self.all[at])
    }

    /// Until when, beginning with the one in use, one follows the other without a gap and without a scope less. Where
    /// that one is not valid, there is a gap now: since the last one ended that had been valid.
    pub fn covered_until(&self, in_use: usize, now: i64) -> Option<i64> {
        let own = &self.get(in_use)?.own;
        if !own.is_valid_at(now) {
            let ends = self.all.iter().map(|one| one.own.ends_at);
            return ends.filter(|end| *end < now).max().or(Some(own.ends_at));
        }
        let lacks = own.lacks(&self.scopes);
        let mut end = own.ends_at;
        let follows = |next: &&OwnCertificate, end: i64| {
            next.begins_at <= end
                && next.ends_at > end
                && next.lacks(&self.scopes).iter().all(|lack| lacks.contains(lack))
        };
        let all = || self.all.iter().map(|one| &one.own);
        while let Some(next) = all().filter(|next| follows(next, end)).map(|own| own.ends_at).max()
        {
            end = next;
        }
        Some(end)
    }

    /// When the first of those begins that begin only after a gap.
    pub fn resumed_at(&self, covered_until: i64) -> Option<i64> {
        self.all.iter().map(|one| one.own.begins_at).filter(|begin| *begin > covered_until).min()
    }

    fn places(&self) -> std::ops::Range<usize> {
        0..self.all.len()
    }

    /// The lesser, the better.
    fn order(&self, at: usize) -> (usize, Reverse<i64>) {
        let own = &self.all[at].own;
        (own.lacks(&self.scopes).len(), Reverse(own.ends_at))
    }
}
