//! The body of a call on its way to the bank: a JSON object, bounded, passed on byte for byte.
//!
//! It is read for what two readers could take differently only (a name given twice), and for the address
//! that the bank is to send the person back to.

use std::collections::HashSet;
use std::fmt;

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use url::Url;

use crate::Broker;
use crate::bank::Bank;
use crate::config::Access;
use crate::error::Error;
use crate::routes::{Body, Call};

impl Broker {
    /// The body that goes along with a call; empty where none does.
    ///
    /// Errors: 413 over `limits.request_kib`; 400 for what is no JSON object, and for a `redirectUrl` that is
    /// none of the app's.
    pub(crate) async fn body_of(
        &self,
        bank: &Bank,
        call: &Call,
        request: Request<axum::body::Body>,
    ) -> Result<Bytes, Error> {
        if call.route.body == Body::None {
            return Ok(Bytes::new());
        }
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, self.request_bytes).collect().await;
        let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => Error::TooLarge,
            None => Error::InvalidBody("not read whole"),
        })?;
        let body = body.to_bytes();
        if !is_json(&parts.headers) {
            return Err(Error::InvalidBody("Content-Type is not application/json"));
        }
        check_object(&body)?;
        if call.is_signing() {
            self.check_return(bank, &body)?;
        }
        Ok(body)
    }

    /// The bank sends the person back to a page of the app's own (requirement K01), whatever it checks itself.
    fn check_return(&self, bank: &Bank, body: &[u8]) -> Result<(), Error> {
        let signing: Signing = serde_json::from_slice(body)
            .map_err(|_| Error::InvalidBody("redirectUrl is no text"))?;
        let Some(wanted) = signing.redirect_url else { return Ok(()) };
        let ours = match &bank.provider.access {
            Access::Authorization(oauth) => oauth.redirect_uri == wanted,
            // nobody logs in there, so no page is registered
            Access::Prepared { .. } => Url::parse(&wanted)
                .is_ok_and(|url| self.app.origins.contains(&url.origin().ascii_serialization())),
        };
        let what = "redirectUrl is not the redirect URI that is configured for this provider.";
        ours.then_some(()).ok_or(Error::InvalidRequest(what))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (first, second) = (values.next(), values.next());
    let text = first.filter(|_| second.is_none()).and_then(|value| value.to_str().ok());
    let media_type = text.unwrap_or_default().split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

/// The one field of a signing that leads somewhere (bank-api fact 10.7).
#[derive(Deserialize)]
struct Signing {
    #[serde(rename = "redirectUrl")]
    redirect_url: Option<String>,
}

/// One JSON object that every reader reads alike.
fn check_object(body: &[u8]) -> Result<(), Error> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::InvalidBody("not a JSON object"));
    }
    let read = serde_json::from_slice::<Unambiguous>(body);
    read.map(drop).map_err(|_| Error::InvalidBody("not JSON, or a name stands twice"))
}

/// Any JSON in which no object has a name twice.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Unambiguous;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unambiguous, E> {
        Ok(Unambiguous)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unambiguous, A::Error> {
        while items.next_element::<Unambiguous>()?.is_some() {}
        Ok(Unambiguous)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Unambiguous, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a name stands twice"));
            }
            fields.next_value::<Unambiguous>()?;
        }
        Ok(Unambiguous)
    }
}
