//! What a probe takes for proven, and what it does not: codes that ended by themselves, tokens that never worked,
//! revocations that nobody saw the end of.

use std::time::Duration;

use bank_sim::{Knob, Knobs, Pkce, Refresh, RefreshFailure, RevokeReply, Rule, TokenReply};
use demo::browser::Attempt;
use demo::{Options, World};
use serde_json::{Value, json};

use crate::cli;
use crate::common::{live_tokens, start};
use crate::probing::{REFUSED, TOKENS, Told, answered_by, codes_shown, consents, newer, probe};

async fn revocation(world: &World) -> Told {
    let more = ["--only", "revocation", "--json"];
    probe(world, &more, async |attempt| consents(world, attempt).await).await
}

/// What `check` says of a guarantee of the bank.
async fn holds(world: &World, guarantee: &str) -> Value {
    let report = cli::run(&world.folder, &["check", "--json"]).await.json();
    let mut all = report["guarantees"].as_array().unwrap().iter();
    all.find(|one| one["about"] == "cnb" && one["guarantee"] == guarantee).unwrap()["holds"].clone()
}

fn with(turn: fn(&mut Knobs)) -> Options {
    let mut options = newer();
    turn(&mut options.knobs);
    options
}

/// K04: a code that was pasted late was refused for its age, by a bank that ignores PKCE; a fresh one that brings
/// tokens proves nothing of it, so the probe waits until that one is as old.
#[tokio::test]
async fn a_code_that_ended_by_itself_proves_nothing() {
    let code_ttl = Some(Duration::from_secs(1)).into();
    let knobs = Knobs { code_ttl, ..Knobs::default() };
    for part in ["pkce", "redirect"] {
        let world = start(Options { knobs: knobs.clone(), ..Options::default() }).await;
        let late = async |attempt: Attempt| {
            let first = codes_shown(&world).is_empty();
            let Ok(landed) = world.browser().consent(&attempt).await else {
                return vec!["error".to_owned()];
            };
            if first {
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            vec![landed.into()]
        };
        let told = probe(&world, &["--only", part, "--json"], late).await;
        let found = told.json();
        assert_eq!((&found["proven"], &found["counts"]), (&json!(false), &json!("ignored")));
        assert!(told.code == 1 && told.all.contains("Waiting"), "{}", told.all);
        assert_eq!(holds(&world, "a code is good once").await, "depends");
        let shown = cli::run(&world.folder, &["probe", "--show", "--json"]).await.json();
        let kept = shown["providers"][0]["findings"].to_string();
        assert!(!kept.contains("\"pkce\"") && !kept.contains("redirect_at_token"), "{kept}");
    }
}

/// RFC 7009: that the refresh token's revocation ends the grant is said where the bank refused it afterwards, and
/// nowhere else.
#[tokio::test]
async fn an_end_that_nobody_saw_is_none() {
    let after = |reply, times| Knob::always(RevokeReply::Normal).with(Rule::to(reply).after(times));
    let mut not_offered = newer();
    not_offered.knobs.revoke_reply = after(RevokeReply::Status(404), 1);
    let mut silent = newer();
    silent.knobs.revoke_reply = after(RevokeReply::Status(503), 1);
    let mut lost = newer();
    let broken = TokenReply::Status { status: 500, retry_after: None };
    lost.knobs.refresh_reply = Knob::always(TokenReply::Normal).with(Rule::to(broken).after(2));
    for (options, revocation_is, tokens, judged) in [
        (not_offered, json!("not_offered"), "revocation_not_offered", "WEAK"),
        (silent, json!(null), "not_revoked", "depends"),
        (lost, json!(null), "not_revoked", "depends"),
    ] {
        let world = start(options).await;
        let told = revocation(&world).await;
        let found = told.json();
        assert_eq!((told.code, &found["tokens"]), (8, &json!(tokens)), "{}", told.all);
        assert_eq!(found["revocation"], revocation_is, "{}", told.all);
        assert_eq!(holds(&world, "disconnecting revokes").await, judged);
    }
}

/// A refresh token that never worked cannot show what ended it.
#[tokio::test]
async fn a_refresh_token_that_never_worked_proves_nothing() {
    let world =
        start(with(|knobs| knobs.refresh_failure = RefreshFailure::InvalidGrant.into())).await;
    let told = revocation(&world).await;
    let found = told.json();
    assert_eq!((&found["revocation"], &found["tokens"]), (&json!(null), &json!("revoked")));
    assert_eq!(holds(&world, "disconnecting revokes").await, "depends");
    assert!(live_tokens(&world).is_empty());
}

/// RFC 6749 §4.1.2: a bank that ends tokens whose code comes twice is asked for others, to see what revocation does.
#[tokio::test]
async fn tokens_that_their_code_ended_are_followed_by_others() {
    let answers = &[REFUSED, REFUSED, TOKENS, REFUSED, REFUSED, TOKENS, TOKENS, REFUSED];
    let (world, came) = answered_by(answers).await;
    let parts = ["--only", "pkce", "--only", "revocation", "--json"];
    let told = probe(&world, &parts, async |attempt| consents(&world, attempt).await).await;
    let found = told.json();
    assert_eq!((told.code, told.urls.len(), came.lock().unwrap().len()), (0, 3, 8), "{}", told.all);
    assert_eq!((&found["code_reuse"], &found["proven"]), (&json!("refused"), &json!(true)));
    assert_eq!(found["revocation"], "ends_grant");
}

/// Tokens that nobody can revoke are in the exit code, whatever was to be found out.
#[tokio::test]
async fn tokens_that_live_on_are_in_the_exit_code() {
    let knobs =
        Knobs { pkce: Pkce::Enforced.into(), refresh: Refresh::Keep.into(), ..Knobs::default() };
    let provider_settings = "revocation_url = \"\"".to_owned();
    let dangers = vec!["no_revocation"];
    let world = start(Options { knobs, provider_settings, dangers, ..Options::default() }).await;
    let parts = ["--only", "pkce", "--json"];
    let told = probe(&world, &parts, async |attempt| consents(&world, attempt).await).await;
    assert_eq!((told.code, &told.json()["tokens"]), (8, &json!("revocation_not_offered")));
    assert!(!live_tokens(&world).is_empty());
}
