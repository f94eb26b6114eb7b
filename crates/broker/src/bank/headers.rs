//! The headers of an API call, all written here: nothing of the page's goes up unread.
//!
//! COBS 2.0 chapter 3 and the common header set of its OpenAPI (bank-api facts 8). The published
//! files spell two names with an en dash (`User–IP-Address`), which is no legal header name; every
//! name below is checked when the program is compiled (requirement P09).

use std::net::IpAddr;

use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, DATE, USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use crate::config::Tpp;
use crate::grant::Tokens;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) const ACTION_ID: HeaderName = HeaderName::from_static("action-id");
const TPP_NAME: HeaderName = HeaderName::from_static("tpp-name");
const TPP_IDENTIFICATION: HeaderName = HeaderName::from_static("tpp-identification");
const USER_INVOLVED: HeaderName = HeaderName::from_static("user-involved");
const USER_IP_ADDRESS: HeaderName = HeaderName::from_static("user-ip-address");
const USER_IP_PORT: HeaderName = HeaderName::from_static("user-ip-port");
const USER_USER_AGENT: HeaderName = HeaderName::from_static("user-user-agent");
/// Web Flow's internal header; only ČNB's sandbox takes it from outside (bank-api facts 1.3).
const X_CLIENT_CERTIFICATE: HeaderName = HeaderName::from_static("x-client-certificate");

/// The person behind a call, as the broker itself sees them.
pub struct Person {
    /// Where they call from, with the port where it is known.
    pub address: Option<(IpAddr, Option<u16>)>,
    /// The page's `User-Agent`, at most 200 bytes.
    pub user_agent: Option<HeaderValue>,
    /// The page's `Accept-Language`, at most 50 bytes.
    pub language: Option<HeaderValue>,
    /// The page's `Action-ID`: one for all pages of a download; at most 60 plain characters.
    pub action_id: Option<HeaderValue>,
}

impl Person {
    /// Reads what may be passed on; what is too long or odd is left out.
    pub fn new(address: Option<(IpAddr, Option<u16>)>, headers: &HeaderMap) -> Self {
        let short = |name: HeaderName, most: usize| {
            let value = headers.get(name)?;
            value.to_str().is_ok_and(|text| text.len() <= most).then(|| value.clone())
        };
        let plain = |value: &HeaderValue| {
            value.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        };
        Self {
            address,
            user_agent: short(USER_AGENT, 200),
            language: short(ACCEPT_LANGUAGE, 50),
            action_id: short(ACTION_ID, 60).filter(plain),
        }
    }
}

/// What is the same on every call.
pub(super) struct Standing(HeaderMap);

impl Standing {
    pub(super) fn new(tpp: &Tpp) -> Self {
        let json = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::with_capacity(24);
        headers.insert(CONTENT_TYPE, json.clone()); // asked for on GET too
        headers.insert(ACCEPT, json);
        // without it any coding would be right (RFC 9110 §12.5.3); the page gets bodies as they come
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        // the configuration was checked to be visible ASCII
        if let Ok(name) = HeaderValue::from_str(&tpp.name) {
            headers.insert(TPP_NAME, name);
        }
        let identification = tpp.identification.as_deref().map(HeaderValue::from_str);
        if let Some(Ok(identification)) = identification {
            headers.insert(TPP_IDENTIFICATION, identification);
        }
        Self(headers)
    }

    /// All headers of one call that a person asked for.
    pub(super) fn with(
        &self,
        tokens: &Tokens,
        person: &Person,
        request_id: &str,
        now: Timestamp,
    ) -> HeaderMap {
        let mut headers = self.0.clone();
        headers.insert(X_REQUEST_ID, ascii(request_id));
        headers.insert(DATE, ascii(&httpdate::fmt_http_date(now.into())));
        headers.insert(USER_INVOLVED, HeaderValue::from_static("true"));
        if let Some((address, port)) = person.address {
            headers.insert(USER_IP_ADDRESS, ascii(&address.to_string()));
            if let Some(port) = port {
                headers.insert(USER_IP_PORT, port.into());
            }
        }
        let mut pass = |name, value: &Option<HeaderValue>| {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        };
        pass(USER_USER_AGENT, &person.user_agent);
        pass(ACCEPT_LANGUAGE, &person.language);
        pass(ACTION_ID, &person.action_id);
        let mut bearer = ascii(&format!("Bearer {}", tokens.access_token.expose()));
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        if let Some(certificate) = &tokens.certificate {
            headers.insert(X_CLIENT_CERTIFICATE, ascii(certificate));
        }
        headers
    }
}

/// Every text put in here was checked or made by us; were one ever not a legal value, the bank gets
/// an empty one and says no.
fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
