//! The bank's records of consents: codes, access and refresh tokens. One pair of tokens per user,
//! client and scope (bank-api fact 5.6): a second authorization gets the first one's tokens.

mod book;
mod record;

use book::{Book, Grant, Token, millis};
pub(crate) use record::{
    Access, Active, Authorized, Code, Issued, RefreshRefusal, Revocation, Terms,
};
pub use record::{Reach, TokenInfo};

use crate::Random;
use crate::knobs::{Refresh, WebFlow};
use crate::recent::Recent;

/// Codes that wait for their exchange; older ones are forgotten, for they need not expire.
const KEPT_CODES: usize = 50_000;

/// All codes and tokens.
pub(crate) struct Grants {
    codes: Recent<Code>,
    book: Book,
}

impl Default for Grants {
    fn default() -> Self {
        Self { codes: Recent::new(KEPT_CODES), book: Book::default() }
    }
}

impl Grants {
    /// Keeps `code` and names it as `generation` does.
    pub(crate) fn issue_code(
        &mut self,
        random: &Random,
        generation: WebFlow,
        code: Code,
    ) -> String {
        let mut name = generation.code(random);
        while self.codes.get(&name).is_some() {
            name = generation.code(random);
        }
        self.codes.insert(name.clone(), code);
        name
    }

    /// Whose code or refresh token this is, without using it up.
    pub(crate) fn shown(&self, code: Option<&str>, refresh: Option<&str>) -> Option<String> {
        let by_code = code.and_then(|code| self.codes.get(code)).map(|code| &code.authorized);
        let by_token = || {
            let token = refresh?;
            let retired = || self.book.of_retired(token).map(|(grant, _)| grant);
            self.book.of_refresh(token).or_else(retired).map(|grant| &grant.authorized)
        };
        by_code.or_else(by_token).map(|authorized| authorized.user.clone())
    }

    /// Whose access or refresh token this is, even if it has expired or was rotated away.
    pub(crate) fn holder(&self, token: &str) -> Option<String> {
        let by_access = self.book.of_access(token).map(|grant| grant.authorized.user.clone());
        by_access.or_else(|| self.shown(None, Some(token)))
    }

    /// The consent of the same user, client and scope as it stands, if there is one.
    pub(crate) fn standing(&self, authorized: &Authorized) -> Option<Authorized> {
        self.book.of_owner(authorized).map(|grant| grant.authorized.clone())
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
        let mut grant = self.book.take_owned(authorized);
        if Token::is_over(grant.access.as_ref(), terms.now) {
            grant.access = Some(Token::new(random, terms.now, terms.access_ttl));
        }
        if terms.refresh == Refresh::None {
            grant.refresh = None;
        } else if Token::is_over(grant.refresh.as_ref(), terms.now) {
            grant.refresh = Some(Token::new(random, terms.now, terms.refresh_ttl));
        }
        let issued = grant.issued(terms.now);
        self.book.put(grant);
        issued
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
        let retired = self.book.of_retired(token);
        let found = retired.map(|(grant, _)| grant).or_else(|| self.book.of_refresh(token));
        let grant = found.ok_or(RefreshRefusal::Unknown)?;
        let (number, owner) = (grant.number, &grant.authorized);
        if owner.client_id != client_id {
            return Err(RefreshRefusal::OtherClient);
        }
        if retired.is_some_and(|(_, until)| until <= terms.now) {
            if terms.refresh == Refresh::RotateWithReuseDetection {
                let owner = owner.clone();
                self.end_family(number, &owner);
            }
            return Err(RefreshRefusal::Reused);
        }
        if Token::is_over(grant.refresh.as_ref(), terms.now) {
            self.book.take(number);
            return Err(RefreshRefusal::Expired);
        }
        if scope.is_some_and(|scope| scope.split(' ').any(|one| one != owner.scope)) {
            return Err(RefreshRefusal::Wider { granted: owner.scope.clone() });
        }
        let again = retired.is_some();
        let mut grant = self.book.take(number).ok_or(RefreshRefusal::Unknown)?;
        let grace = match terms.refresh {
            Refresh::RotateWithGrace(grace) => millis(grace),
            _ => 0,
        };
        if !again && terms.refresh.rotates() {
            let new = Token::new(random, terms.now, terms.refresh_ttl);
            self.book.rotate(&mut grant, new, terms.now.saturating_add(grace));
        }
        if !again || Token::is_over(grant.access.as_ref(), terms.now) {
            grant.access = Some(Token::new(random, terms.now, terms.access_ttl));
        }
        let issued = grant.issued(terms.now);
        self.book.put(grant);
        Ok(issued)
    }

    /// What an access token opens.
    pub(crate) fn access(&self, token: &str, now: i64) -> Access {
        match self.book.of_access(token) {
            None => Access::Unknown,
            Some(grant) if Token::is_over(grant.access.as_ref(), now) => Access::Expired,
            Some(grant) => Access::Valid(grant.authorized.clone()),
        }
    }

    /// What a person has allowed one client, by scope.
    pub(crate) fn of_pair(&self, user: &str, client_id: &str) -> Vec<Authorized> {
        let all = self.book.iter().map(|grant| &grant.authorized);
        all.filter(|one| one.user == user && one.client_id == client_id).cloned().collect()
    }

    /// An access or refresh token that is good at `now`.
    pub(crate) fn active(&self, token: &str, now: i64) -> Option<Active> {
        let access = self.book.of_access(token).map(|grant| (grant, &grant.access));
        let is_access = access.is_some();
        let refresh = || self.book.of_refresh(token).map(|grant| (grant, &grant.refresh));
        let (grant, token) = access.or_else(refresh)?;
        let token = token.as_ref().filter(|token| token.expires > now)?;
        let authorized = grant.authorized.clone();
        Some(Active { authorized, expires: token.expires / 1000, is_access })
    }

    /// Removes the pair that either token belongs to.
    pub(crate) fn revoke(&mut self, token: &str, client_id: &str) -> Revocation {
        let grant = self.book.of_access(token).or_else(|| self.book.of_refresh(token));
        match grant {
            None => Revocation::Unknown,
            Some(grant) if grant.authorized.client_id != client_id => Revocation::OtherClient,
            Some(grant) => {
                let number = grant.number;
                self.book.take(number);
                Revocation::Done
            }
        }
    }

    /// Removes a token: an access token alone, a refresh token with its access token.
    pub(crate) fn revoke_alone(&mut self, token: &str, client_id: &str) -> Revocation {
        let grant = self.book.of_access(token);
        let is_access = grant.is_some();
        match grant.or_else(|| self.book.of_refresh(token)) {
            None => Revocation::Unknown,
            Some(grant) if grant.authorized.client_id != client_id => Revocation::OtherClient,
            Some(grant) => {
                let number = grant.number;
                match self.book.take(number) {
                    Some(grant) if is_access => self.book.put(Grant { access: None, ..grant }),
                    _ => {}
                }
                Revocation::Done
            }
        }
    }

    /// Kills a refresh token and its access token.
    pub(crate) fn kill_refresh(&mut self, token: &str) {
        let number = self.book.of_refresh(token).map(|grant| grant.number);
        number.map(|number| self.book.take(number));
    }

    /// Removes everything a person has allowed, codes under way included.
    pub(crate) fn withdraw(&mut self, user: &str) {
        self.withdraw_all(|authorized| authorized.user == user);
    }

    /// Removes everything a person has allowed one client.
    pub(crate) fn withdraw_pair(&mut self, user: &str, client_id: &str) {
        self.withdraw_all(|authorized| {
            authorized.user == user && authorized.client_id == client_id
        });
    }

    /// Removes what people have allowed a client, so far as `reach` says.
    pub(crate) fn withdraw_client(&mut self, client_id: &str, reach: Reach) {
        let of_client = |authorized: &Authorized| authorized.client_id == client_id;
        match reach {
            Reach::Everything => self.withdraw_all(of_client),
            Reach::AccessTokens => {
                for grant in self.book.take_all(of_client) {
                    self.book.put(Grant { access: None, ..grant });
                }
            }
        }
    }

    /// Tokens that are good at `now`, in the order they were first given.
    pub(crate) fn live(&self, now: i64) -> Vec<TokenInfo> {
        let live = |token: &Option<Token>| {
            token.as_ref().filter(|token| token.expires > now).map(|token| token.value.clone())
        };
        let infos = self.book.iter().map(|grant| TokenInfo {
            user: grant.authorized.user.clone(),
            client_id: grant.authorized.client_id.clone(),
            scope: grant.authorized.scope.clone(),
            access_token: live(&grant.access),
            refresh_token: live(&grant.refresh),
        });
        infos.filter(|info| info.access_token.is_some() || info.refresh_token.is_some()).collect()
    }

    /// Ends a grant and the codes that would bring it back.
    fn end_family(&mut self, number: u64, owner: &Authorized) {
        self.book.take(number);
        self.codes.retain(|code| !code.authorized.is_owned_as(owner));
    }

    fn withdraw_all(&mut self, meant: impl Fn(&Authorized) -> bool) {
        self.book.take_all(&meant);
        self.codes.retain(|code| !meant(&code.authorized));
    }
}
