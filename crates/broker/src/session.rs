//! The session: an opaque cookie in the browser, a hash in the store.
//!
//! `__Host-Http-` binds the cookie to this very host, path `/`, `Secure` and `HttpOnly` (older
//! browsers enforce the `__Host-` half); `Strict` keeps it out of every request another site causes
//! (requirements K25, B16). On plain `http://localhost` WebKit refuses `Secure` cookies, so there is a
//! development cookie without prefix; the configuration lets it through for loopback only.
//!
//! Every new connection comes with a new cookie. It takes effect when the browser shows it for the
//! first time; until then the one before opens what it opened before (`arrival.rs`).

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Broker;
use crate::error::Error;
use crate::grant::hash;
use crate::store::{Hash, Presented, SessionId};

const NAME: &str = "__Host-Http-bankconnect";
const DEVELOPMENT_NAME: &str = "bankconnect-development";
/// Life of a session that has no connection yet: long enough to log in at a bank, short enough that
/// nobody fills the store with empty ones.
const UNCONNECTED_SECONDS: i64 = 3600;
/// Life of its cookie in the browser: longer, for every start prolongs the session.
const UNCONNECTED_COOKIE_SECONDS: i64 = 86_400;
/// How long a cookie may still start an authorization after another took its place: the call may
/// have been on its way.
const EARLIER_SECONDS: i64 = 60;
/// A cookie on its way to the browser.
pub(crate) struct NewCookie(HeaderValue);

impl NewCookie {
    /// Puts the cookie into an answer.
    pub(crate) fn put(self, response: &mut Response) {
        response.headers_mut().append(SET_COOKIE, self.0);
    }
}

/// Whose a request is.
pub(crate) enum Caller {
    /// Of this session.
    Known(SessionId),
    /// Of a session whose place this one has just taken. The request was sent before the browser had
    /// the new cookie, or by somebody who planted the one before: it may start an authorization,
    /// which only the new cookie can finish, and must get no cookie.
    Succeeded(SessionId),
    /// Of nobody known; the session is new.
    New(SessionId, NewCookie),
}

impl Broker {
    /// Hash of the session cookie a request carries, if it carries one that could be ours.
    ///
    /// Two cookies of our name are an attack by a sibling host or a broken browser: refused, never
    /// guessed between (requirement K28).
    pub(crate) fn cookie(&self, headers: &HeaderMap) -> Result<Option<Hash>, Error> {
        let name = self.cookie_name();
        let mut ours = headers
            .get_all(COOKIE)
            .iter()
            .flat_map(|value| value.as_bytes().split(|&byte| byte == b';'))
            .filter_map(|pair| {
                let pair = pair.trim_ascii();
                let (key, value) = pair.split_at_checked(name.len())?;
                let value = value.strip_prefix(b"=")?;
                (key == name.as_bytes()).then_some(value)
            });
        let Some(value) = ours.next() else { return Ok(None) };
        if ours.next().is_some() {
            return Err(Error::Refused("The session cookie came twice."));
        }
        let ours = value.len() == 43 && value.iter().all(u8::is_ascii_graphic);
        Ok(ours.then(|| hash(value)))
    }

    /// The session a request belongs to. A cookie shown for the first time puts its session in the
    /// place of the one before.
    pub(crate) async fn session(&self, headers: &HeaderMap) -> Result<Option<SessionId>, Error> {
        let Some(cookie) = self.cookie(headers)? else { return Ok(None) };
        let Some(Presented { id, is_new }) = self.store.session(&cookie, self.now()).await? else {
            return Ok(None);
        };
        if is_new {
            let (now, receipt) = (self.now(), self.ambient.uuid()?);
            let ends = (now + self.session_seconds(), now + EARLIER_SECONDS);
            self.store.take_over(id, ends, (&receipt, now)).await?;
        }
        Ok(Some(id))
    }

    /// The session a request belongs to, or a new one. A cookie nobody knows is never adopted
    /// (requirement K24).
    pub(crate) async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Error> {
        let ends_at = self.now() + UNCONNECTED_SECONDS;
        if let Some(session) = self.session(headers).await? {
            // it must not end while the person is at the bank
            self.store.extend_session(session, ends_at).await?;
            return Ok(Caller::Known(session));
        }
        // in this order: a session that is taken over meanwhile is found here
        if let Some(session) = self.successor(headers).await? {
            return Ok(Caller::Succeeded(session));
        }
        let (cookie, hash) = self.new_cookie(UNCONNECTED_COOKIE_SECONDS)?;
        let session = self.store.begin_session(&hash, self.now(), ends_at).await?;
        Ok(Caller::New(session, cookie))
    }

    /// The session that has just taken the place of the one a request belonged to.
    pub(crate) async fn successor(&self, headers: &HeaderMap) -> Result<Option<SessionId>, Error> {
        let Some(cookie) = self.cookie(headers)? else { return Ok(None) };
        Ok(self.store.successor(&cookie, self.now()).await?)
    }

    /// Seconds that a session with a connection lasts.
    pub(crate) fn session_seconds(&self) -> i64 {
        i64::try_from(self.app.session.as_secs()).unwrap_or(i64::MAX)
    }

    /// A random cookie that lasts so many seconds, and what the store keeps of it.
    pub(crate) fn new_cookie(&self, seconds: i64) -> Result<(NewCookie, Hash), Error> {
        let value = URL_SAFE_NO_PAD.encode(self.ambient.random::<32>()?);
        let secure = if self.app.development_cookie { "" } else { " Secure;" };
        let cookie = format!(
            "{}={value}; Path=/;{secure} HttpOnly; SameSite=Strict; Max-Age={seconds}",
            self.cookie_name(),
        );
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Error::Internal("cookie"))?;
        Ok((NewCookie(cookie), hash(value.as_bytes())))
    }

    fn cookie_name(&self) -> &'static str {
        if self.app.development_cookie { DEVELOPMENT_NAME } else { NAME }
    }
}
