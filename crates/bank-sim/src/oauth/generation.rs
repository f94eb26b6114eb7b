//! Two generations of Web Flow stand on the same address (bank-api facts 5.1 and 5.6); one of them
//! answers, the paths of the other do not exist. Where the facts say nothing about 1.5, it does as
//! 1.4: the request is checked after the login, the pair of tokens is shared, tokens and errors
//! have the same form.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;

use crate::Random;
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::{ClientAuth, Occasion, Pkce, WebFlow};
use crate::sync::lock;

const CODE_SYMBOLS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

/// Middleware of the paths of one generation: 404 where the other one answers.
pub(crate) async fn only(
    State((bank, generation)): State<(Arc<Bank>, WebFlow)>,
    mut request: Request,
    next: Next,
) -> Response {
    let call = request.extensions().get::<Arc<Call>>();
    let user = call.and_then(|call| user(&bank, call));
    let occasion = call.map_or_else(Occasion::default, |call| Occasion::of(call));
    let occasion = occasion.about(user.as_deref());
    if bank.meet(occasion, |knobs| &mut knobs.web_flow) != generation {
        return StatusCode::NOT_FOUND.into_response();
    }
    request.extensions_mut().insert(generation);
    next.run(request).await
}

/// Whose code or token the call shows, for the knobs; nothing is proved by it.
fn user(bank: &Bank, call: &Call) -> Option<String> {
    let fields = call.query().followed_by(call.form());
    let grants = lock(&bank.grants);
    let by_token = || fields.first("token").and_then(|token| grants.holder(token));
    grants.shown(fields.first("code"), fields.first("refresh_token")).or_else(by_token)
}

impl WebFlow {
    /// The authorization endpoint.
    pub(crate) fn authorize_path(self) -> &'static str {
        match self {
            Self::V1_4 => "/powerauth-webflow/oauth/authorize",
            Self::V1_5 => "/powerauth-webflow/oauth2/authorize",
        }
    }

    /// A new authorization code: six symbols, or 96 bytes as 128 symbols.
    pub(crate) fn code(self, random: &Random) -> String {
        match self {
            Self::V1_4 => random.text::<6>(CODE_SYMBOLS),
            Self::V1_5 => URL_SAFE_NO_PAD.encode(random.bytes::<96>()),
        }
    }

    /// Life of a code where the knob does not say.
    pub(crate) fn code_ttl(self) -> Option<Duration> {
        match self {
            Self::V1_4 => None,
            Self::V1_5 => Some(Duration::from_mins(5)),
        }
    }

    /// Client authentication where the knob is at `accepted`.
    pub(crate) fn client_auth(self, accepted: ClientAuth) -> ClientAuth {
        match (self, accepted) {
            (Self::V1_5, ClientAuth::Both) => ClientAuth::Basic,
            _ => accepted,
        }
    }

    /// Treatment of PKCE where the knob is at `pkce`.
    pub(crate) fn pkce(self, pkce: Pkce) -> Pkce {
        match (self, pkce) {
            (Self::V1_4, Pkce::Normal) => Pkce::Ignored,
            (Self::V1_5, Pkce::Normal) => Pkce::Honoured,
            _ => pkce,
        }
    }
}
