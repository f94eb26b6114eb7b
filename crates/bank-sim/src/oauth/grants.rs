//! The bank's records of consents: codes, access and refresh tokens. One pair of tokens per user,
//! client and scope (bank-api fact 5.6): a second authorization gets the first one's tokens.

mod clients;

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Random;
use crate::knobs::Refresh;

const CODE_SYMBOLS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

/// What a person has allowed a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authorized {
    pub(crate) user: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) accounts: Vec<String>,
    pub(crate) language: &'static str,
}

/// An authorization code that waits for its exchange.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) authorized: Authorized,
    /// The resolved redirect URI, which the exchange must repeat.
    pub(crate) redirect_uri: String,
    /// False when the client relied on its only registered URI.
    pub(crate) redirect_uri_given: bool,
    pub(crate) challenge: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) issued: i64,
}

/// Tokens that are good now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    /// User name at the bank.
    pub user: String,
    /// The client they were issued to.
    pub client_id: String,
    /// Their scope.
    pub scope: String,
    /// The access token, unless it has expired.
    pub access_token: Option<String>,
    /// The refresh token, if there is one.
    pub refresh_token: Option<String>,
}

/// What an access token is worth.
pub(crate) enum Access {
    Unknown,
    Expired,
    Valid(Authorized),
}

/// How long new tokens live and what a refresh does. Times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) now: i64,
    pub(crate) access_ttl: Duration,
    pub(crate) refresh_ttl: Duration,
    pub(crate) refresh: Refresh,
}

/// Why a refresh was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RefreshRefusal {
    Unknown,
    OtherClient,
    Expired,
    /// More scope was asked for than this.
    Wider {
        granted: String,
    },
    Reused,
}

/// The tokens of one reply.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) authorized: Authorized,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) expires_in: i64,
}

/// All codes and tokens.
#[derive(Default)]
pub(crate) struct Grants {
    codes: HashMap<String, Code>,
    grants: Vec<Grant>,
}

struct Grant {
    authorized: Authorized,
    access: Option<Token>,
    refresh: Option<Token>,
    /// Refresh tokens rotated away.
    retired: Vec<String>,
}

#[derive(Clone)]
struct Token {
    value: String,
    expires: i64,
}

impl Token {
    fn new(random: &Random, now: i64, ttl: Duration) -> Self {
        let ttl = i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX);
        let value = URL_SAFE_NO_PAD.encode(random.bytes::<20>());
        Self { value, expires: now.saturating_add(ttl) }
    }
}

impl Grants {
    /// Keeps `code` and names it: six characters, no expiry, one use.
    pub(crate) fn issue_code(&mut self, random: &Random, code: Code) -> String {
        let mut name = random.text::<6>(CODE_SYMBOLS);
        while self.codes.contains_key(&name) {
            name = random.text::<6>(CODE_SYMBOLS);
        }
        self.codes.insert(name.clone(), code);
        name
    }

    /// Whose code or refresh token this is, without using it up.
    pub(crate) fn shown(&self, code: Option<&str>, refresh: Option<&str>) -> Option<String> {
        let by_code = code.and_then(|code| self.codes.get(code)).map(|code| &code.authorized);
        let by_token = || {
            let grant = self
                .grants
                .iter()
                .find(|grant| refresh.is_some_and(|token| grant.refreshes_by(token)));
            grant.map(|grant| &grant.authorized)
        };
        by_code.or_else(by_token).map(|authorized| authorized.user.clone())
    }

    /// Burns a code, whatever its worth.
    pub(crate) fn take_code(&mut self, name: &str) -> Option<Code> {
        self.codes.remove(name)
    }

    /// Tokens for an authorization: those of the same user, client and scope, while they live.
    pub(crate) fn issue(
        &mut self,
        authorized: Authorized,
        random: &Random,
        terms: Terms,
    ) -> Issued {
        let same = |grant: &Grant| {
            let known = &grant.authorized;
            (&known.user, &known.client_id, &known.scope)
                == (&authorized.user, &authorized.client_id, &authorized.scope)
        };
        let at = self.grants.iter().position(same).unwrap_or_else(|| {
            let retired = Vec::new();
            let authorized = authorized.clone();
            self.grants.push(Grant { authorized, access: None, refresh: None, retired });
            self.grants.len() - 1
        });
        let grant = &mut self.grants[at];
        grant.authorized = authorized;
        if grant.access.as_ref().is_none_or(|token| token.expires <= terms.now) {
            grant.access = Some(Token::new(random, terms.now, terms.access_ttl));
        }
        if terms.refresh == Refresh::None {
            grant.refresh = None;
        } else if grant.refresh.as_ref().is_none_or(|token| token.expires <= terms.now) {
            grant.refresh = Some(Token::new(random, terms.now, terms.refresh_ttl));
        }
        grant.issued(terms.now)
    }

    /// A new access token for a refresh token; the old one dies at once. `scope` is the narrower
    /// one asked for, if any.
    pub(crate) fn refresh(
        &mut self,
        token: &str,
        client_id: &str,
        scope: Option<&str>,
        random: &Random,
        terms: Terms,
    ) -> Result<Issued, RefreshRefusal> {
        if let Some(at) = self.grants.iter().position(|grant| grant.has_retired(token)) {
            if terms.refresh == Refresh::RotateWithReuseDetection {
                self.grants.remove(at);
            }
            return Err(RefreshRefusal::Reused);
        }
        let at = self.grants.iter().position(|grant| grant.refreshes_by(token));
        let at = at.ok_or(RefreshRefusal::Unknown)?;
        let grant = &mut self.grants[at];
        if grant.authorized.client_id != client_id {
            return Err(RefreshRefusal::OtherClient);
        }
        if grant.refresh.as_ref().is_some_and(|token| token.expires <= terms.now) {
            self.grants.remove(at);
            return Err(RefreshRefusal::Expired);
        }
        let granted = &grant.authorized.scope;
        if scope.is_some_and(|scope| scope.split(' ').any(|one| one != granted)) {
            return Err(RefreshRefusal::Wider { granted: granted.clone() });
        }
        if matches!(terms.refresh, Refresh::Rotate | Refresh::RotateWithReuseDetection) {
            let new = Token::new(random, terms.now, terms.refresh_ttl);
            let old = grant.refresh.replace(new);
            grant.retired.extend(old.map(|token| token.value));
        }
        grant.access = Some(Token::new(random, terms.now, terms.access_ttl));
        Ok(grant.issued(terms.now))
    }

    /// What an access token opens.
    pub(crate) fn access(&self, token: &str, now: i64) -> Access {
        let named = |access: &Token| access.value == token;
        let grant = self.grants.iter().find(|grant| grant.access.as_ref().is_some_and(named));
        match grant.and_then(|grant| grant.access.as_ref().map(|access| (grant, access))) {
            None => Access::Unknown,
            Some((_, access)) if access.expires <= now => Access::Expired,
            Some((grant, _)) => Access::Valid(grant.authorized.clone()),
        }
    }

    /// When a valid access token ends, in seconds since 1970.
    pub(crate) fn expiry(&self, token: &str) -> Option<i64> {
        let mut tokens = self.grants.iter().filter_map(|grant| grant.access.as_ref());
        tokens.find(|access| access.value == token).map(|access| access.expires / 1000)
    }

    /// Removes the pair that either token belongs to. False: unknown, or another client's.
    pub(crate) fn revoke(&mut self, token: &str, client_id: &str) -> bool {
        let before = self.grants.len();
        self.grants.retain(|grant| {
            let named = grant.refreshes_by(token)
                || grant.access.as_ref().is_some_and(|access| access.value == token);
            !(named && grant.authorized.client_id == client_id)
        });
        self.grants.len() < before
    }

    /// Kills a refresh token and its access token.
    pub(crate) fn kill_refresh(&mut self, token: &str) {
        self.grants.retain(|grant| !grant.refreshes_by(token));
    }

    /// Removes everything a person has allowed, codes under way included.
    pub(crate) fn withdraw(&mut self, user: &str) {
        self.grants.retain(|grant| grant.authorized.user != user);
        self.codes.retain(|_, code| code.authorized.user != user);
    }

    /// Tokens that are good at `now`.
    pub(crate) fn live(&self, now: i64) -> Vec<TokenInfo> {
        let live = |token: &Option<Token>| {
            token.as_ref().filter(|token| token.expires > now).map(|token| token.value.clone())
        };
        let infos = self.grants.iter().map(|grant| TokenInfo {
            user: grant.authorized.user.clone(),
            client_id: grant.authorized.client_id.clone(),
            scope: grant.authorized.scope.clone(),
            access_token: live(&grant.access),
            refresh_token: live(&grant.refresh),
        });
        infos.filter(|info| info.access_token.is_some() || info.refresh_token.is_some()).collect()
    }
}

impl Grant {
    fn issued(&self, now: i64) -> Issued {
        let access = self.access.as_ref();
        Issued {
            authorized: self.authorized.clone(),
            access_token: access.map(|token| token.value.clone()).unwrap_or_default(),
            refresh_token: self.refresh.as_ref().map(|token| token.value.clone()),
            expires_in: access.map_or(0, |token| (token.expires - now) / 1000),
        }
    }

    fn refreshes_by(&self, token: &str) -> bool {
        self.refresh.as_ref().is_some_and(|refresh| refresh.value == token)
    }

    fn has_retired(&self, token: &str) -> bool {
        self.retired.iter().any(|retired| retired == token)
    }
}
