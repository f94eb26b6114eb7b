//! One bank, from its name to its answers. A step that needs one that failed is skipped.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use url::Url;

use super::certificate::certificate;
use super::{Findings, probed};
use crate::bank::{Bank, BankError, Fault, Handshake, Offer, Presented, RegistrationError, words};
use crate::config::OAuth;
use crate::defences::{Defences, Kept};
use crate::error::{Error, chain};

/// Seconds of difference between two clocks that somebody should look at.
const NOTEWORTHY: i64 = 30;

/// Goes all the way.
pub(super) async fn examine(findings: &mut Findings, bank: &Bank, kept: &Kept) {
    certificate(findings, bank);
    let mut reached = true;
    for url in servers(bank) {
        reached &= reach(findings, bank, &url).await;
    }
    if !reached {
        findings.skipped("API", "a step before it is wrong");
        return;
    }
    if api(findings, bank).await {
        clock(findings, bank);
    }
    if let Some(oauth) = bank.oauth() {
        token(findings, bank, oauth).await;
        registration(findings, bank, oauth).await;
        probed::tell(findings, oauth, &Defences::kept(&bank.provider.id, oauth, kept));
    }
}

/// Each server once: scheme, host and port.
fn servers(bank: &Bank) -> Vec<Url> {
    let mut seen = BTreeSet::new();
    let oauth = bank.oauth();
    let urls = [oauth.map(|oauth| &oauth.token_url), Some(&bank.provider.api_url)];
    let new = |url: &&Url| seen.insert(url.origin().ascii_serialization());
    urls.into_iter().flatten().filter(new).cloned().collect()
}

/// Name, connection, TLS; answers whether all went well.
async fn reach(findings: &mut Findings, bank: &Bank, url: &Url) -> bool {
    let (host, port) =
        (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    let addresses = match bank.addresses(host, port).await {
        Ok(addresses) if !addresses.is_empty() => addresses,
        other => {
            let why = other.err().map(|error| error.to_string()).unwrap_or_default();
            let what = format!("{host} has no address {why}");
            let fix = "check the host in the provider's URLs, and this machine's resolver";
            findings.wrong("DNS", what.trim(), fix);
            return false;
        }
    };
    findings.ok("DNS", &format!("{host} is at {}", addresses[0].ip()));
    if let Err(error) = bank.dial(&addresses).await {
        let what = format!("{host} cannot be connected to at {} ({error})", addresses[0]);
        let fix = if error.kind() == std::io::ErrorKind::ConnectionRefused {
            "nothing listens there: check the URL and `resolve`, or whether the bank is up"
        } else {
            "open the firewall for it, or check the port"
        };
        findings.wrong("TCP", &what, fix);
        return false;
    }
    findings.ok("TCP", &format!("{host}:{} is open", addresses[0].port()));
    if url.scheme() == "http" {
        findings.warn("TLS", "none, in clear on this machine", "use https everywhere else");
        return true;
    }
    let hybrid = handshake(bank, url, &addresses, Offer::All).await;
    let classical = handshake(bank, url, &addresses, Offer::Classical).await;
    match (&hybrid, &classical) {
        (Ok(all), Ok(classical)) => {
            let (all, classical) = (spoken(all), spoken(classical));
            let what = format!("{all}; without the post-quantum share {classical}");
            findings.ok("TLS", &what);
        }
        (Ok(all), Err(_)) => {
            let what = format!("{}; nothing without the post-quantum share", spoken(all));
            findings.ok("TLS", &what);
        }
        (Err(error), Ok(classical)) => {
            let what = format!(
                "refuses the post-quantum share ({}), takes {}",
                chain(error),
                spoken(classical)
            );
            findings.wrong("TLS", &what, "ask the bank, or what stands between, to tolerate it");
        }
        (Err(error), Err(_)) => unanswered(findings, "TLS", error),
    }
    match hybrid {
        Ok(handshake) => taken(findings, bank, handshake).await,
        Err(_) => false,
    }
}

/// Whether the bank takes our certificate.
async fn taken(findings: &mut Findings, bank: &Bank, handshake: Handshake) -> bool {
    let taken = bank.verdict(handshake).await;
    match &taken {
        Ok(()) => findings.ok("mutual TLS", "the bank has nothing against the certificate"),
        Err(error) => unanswered(findings, "mutual TLS", error),
    }
    taken.is_ok()
}

fn spoken(handshake: &Handshake) -> String {
    format!("TLS {} with {}", handshake.protocol, handshake.group)
}

async fn handshake(
    bank: &Bank,
    url: &Url,
    addresses: &[std::net::SocketAddr],
    offer: Offer,
) -> Result<Handshake, Error> {
    let dialled = bank.dial(addresses).await;
    let dialled = dialled.map_err(|error| BankError::from(Fault::Unreachable(error.into())))?;
    bank.handshake(url, dialled, offer).await
}

/// The resources; answers whether the bank answered.
async fn api(findings: &mut Findings, bank: &Bank) -> bool {
    let status = match bank.ask_api().await {
        Ok(status) => status,
        Err(error) => {
            unanswered(findings, "API", &error);
            return false;
        }
    };
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            findings.ok("API", &format!("refuses a call without a token ({status}), as it should"));
        }
        StatusCode::NOT_FOUND => {
            let fix = "check base_api_url and cobs_version";
            findings.wrong("API", "there is nothing at this address (404)", fix);
        }
        _ if status.is_server_error() => {
            findings.wrong("API", &format!("is in trouble ({status})"), "ask the bank");
        }
        _ => {
            let what = format!("answers {status} to a call without a token");
            findings.warn("API", &what, "check base_api_url");
        }
    }
    true
}

fn clock(findings: &mut Findings, bank: &Bank) {
    match bank.condition().skew() {
        None => findings.skipped("clock", "the bank sends no Date"),
        Some(skew) if skew.abs() < NOTEWORTHY => findings.ok("clock", "as the bank's"),
        Some(skew) => {
            let side = if skew > 0 { "behind" } else { "ahead of" };
            let what = format!("{} seconds {side} the bank's", skew.abs());
            findings.wrong("clock", &what, "set this machine's clock by NTP");
        }
    }
}

/// The token endpoint, asked with a code that nobody was given.
async fn token(findings: &mut Findings, bank: &Bank, oauth: &OAuth) {
    match bank.ask_token(oauth).await {
        Ok(Presented::Refused("invalid_grant")) => {
            findings.ok("token endpoint", "answers");
            findings.ok("client", "the bank knows client_id and secret");
        }
        Ok(Presented::Refused(code)) => {
            let advice = words(code).map(|words| words.operator).unwrap_or_default();
            findings.wrong("token endpoint", &format!("says {code} to a code"), advice);
        }
        Ok(Presented::Tokens(_)) => {
            let fix = "tell the bank; use this provider for nothing before it is mended";
            findings.wrong("token endpoint", "gave tokens for a code that nobody was given", fix);
        }
        Err(Error::Bank(BankError::ClientRejected { .. })) => {
            findings.ok("token endpoint", "answers");
            let gone = bank.registrar().detail(&oauth.client_id).await;
            let (what, fix) = match gone {
                Err(RegistrationError::Refused { code: "invalid_client", .. }) => (
                    "our licence has no application of this client_id any more",
                    "`bankconnect app list` shows those there are; `bankconnect app register` makes a new one",
                ),
                _ => refused(bank.certificate().is_some()),
            };
            findings.wrong("client", what, fix);
        }
        Err(error) => unanswered(findings, "token endpoint", &error),
    }
}

/// What may be wrong where the bank does not take us as its client, with and without a certificate.
fn refused(certificate: bool) -> (&'static str, &'static str) {
    if certificate {
        let fix = "compare client_id and client_secret_file with the registration; try the other \
                   client_authentication; the certificate must be of the registered licence";
        return ("the bank refuses client_id, secret or certificate", fix);
    }
    let what = "the bank refuses client_id or secret, or the certificate is missing";
    (what, "set mutual_tls = true, with certificate_file; then look at client_id and secret")
}

/// What the bank has registered of us, where it tells.
async fn registration(findings: &mut Findings, bank: &Bank, oauth: &OAuth) {
    let check = "redirect URI";
    let application = match bank.registrar().detail(&oauth.client_id).await {
        Ok(application) => application,
        Err(error) => {
            let why = format!("its registration does not tell ({error}); a login would");
            return findings.skipped(check, &why);
        }
    };
    if let Some(known) = &application.scopes {
        scopes(findings, bank, known);
    }
    match &application.redirect_uris {
        None => findings.skipped(check, "the registration does not name any"),
        Some(known) if known.contains(&oauth.redirect_uri) => {
            findings.ok(check, "registered, exactly as it is configured");
        }
        Some(known) => {
            let what = format!("{} is not registered; {} is", oauth.redirect_uri, known.join(" "));
            let fix = "register it, letter by letter (`bankconnect app update --redirect-uri`), or configure one that is";
            findings.wrong(check, &what, fix);
        }
    }
}

/// Every scope that people are asked for has to be registered.
fn scopes(findings: &mut Findings, bank: &Bank, known: &[String]) {
    let check = "registered scopes";
    let missing: Vec<_> =
        bank.provider.scopes.iter().filter(|scope| !known.contains(scope)).map(|s| &**s).collect();
    if missing.is_empty() {
        return findings.ok(check, "all that are configured");
    }
    let what = format!("{} is not registered; {} is", missing.join(" "), known.join(" "));
    let fix = "register it (`bankconnect app update --scope`, once for each scope), or take it out of `scopes`";
    findings.wrong(check, &what, fix);
}

/// No useful answer: its cause by name, and what to do about it.
fn unanswered(findings: &mut Findings, check: &str, error: &Error) {
    let fix = match error {
        Error::Bank(BankError::Fault(Fault::Certificate { trouble, .. })) => trouble.remedy(),
        Error::Bank(BankError::Fault(Fault::TimedOut)) => "ask the bank, or raise the limits",
        Error::Bank(BankError::RateLimited { .. }) => "wait, then run this again",
        Error::Bank(BankError::Fault(Fault::Redirect(_))) => {
            "check the URL; a redirect is never followed"
        }
        _ => "ask the bank",
    };
    findings.wrong(check, &chain(error), fix);
}
