//! The first half of a connection: draw the secrets, ask the broker, check where it sends us.

use js_sys::futures::JsFuture;
use js_sys::{Array, Object, Uint8Array};
use protocol::path::AUTHORIZATIONS;
use protocol::pkce::{CodeChallenge, CodeVerifier};
use protocol::state::State;
use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::address::Address;
use crate::attempt;
use crate::connections;
use crate::error::{Code, Failure, failure, get, set, text};
use crate::fetch::{Call, json};
use crate::settings::Settings;
use crate::shape::STARTED;

/// An authorization the broker has accepted and whose URL is the bank's.
pub(crate) struct Started {
    pub(crate) url: String,
    pub(crate) state: State,
}

/// Begins an authorization and remembers it in this tab. `given` holds `provider`, `scopes` (empty:
/// as many of the provider's as one authorization takes), `appState` and `signal`. Scopes beyond
/// what the bank takes at once come back with the result, as `rest`.
///
/// Errors: `unsupported` inside a frame of another origin (B03), `config` for a provider that
/// cannot be connected this way, `storage_unavailable`, `untrusted_url` (B06), and those of
/// [`Call::send`].
pub(crate) async fn begin(settings: &Settings, given: &JsValue) -> Result<Started, Failure> {
    refuse_foreign_frame(settings)?;
    let provider = connections::provider(settings, given).await?;
    let (scopes, rest) = scopes(&provider, &get(given, "scopes"))?;
    let state = State::from_random(&random(settings)?);
    let verifier = CodeVerifier::from_random(&random(settings)?);
    let challenge = challenge(settings, &verifier).await?;
    attempt::keep(settings, &state, &verifier, &get(given, "appState"), &rest)?;

    let body = Object::new();
    set(&body, "provider", &get(given, "provider"));
    set(&body, "scopes", &scopes);
    set(&body, "state", &state.as_str().into());
    set(&body, "code_challenge", &challenge.as_str().into());
    let call = Call { body: json(&body), ..Call::new("POST", AUTHORIZATIONS).for_caller(given) };
    let answer = call.send(settings).await.and_then(|answer| answer.shaped(STARTED));
    match answer.and_then(|answer| trusted_url(settings, &answer, &provider)) {
        Ok(url) => Ok(Started { url, state }),
        Err(failure) => {
            attempt::forget(settings, &state);
            Err(failure)
        }
    }
}

/// In a frame of another site the person cannot see whose page asks for the bank (B03).
fn refuse_foreign_frame(settings: &Settings) -> Result<(), Failure> {
    let top = get(&settings.window, "top");
    let foreign = || failure(Code::Unsupported, "a bank is not connected in another site's frame");
    text(&get(&top, "location"), "href").map(drop).ok_or_else(foreign) // reading it throws
}

/// What to ask for now, and what must wait because the bank takes only so many at once.
fn scopes(provider: &JsValue, wanted: &JsValue) -> Result<(Array, Array), Failure> {
    let (offered, wanted) = (Array::from(&get(provider, "scopes")), Array::from(wanted));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let most = get(provider, "scopes_per_authorization").as_f64().unwrap_or(1.0) as u32;
    if !wanted.iter().all(|scope| offered.includes(&scope, 0)) {
        return Err(failure(Code::Config, "the provider does not offer these scopes"));
    }
    let all = if wanted.length() == 0 { offered.slice(0, most) } else { wanted };
    Ok((all.slice(0, most), all.slice(most, all.length())))
}

fn random(settings: &Settings) -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    let unsupported = |_| failure(Code::Unsupported, "this browser has no crypto.getRandomValues");
    let crypto = settings.window.crypto().map_err(unsupported)?;
    crypto.get_random_values_with_u8_array(&mut bytes).map_err(unsupported)?;
    Ok(bytes)
}

/// S256 by the browser's own SHA-256: one of ours would cost 2 KB in the page.
async fn challenge(settings: &Settings, verifier: &CodeVerifier) -> Result<CodeChallenge, Failure> {
    let unsupported =
        |_| failure(Code::Unsupported, "no crypto.subtle here: the page must be https");
    let subtle = settings.window.crypto().map_err(unsupported)?.subtle();
    let digest = subtle
        .digest_with_str_and_u8_array("SHA-256", verifier.expose().as_bytes())
        .map_err(unsupported)?;
    let digest = JsFuture::from(digest).await.map_err(unsupported)?;
    let mut bytes = [0; 32];
    Uint8Array::new(&digest).copy_to(&mut bytes);
    Ok(CodeChallenge::from_digest(&bytes))
}

fn trusted_url(
    settings: &Settings,
    unverified: &JsValue,
    provider: &JsValue,
) -> Result<String, Failure> {
    let url = |of, name| text(of, name).and_then(|text| Url::new(&text).ok());
    let part = |of: &JsValue, name| text(of, name).unwrap_or_default();
    let page_host = part(&settings.window.location(), "hostname");
    let trusted = |url: &Url, bank: &Url| {
        Address {
            scheme: &part(url, "protocol"),
            host: &part(url, "hostname"),
            origin: &part(url, "origin"),
            has_userinfo: !(part(url, "username") + &part(url, "password")).is_empty(),
        }
        .is_trusted(&part(bank, "origin"), &page_host)
    };
    match (url(unverified, "authorization_url"), url(provider, "authorization_origin")) {
        (Some(url), Some(bank)) if trusted(&url, &bank) => Ok(part(&url, "href")),
        _ => Err(failure(Code::UntrustedUrl, "the authorization URL is not on the bank's origin")),
    }
}
