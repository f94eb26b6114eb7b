//! `bankconnect probe`, the program itself, with a person who logs in once: what it finds of PKCE and of codes, what
//! it says, and what it never sends or prints.

use std::process::Output;
use std::time::Duration;

use bank_sim::{Knobs, Pkce, State};
use demo::browser::Attempt;
use demo::{Options, World};
use protocol::pkce::CodeVerifier;
use serde_json::{Value, json};

use crate::cli::{self, command};
use crate::common::{REVOKE, health, live_tokens, seen, start, world};
use crate::logs;
use crate::probing::{
    self, END, LOST, ODD, REFUSED, TOKENS, Told, answered_by, codes_shown, consents, newer,
    prints_no_secret,
};

/// A probe of PKCE and codes alone.
async fn probe(world: &World, more: &[&str], person: impl AsyncFn(Attempt) -> Vec<String>) -> Told {
    probing::probe(world, &[&["--only", "pkce"], more].concat(), person).await
}

/// D.4 `pkce=ignored`: K04; the verifier shown is wrong, the tokens are revoked, the code is good once only.
#[tokio::test]
async fn an_ignored_verifier_is_found_out() {
    let world = world().await;
    let told = probe(&world, &["--json"], async |attempt| consents(&world, attempt).await).await;
    assert_eq!(told.code, 3, "{}", told.all);
    let expected = json!({
        "provider": "cnb", "pkce": "ignored", "configured": "ignored", "csrf": "state",
        "refusal": null, "own_verifier": null, "code_reuse": "refused", "iss": "absent",
        "tokens": "revoked", "counts": "ignored", "proven": true, "kept": true, "failures": [],
        "redirect_at_authorization": null, "redirect_at_token": null, "revocation": null,
        "revoked_token": null,
    });
    assert_eq!(told.json(), expected);
    let challenge =
        told.urls[0].query_pairs().find(|(name, _)| name == "code_challenge").unwrap().1;
    let calls = codes_shown(&world);
    assert_eq!(calls.len(), 2);
    for call in &calls {
        let shown = CodeVerifier::parse(&call.form("code_verifier").unwrap()).ok().unwrap();
        assert_ne!(shown.challenge().as_str(), challenge);
        assert!(call.peer.is_some(), "by mutual TLS, as always");
    }
    assert!(live_tokens(&world).is_empty());
    assert_eq!(seen(&world, REVOKE).len(), 2);
    prints_no_secret(&world, &told);
    let told = probe(&world, &[], async |attempt| consents(&world, attempt).await).await;
    assert_eq!(told.code, 3);
    for words in
        ["PKCE is ignored", "are revoked", "as pkce = \"ignored\"", "callbacks is then: state"]
    {
        assert!(told.out.contains(words), "{}", told.out);
    }
    assert!(live_tokens(&world).is_empty());
}

/// K04: a bank that looks at the verifier, from Web Flow 1.5 or by force.
#[tokio::test]
async fn an_enforced_verifier_is_found_out() {
    let strict = Knobs { pkce: Pkce::Enforced.into(), ..Knobs::default() };
    for options in [newer(), Options { knobs: strict, ..Options::default() }] {
        let world = start(options).await;
        let told =
            probe(&world, &["--json"], async |attempt| consents(&world, attempt).await).await;
        assert_eq!(told.code, 0, "{}", told.all);
        let found = told.json();
        assert_eq!((&found["pkce"], &found["csrf"]), (&json!("enforced"), &json!("pkce")));
        assert_eq!(found["refusal"], "invalid_grant");
        assert_eq!(found["own_verifier"], "refused", "Web Flow burns a code with its first use");
        assert_eq!(
            (&found["code_reuse"], &found["tokens"]),
            (&json!("refused"), &json!("revoked"))
        );
        assert_eq!((&found["proven"], told.urls.len()), (&json!(true), 2), "by a second login");
        assert_eq!(codes_shown(&world).len(), 4, "each twice");
        assert!(live_tokens(&world).is_empty());
        prints_no_secret(&world, &told);
        let told = probe(&world, &[], async |attempt| consents(&world, attempt).await).await;
        assert!(told.out.contains("It counts from now on as pkce = \"enforced\""), "{}", told.out);
    }
}

/// A code that has ended is refused for that: it tells nothing of PKCE, and nothing of it is kept.
#[tokio::test]
async fn an_ended_code_proves_nothing() {
    let knobs = Knobs { code_ttl: Some(Duration::ZERO).into(), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::default() }).await;
    let told = probe(&world, &["--json"], async |attempt| consents(&world, attempt).await).await;
    let found = told.json();
    assert_eq!((told.code, told.urls.len()), (1, 2), "{}", told.all);
    assert_eq!((&found["proven"], &found["counts"]), (&json!(false), &json!("ignored")));
    assert_eq!(found["failures"][0]["error"], "failed");
    let shown = cli::run(&world.folder, &["probe", "--show", "--json"]).await.json();
    let kept = shown["providers"][0]["findings"].as_array().unwrap();
    assert!(kept.len() == 1 && kept[0]["question"] == "iss", "{shown}");
    let told = probe(&world, &[], async |attempt| consents(&world, attempt).await).await;
    assert!(told.out.contains("is not proven and not kept"), "{}", told.out);
    assert!(!told.out.contains("PKCE is enforced") && !told.out.contains("counts from now on"));
}

/// The probe takes a no for a no.
#[tokio::test]
async fn a_cancelled_login_sends_nothing() {
    let world = world().await;
    let cancels = async |attempt| vec![world.browser().cancel(&attempt).await.unwrap().into()];
    let told = probe(&world, &["--json"], cancels).await;
    assert_eq!((told.code, &told.json()["error"]), (4, &json!("cancelled")));
    assert!(codes_shown(&world).is_empty());
}

/// Whatever is pasted by mistake is told and asked for once more; what never comes is a login of its own.
#[tokio::test]
async fn a_wrong_paste_is_asked_for_again() {
    let world = world().await;
    let wrong = |attempt: &Attempt| {
        let elsewhere =
            format!("https://app.example/elsewhere?code=abc123&state={}", attempt.state);
        let page = "https://app.example/callback".to_owned();
        vec!["nonsense".to_owned(), attempt.url.clone(), elsewhere, page]
    };
    let fumbles = async |attempt: Attempt| {
        let mut lines = wrong(&attempt);
        lines.extend(consents(&world, attempt).await);
        lines
    };
    let told = probe(&world, &["--json"], fumbles).await;
    assert_eq!(told.code, 3, "{}", told.all);
    assert_eq!(told.all.matches("paste once more").count(), 4);
    world.bank.clear_requests();
    let gives_up = async |attempt| [wrong(&attempt), vec![END.to_owned()]].concat();
    let told = probe(&world, &["--json"], gives_up).await;
    assert_eq!((told.code, &told.json()["error"]), (5, &json!("not_the_callback")));
    assert!(codes_shown(&world).is_empty());
}

/// K05, K09, K11: an answer that is not the one to this attempt is refused before anything is sent.
#[tokio::test]
async fn an_answer_to_another_attempt_sends_nothing() {
    const ISSUER: &str = "https://aboktpp.cnb.cz/powerauth-webflow";
    let altered = Knobs { state: State::Alter.into(), ..Knobs::default() };
    let dropped = Knobs { state: State::Drop.into(), ..Knobs::default() };
    let iss = Knobs { iss: Some("https://evil.example".to_owned()).into(), ..Knobs::default() };
    let doubled = vec![("code".to_owned(), "other".to_owned())];
    let doubled = Knobs { redirect_extra: doubled.into(), ..Knobs::default() };
    for (knobs, error) in [
        (altered, "state"),
        (dropped, "state"),
        (iss, "issuer"),
        (Knobs::default(), "issuer"),
        (doubled, "parameter_twice"),
    ] {
        let provider_settings =
            if error == "issuer" { format!("issuer = \"{ISSUER}\"") } else { String::new() };
        let world = start(Options { knobs, provider_settings, ..Options::default() }).await;
        let told =
            probe(&world, &["--json"], async |attempt| consents(&world, attempt).await).await;
        assert_eq!((told.code, &told.json()["error"]), (5, &json!(error)), "{}", told.all);
        assert!(codes_shown(&world).is_empty());
    }
    for (provider_settings, told_as) in
        [(format!("issuer = \"{ISSUER}\""), "matches"), (String::new(), "not_configured")]
    {
        let knobs = Knobs { iss: Some(ISSUER.to_owned()).into(), ..Knobs::default() };
        let world = start(Options { knobs, provider_settings, ..Options::default() }).await;
        let told =
            probe(&world, &["--json"], async |attempt| consents(&world, attempt).await).await;
        assert_eq!((told.code, &told.json()["iss"]), (3, &json!(told_as)));
    }
}

/// Where nobody sits at the terminal, the address comes in a second run, and only to the state of the first.
#[tokio::test]
async fn the_answer_may_come_in_a_second_run() {
    let world = world().await;
    let told = probe(&world, &["--json"], async |_| Vec::new()).await;
    assert_eq!((told.code, &told.json()["error"]), (4, &json!("no_login")));
    let url = told.urls[0].clone();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    assert!(told.all.contains(&format!("--state {state} --callback")), "{}", told.all);
    let attempt = Attempt { state: state.clone(), verifier: String::new(), url: url.to_string() };
    let landing = consents(&world, attempt).await.remove(0);
    let run = async |state: &str| -> Output {
        let provider = ["probe", "--only", "pkce", "--provider", "cnb"];
        let arguments = ["--state", state, "--callback", &landing, "--json"];
        command(&world.folder, &[&provider[..], &arguments].concat()).output().await.unwrap()
    };
    let other = format!("bc1.{}", "a".repeat(43));
    assert_eq!(run(&other).await.status.code(), Some(5));
    assert!(codes_shown(&world).is_empty());
    let output = run(&state).await;
    assert_eq!(output.status.code(), Some(3));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["pkce"], &found["tokens"]), (&json!("ignored"), &json!("revoked")));
    assert!(live_tokens(&world).is_empty());
}

/// What stands in the way of a probe is said, by its exit code too.
#[tokio::test]
async fn what_stands_in_the_way_is_told() {
    let world = world().await;
    for (arguments, code, says) in [
        (&["--provider", "nobody"][..], 1, "configured are cnb, cnb-sandbox, other"),
        (&["--provider", "cnb-sandbox"], 1, "nobody logs in"),
        (&["--provider", "cnb", "--scope", "x"], 1, "none of aisp, pisp"),
        (&["--provider", "cnb", "--config", "x.toml"], 1, "there is no such file here"),
        (&["--provider", "cnb", "--callback", "https://app.example/callback?x"], 2, "--state"),
    ] {
        let arguments = [&["probe"], arguments].concat();
        let output = command(&world.folder, &arguments).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(says), "{said}");
    }
    std::fs::write(world.folder.join("cnb.secret"), "another").unwrap();
    let told = probe(&world, &["--json"], async |attempt| consents(&world, attempt).await).await;
    assert_eq!((told.code, &told.json()["error"]), (1, &json!("failed")));
    assert!(told.all.contains("refuses our client id, secret or certificate"), "{}", told.all);
}

/// Banks that bank-sim is not: a code that is good twice, one that outlives a refusal, tokens in a reply that is
/// no good. Whatever tokens come are revoked.
#[tokio::test]
async fn other_banks_are_told_apart() {
    for (answers, code, pkce, own, reuse, tokens, revocations) in [
        (&[TOKENS, TOKENS][..], 6, "ignored", json!(null), "accepted", json!("revoked"), 4),
        (&[ODD, REFUSED], 3, "ignored", json!(null), "refused", json!("revoked"), 1),
        (&[TOKENS, "{}"], 3, "ignored", json!(null), "unknown", json!("revoked"), 2),
        (&[TOKENS, LOST], 3, "ignored", json!(null), "unknown", json!("not_revoked"), 2),
        (&[REFUSED, LOST], 8, "enforced", json!("unknown"), "", json!("not_revoked"), 0),
        (
            &[REFUSED, TOKENS, REFUSED],
            0,
            "enforced",
            json!("accepted"),
            "refused",
            json!("revoked"),
            2,
        ),
        (
            &[REFUSED, TOKENS, TOKENS],
            6,
            "enforced",
            json!("accepted"),
            "accepted",
            json!("revoked"),
            4,
        ),
        (&[REFUSED, REFUSED], 9, "enforced", json!("refused"), "", json!(null), 0),
    ] {
        let (world, came) = answered_by(answers).await;
        let once = async |attempt| [consents(&world, attempt).await, vec![END.to_owned()]].concat();
        let told = probe(&world, &["--json"], once).await;
        assert_eq!(told.code, code, "{}", told.all);
        let found = told.json();
        assert_eq!(
            found["proven"],
            pkce == "ignored" || own == "accepted",
            "a code that ended before would be refused, too"
        );
        let told_of_reuse = if reuse.is_empty() { json!(null) } else { json!(reuse) };
        assert_eq!((&found["pkce"], &found["code_reuse"]), (&json!(pkce), &told_of_reuse));
        assert_eq!((&found["own_verifier"], &found["tokens"]), (&own, &tokens));
        assert_eq!(came.lock().unwrap().len(), answers.len());
        assert_eq!(seen(&world, REVOKE).len(), revocations, "{}", told.all);
        assert!(!told.all.contains("canary"));
        let report = cli::run(&world.folder, &["check", "--json"]).await.json();
        let mut all = report["guarantees"].as_array().unwrap().iter();
        let once = all.find(|one| one["guarantee"] == "a code is good once").unwrap();
        let holds = match reuse {
            "accepted" => "WEAK",
            "refused" => "holds",
            _ => "depends",
        };
        assert_eq!(once["holds"], holds, "{once}");
    }
}

/// K04: what is known of a bank's PKCE is declared at the start and by health; nothing known counts as ignored.
#[tokio::test]
async fn the_defence_is_declared() {
    for (written, pkce, csrf) in [
        ("", "ignored", "state"),
        ("pkce = \"unknown\"", "unknown", "state"),
        ("pkce = \"enforced\"", "enforced", "pkce"),
    ] {
        logs::begin();
        let provider_settings = written.to_owned();
        let world = start(Options { provider_settings, ..Options::default() }).await;
        let events = logs::events("csrf_defence");
        let told: Vec<_> = events.iter().map(|event| event["provider"].clone()).collect();
        assert_eq!(told, ["cnb", "other"], "nobody logs in at the sandbox");
        assert_eq!((&events[0]["csrf"], &events[0]["pkce"]), (&json!(csrf), &json!(pkce)));
        let known = health(&world, "cnb").await;
        assert_eq!((&known["csrf"], &known["pkce"]), (&json!(csrf), &json!(pkce)));
        let sandbox = health(&world, "cnb-sandbox").await;
        assert_eq!((&sandbox["csrf"], &sandbox["pkce"]), (&json!(null), &json!(null)));
    }
}
