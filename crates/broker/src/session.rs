//! The session: an opaque cookie in the browser, a hash in the store.
//!
//! `__Host-Http-` binds the cookie to this very host, path `/`, `Secure` and `HttpOnly` (older
//! browsers enforce the `__Host-` half); `Strict` keeps it out of every request another site causes
//! (requirements K25, B16). On plain `http://localhost` WebKit refuses `Secure` cookies, so there is a
//! development cookie without prefix; the configuration lets it through for loopback only.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Broker;
use crate::error::Error;
use crate::grant::hash;
use crate::store::{Hash, SessionId};

const NAME: &str = "__Host-Http-bankconnect";
const DEVELOPMENT_NAME: &str = "bankconnect-development";
/// Life of a session that has no connection yet: long enough to log in at a bank, short enough that
/// nobody fills the store with empty ones.
const UNCONNECTED_SECONDS: i64 = 3600;
/// How long the cookie before the present one still says whose a callback is.
const EARLIER_SECONDS: i64 = 60;

/// A cookie on its way to the browser.
pub(crate) struct NewCookie(HeaderValue);

impl NewCookie {
    /// Puts the cookie into an answer.
    pub(crate) fn put(self, response: &mut Response) {
        response.headers_mut().append(SET_COOKIE, self.0);
    }
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

    /// The session a request belongs to.
    pub(crate) async fn session(&self, headers: &HeaderMap) -> Result<Option<SessionId>, Error> {
        let Some(cookie) = self.cookie(headers)? else { return Ok(None) };
        Ok(self.store.session(&cookie, self.now()).await?)
    }

    /// The session a callback belongs to. A second tab may have sent it just before the first one's
    /// callback renewed the cookie, so the cookie before counts for a moment, here only.
    pub(crate) async fn session_of_callback(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<SessionId>, Error> {
        let Some(cookie) = self.cookie(headers)? else { return Ok(None) };
        Ok(self.store.session_of_callback(&cookie, self.now()).await?)
    }

    /// When a session that has a connection ends.
    pub(crate) fn session_ends_at(&self) -> i64 {
        self.now().saturating_add(i64::try_from(self.app.session.as_secs()).unwrap_or(i64::MAX))
    }

    /// The session a request belongs to, or a new one. A cookie nobody knows is never adopted
    /// (requirement K24).
    pub(crate) async fn session_or_new(
        &self,
        headers: &HeaderMap,
    ) -> Result<(SessionId, Option<NewCookie>), Error> {
        if let Some(session) = self.session(headers).await? {
            // it must not end while the person is at the bank
            self.store.extend_session(session, self.now() + UNCONNECTED_SECONDS).await?;
            return Ok((session, None));
        }
        let (cookie, hash) = self.new_cookie(UNCONNECTED_SECONDS)?;
        let ends_at = self.now() + UNCONNECTED_SECONDS;
        let session = self.store.begin_session(&hash, self.now(), ends_at).await?;
        Ok((session, Some(cookie)))
    }

    /// Gives the session another cookie; whoever knew the old one is out from here on.
    pub(crate) async fn renew(&self, session: SessionId) -> Result<NewCookie, Error> {
        let seconds = i64::try_from(self.app.session.as_secs()).unwrap_or(i64::MAX);
        let (cookie, hash) = self.new_cookie(seconds)?;
        let earlier_ends_at = self.now() + EARLIER_SECONDS;
        self.store.renew_session(session, &hash, self.session_ends_at(), earlier_ends_at).await?;
        Ok(cookie)
    }

    fn new_cookie(&self, seconds: i64) -> Result<(NewCookie, Hash), Error> {
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
