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

/// Who asks for a call, as the broker itself sees it: no page can claim the one or the other
/// (requirement P26).
pub enum Involved {
    /// A person who is present.
    Person(Person),
    /// The app's backend, while the person is away; with its `Action-ID`, like that of [`Person`].
    Nobody(Option<HeaderValue>),
}

/// The person behind a call.
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

impl Involved {
    /// Reads what may be passed on of a person; what is too long or odd is left out.
    pub fn person(address: Option<(IpAddr, Option<u16>)>, headers: &HeaderMap) -> Self {
        Self::Person(Person {
            address,
            user_agent: short(headers, USER_AGENT, 200).cloned(),
            language: short(headers, ACCEPT_LANGUAGE, 50).cloned(),
            action_id: Self::action_id(headers).cloned(),
        })
    }

    /// Reads what may be passed on of a backend.
    pub fn nobody(headers: &HeaderMap) -> Self {
        Self::Nobody(Self::action_id(headers).cloned())
    }

    /// The caller's `Action-ID`, if it is one.
    pub fn action_id(headers: &HeaderMap) -> Option<&HeaderValue> {
        let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-';
        short(headers, ACTION_ID, 60).filter(|value| value.as_bytes().iter().all(plain))
    }
}

fn short(headers: &HeaderMap, name: HeaderName, most: usize) -> Option<&HeaderValue> {
    let value = headers.get(name)?;
    value.to_str().is_ok_and(|text| text.len() <= most).then_some(value)
}

impl Involved {
    fn write(&self, headers: &mut HeaderMap) {
        let mut pass = |name, value: &Option<HeaderValue>| {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        };
        let person = match self {
            Self::Nobody(action_id) => {
                pass(ACTION_ID, action_id);
                pass(USER_INVOLVED, &Some(HeaderValue::from_static("false")));
                return;
            }
            Self::Person(person) => person,
        };
        pass(USER_INVOLVED, &Some(HeaderValue::from_static("true")));
        pass(USER_USER_AGENT, &person.user_agent);
        pass(ACCEPT_LANGUAGE, &person.language);
        pass(ACTION_ID, &person.action_id);
        if let Some((address, port)) = person.address {
            pass(USER_IP_ADDRESS, &Some(ascii(&address.to_string())));
            pass(USER_IP_PORT, &port.map(HeaderValue::from));
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

    /// All headers of one call.
    pub(super) fn with(
        &self,
        tokens: &Tokens,
        involved: &Involved,
        request_id: &str,
        now: Timestamp,
    ) -> HeaderMap {
        let mut headers = self.0.clone();
        headers.insert(X_REQUEST_ID, ascii(request_id));
        headers.insert(DATE, ascii(&httpdate::fmt_http_date(now.into())));
        involved.write(&mut headers);
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
