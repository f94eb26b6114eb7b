//! D.4 `token=…`, value by value, for the exchange of a code and for a refresh: the class of the failure, no
//! hang, no second try, and bounds that hold.

use std::time::Duration;

use bank_sim::{Knob, TokenReply};

use crate::common::{accounts, connected, exchanges, hasty, landed, problem, refreshes, stepped};
use crate::logs;
use crate::place::contents;

/// How a failure is filed in the log.
struct Filed {
    /// The bank may do better next time.
    transient: bool,
    /// What the cause says.
    cause: &'static str,
}

const fn transient(cause: &'static str) -> Filed {
    Filed { transient: true, cause }
}

const fn protocol_error(cause: &'static str) -> Filed {
    Filed { transient: false, cause }
}

fn rows() -> Vec<(&'static str, TokenReply, Filed)> {
    let redirect =
        |status| TokenReply::Redirect { status, location: "https://evil.example/".to_owned() };
    let status = |status| TokenReply::Status { status, retry_after: None };
    let wait = TokenReply::Status { status: 503, retry_after: Some("7".to_owned()) };
    let (drip, html) = (Duration::from_secs(1), "<html>canary</html>".to_owned());
    vec![
        ("302", redirect(302), protocol_error("answers with redirect 302")),
        ("307", redirect(307), protocol_error("answers with redirect 307")),
        ("500", status(500), transient("answers 500")),
        ("503+Retry-After", wait, transient("answers 503")),
        ("timeout", TokenReply::Hang, transient("no answer in time")),
        ("drop_after_commit", TokenReply::DropAfterCommit, transient("connection broke")),
        ("truncated", TokenReply::Truncated, transient("connection broke")),
        ("reset", TokenReply::Reset, transient("connection broke")),
        ("1 byte/s", TokenReply::Drip { delay: drip }, transient("no answer in time")),
        ("1 GB", TokenReply::Huge { bytes: 1 << 30 }, protocol_error("too large")),
        ("html", TokenReply::NotJson(html), protocol_error("malformed")),
        ("array", TokenReply::JsonArray, protocol_error("malformed")),
        ("dup_key", TokenReply::DuplicateKeys, protocol_error("malformed")),
        ("bad_utf8", TokenReply::BadUtf8, protocol_error("malformed")),
        ("gzip", TokenReply::Gzip, protocol_error("malformed")),
        ("bomb", TokenReply::Compressed { bytes: 1 << 30 }, protocol_error("too large")),
    ]
}

/// Whether a failure is filed as it should be; what is transient may come with the bank's `Retry-After`.
fn is_filed(name: &str, filed: &Filed, cause: &str) {
    assert!(cause.contains(filed.cause), "{name}: {cause}");
    let of_protocol = ["redirect", "too large", "malformed"];
    assert_eq!(filed.transient, !of_protocol.iter().any(|word| cause.contains(word)), "{name}");
}

/// K12, K15, K18: at the exchange of a code, which is sent once; the person can start again.
#[tokio::test]
async fn exchange() {
    let world = hasty(|_| ()).await;
    for (name, reply, filed) in rows() {
        logs::begin();
        let (browser, attempt, landing) = landed(&world).await;
        world.bank.clear_requests();
        world.bank.update_knobs(|knobs| knobs.token_reply = Knob::next(1, reply));
        let answer = browser.finish(&attempt, &landing).await.unwrap();
        let body = problem(&answer, 502, "bank_unavailable");
        assert!(!answer.text.contains("canary"), "{name}");
        is_filed(name, &filed, logs::requests().last().unwrap()["cause"].as_str().unwrap());
        problem(&browser.finish(&attempt, &landing).await.unwrap(), 400, "authorization_expired");
        assert_eq!(exchanges(&world).len(), 1, "{name}: one try, and no loop");
        assert!(body["retry_after"].is_null(), "{name}: a code is not tried again");
        assert!(contents(&world).len() < 2 * 1024 * 1024, "{name}: nobody fills the store");
    }
    let (browser, id) = connected(&world).await;
    assert_eq!(accounts(&browser, &id).await.status, 200, "and the next attempt works");
}

/// T10, T11, T13: at a refresh, where the old token stays at work (this bank keeps it).
#[tokio::test]
async fn refresh() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    for (name, reply, filed) in rows() {
        logs::begin();
        world.advance(Duration::from_secs(301));
        world.bank.clear_requests();
        world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, reply));
        let body = problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
        let waits = if name == "503+Retry-After" { Some(7) } else { None };
        assert_eq!(body["retry_after"].as_u64(), waits, "{name}: P28");
        let failed = logs::messages("refresh failed");
        assert_eq!(failed.len(), 1, "{name}");
        is_filed(name, &filed, failed[0]["cause"].as_str().unwrap());
        assert_eq!(refreshes(&world).len(), 1, "{name}: one try");
        world.advance(Duration::from_secs(waits.unwrap_or(0) * 2)); // the breaker waits a little longer
        assert_eq!(accounts(&browser, &id).await.status, 200, "{name}: nothing is lost");
    }
}

/// K17: fields and an id token that nobody asked for change nothing.
#[tokio::test]
async fn what_nobody_asked_for_is_ignored() {
    for reply in [TokenReply::ExtraFields, TokenReply::IdToken("not.a.jwt".to_owned())] {
        let world = stepped().await;
        world.bank.update_knobs(|knobs| knobs.token_reply = reply.clone().into());
        let (browser, id) = connected(&world).await;
        assert_eq!(accounts(&browser, &id).await.status, 200, "{reply:?}");
        world.advance(Duration::from_secs(301));
        assert_eq!(accounts(&browser, &id).await.status, 200, "{reply:?}");
        assert_eq!(refreshes(&world).len(), 1);
    }
}
