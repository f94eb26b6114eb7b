//! `bankconnect probe` with all its logins: redirect URIs and revocation, what a bank may do about each, and what
//! becomes of tokens on the way.

use bank_sim::{Knob, Knobs, Pkce, RedirectUri, Refresh, RevokeReply, Rule, TokenReply};
use demo::browser::Attempt;
use demo::{Options, World};
use serde_json::{Value, json};

use crate::common::{REVOKE, live_tokens, refreshes, seen, start, world};
use crate::probing::{END, Told, codes_shown, newer, prints_no_secret, probe};

/// Logs in wherever it is asked to, and tells where the bank does not send it back.
async fn goes_along(world: &World, attempt: Attempt) -> Vec<String> {
    let landed = world.browser().consent(&attempt).await;
    vec![landed.map_or_else(|_| "error".to_owned(), Into::into)]
}

async fn whole(world: &World, more: &[&str]) -> Told {
    probe(world, &[&["--json"], more].concat(), async |attempt| goes_along(world, attempt).await)
        .await
}

/// Where an address asks to be sent to.
fn asked(told: &Told, login: usize) -> String {
    let mut pairs = told.urls[login].query_pairs();
    pairs.find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned()
}

fn found<'a>(told: &'a Value, questions: &[&str]) -> Vec<&'a Value> {
    questions.iter().map(|question| &told[question]).collect()
}

const REDIRECTS: [&str; 2] = ["redirect_at_authorization", "redirect_at_token"];
const REVOCATION: [&str; 3] = ["revocation", "revoked_token", "tokens"];

/// RFC 9700 §2.1, RFC 6749 §4.1.3, bank-api facts 5.5 and 5.8: Web Flow 1.4 gives tokens for the first login already,
/// which show what revocation does; the last login proves why the second one's code was refused.
#[tokio::test]
async fn web_flow_1_4_is_known_after_four_logins() {
    let world = world().await;
    let told = whole(&world, &[]).await;
    assert_eq!((told.code, told.urls.len()), (3, 4), "{}", told.all);
    let json = told.json();
    assert_eq!(found(&json, &["pkce", "code_reuse"]), ["ignored", "refused"]);
    assert_eq!(found(&json, &REDIRECTS), ["refused", "refused"]);
    assert_eq!(found(&json, &REVOCATION), ["ends_grant", "dead", "revoked"]);
    let registered = format!("{}/callback", world.origin);
    let other = format!("{registered}/bankconnect-probe");
    let expected = [&*registered, &registered, &other, &registered];
    assert_eq!([0, 1, 2, 3].map(|login| asked(&told, login)), expected);
    let shown: Vec<_> = codes_shown(&world).iter().map(|call| call.form("redirect_uri")).collect();
    let own = Some(registered);
    let elsewhere = [Some(other), own.clone()];
    assert_eq!(shown, [[own.clone(), own.clone()], elsewhere, [own.clone(), own]].concat()[..5]);
    let hints: Vec<_> =
        seen(&world, REVOKE).iter().map(|call| call.form("token_type_hint")).collect();
    let hint = |name: &str| Some(name.to_owned());
    let [access, refresh] = [hint("access_token"), hint("refresh_token")];
    let (alone, all) = ([access.clone()], [refresh, access]);
    assert_eq!(hints, [&alone[..], &all, &alone, &all].concat(), "the first of the refreshed ones");
    assert_eq!(refreshes(&world).len(), 2, "before the revocation too");
    assert!(live_tokens(&world).is_empty());
    prints_no_secret(&world, &told);
}

/// Bank-api fact 5.8: from Web Flow 1.5 an access token is revoked alone; the refresh token takes the rest along.
#[tokio::test]
async fn web_flow_1_5_lets_the_grant_live() {
    let world = start(newer()).await;
    let told = whole(&world, &[]).await;
    assert_eq!((told.code, told.urls.len()), (8, 4), "{}", told.all);
    let json = told.json();
    assert_eq!(found(&json, &["pkce", "code_reuse"]), ["enforced", "refused"]);
    assert_eq!(found(&json, &REDIRECTS), ["refused", "refused"]);
    assert_eq!(found(&json, &REVOCATION), ["ends_token", "dead", "revoked"]);
    assert!(live_tokens(&world).is_empty());
    prints_no_secret(&world, &told);
    let told =
        probe(&world, &["--only", "revocation"], async |attempt| goes_along(&world, attempt).await);
    let told = told.await;
    assert!(
        told.out.contains("did not end the grant, revoking the refresh token did"),
        "{}",
        told.out
    );
}

/// RFC 9700 §2.1 and RFC 6749 §4.1.3: a bank that sends codes elsewhere, or does not compare where it sent them.
#[tokio::test]
async fn redirect_uris_that_are_not_exact_are_found_out() {
    for (position, expected, logins, shout) in [
        (RedirectUri::Below, ["accepted", "refused"], 3, "SENDS CODES TO A REDIRECT URI"),
        (
            RedirectUri::Unbound,
            ["refused", "accepted"],
            2,
            "TAKES A CODE WITH ANOTHER REDIRECT URI",
        ),
    ] {
        let strict = Pkce::Enforced.into();
        let knobs = Knobs { redirect_uri: position.into(), pkce: strict, ..Knobs::default() };
        let world = start(Options { knobs, ..Options::default() }).await;
        let told = whole(&world, &["--only", "redirect"]).await;
        assert_eq!((told.code, told.urls.len()), (7, logins), "{}", told.all);
        let json = told.json();
        assert_eq!(found(&json, &REDIRECTS), expected);
        assert_eq!((&json["pkce"], &json["tokens"]), (&json!(null), &json!("revoked")));
        assert!(live_tokens(&world).is_empty(), "the codes are used up, and their tokens revoked");
        prints_no_secret(&world, &told);
        let people = probe(&world, &["--only", "redirect"], async |attempt| {
            goes_along(&world, attempt).await
        });
        let people = people.await;
        assert!(people.out.contains(shout), "{}", people.out);
        assert!(people.all.contains(&format!("{}/callback/bankconnect-probe", world.origin)));
    }
}

/// A bank's way with revocation, and what a probe says of it: exit code, revocation, revoked token, tokens.
type Kind = (Knobs, &'static str, i32, Value, Value, &'static str);

fn kinds() -> Vec<Kind> {
    let knobs = |turn: fn(&mut Knobs)| {
        let mut knobs = Knobs { pkce: Pkce::Enforced.into(), ..Knobs::default() };
        turn(&mut knobs);
        knobs
    };
    let unknown = knobs(|knobs| knobs.revoke_reply = RevokeReply::OkUnknown.into());
    let absent = knobs(|knobs| knobs.revoke_reply = RevokeReply::Status(404).into());
    let down = knobs(|knobs| knobs.revoke_reply = RevokeReply::Status(503).into());
    let short = knobs(|knobs| knobs.refresh = Refresh::None.into());
    let short_and_down = knobs(|knobs| {
        knobs.refresh = Refresh::None.into();
        knobs.revoke_reply = RevokeReply::Status(503).into();
    });
    let (none, off, no) = (json!(null), "revocation_url = \"\"", "revocation_not_offered");
    vec![
        (knobs(|_| {}), "", 0, json!("ends_grant"), json!("dead"), "revoked"),
        (unknown, "", 8, json!("ends_nothing"), json!("alive"), "not_revoked"),
        (short, "", 0, json!("no_refresh_token"), none.clone(), "revoked"),
        (knobs(|_| {}), off, 8, json!("not_offered"), none.clone(), no),
        (absent, "", 8, json!("not_offered"), none.clone(), no),
        (down, "", 8, none.clone(), none.clone(), "not_revoked"),
        (short_and_down, "", 8, none.clone(), none, "not_revoked"),
    ]
}

/// RFC 7009: whatever a bank makes of a revocation is told, and what is left over is revoked, or said.
#[tokio::test]
async fn every_kind_of_revocation_is_told() {
    for (knobs, settings, code, revocation, token, tokens) in kinds() {
        let dangers = if settings.is_empty() { Vec::new() } else { vec!["no_revocation"] };
        let provider_settings = settings.to_owned();
        let world =
            start(Options { knobs, provider_settings, dangers, ..Options::default() }).await;
        let told = whole(&world, &["--only", "revocation"]).await;
        let json = told.json();
        let expected = [&revocation, &token, &json!(tokens)];
        let seen = (told.code, found(&json, &REVOCATION));
        assert_eq!(seen, (code, expected.to_vec()), "{}", told.all);
        assert_eq!(live_tokens(&world).is_empty(), tokens == "revoked");
        assert_eq!(told.urls.len(), 1);
    }
}

/// An empty line skips a login, the end of the input all that are left; what was found before counts.
#[tokio::test]
async fn logins_may_be_skipped() {
    let world = world().await;
    let told = probe(&world, &["--json"], async |_| vec![String::new()]).await;
    assert_eq!((told.code, &told.json()["error"], told.urls.len()), (4, &json!("no_login"), 4));
    assert!(codes_shown(&world).is_empty());
    let second = async |attempt: Attempt| {
        let own = seen(&world, REVOKE).is_empty() && !attempt.url.contains("bankconnect-probe");
        if own { goes_along(&world, attempt).await } else { vec![END.to_owned()] }
    };
    let told = probe(&world, &["--json"], second).await;
    assert_eq!((told.code, told.urls.len()), (3, 2), "{}", told.all);
    let json = told.json();
    assert_eq!(found(&json, &["pkce", "revocation"]), ["ignored", "ends_grant"]);
    assert_eq!((&json["redirect_at_token"], &json["failures"]), (&json!(null), &json!([])));
}

/// A login or a bank that fails later costs nothing of what was found before.
#[tokio::test]
async fn a_later_failure_loses_nothing() {
    let world = world().await;
    let cancels_later = async |attempt: Attempt| {
        if attempt.url.contains("bankconnect-probe") || seen(&world, REVOKE).is_empty() {
            return goes_along(&world, attempt).await;
        }
        vec![world.browser().cancel(&attempt).await.unwrap().into()]
    };
    let told = probe(&world, &["--json"], cancels_later).await;
    assert_eq!((told.code, told.urls.len()), (3, 3), "{}", told.all);
    let json = told.json();
    assert_eq!(found(&json, &REDIRECTS), [&json!("refused"), &json!(null)]);
    assert_eq!(json["failures"][0]["error"], "cancelled");
    world.bank.update_knobs(|knobs| {
        let broken = TokenReply::Status { status: 500, retry_after: None };
        knobs.pkce = Pkce::Enforced.into();
        knobs.token_reply = Knob::always(TokenReply::Normal).with(Rule::to(broken).after(2));
    });
    let told = whole(&world, &[]).await;
    assert_eq!((told.code, told.urls.len()), (1, 2), "{}", told.all);
    let json = told.json();
    assert_eq!((&json["pkce"], &json["proven"]), (&json!("enforced"), &json!(false)));
    assert_eq!(json["failures"][0]["error"], "failed");
}
