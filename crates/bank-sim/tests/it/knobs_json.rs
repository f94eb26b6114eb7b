//! Knobs as data: every knob and every position survives the way to JSON and back, and what cannot
//! be meant is refused with the name of the knob and the field.

use bank_sim::Knobs;
use serde_json::{Value, json};

/// A value for each position of a knob, besides its default.
fn positions(name: &str) -> Vec<Value> {
    match name {
        "token_reply" | "refresh_reply" => token_replies(),
        "api_reply" => api_replies(),
        "revoke_reply" => json_list(json!([
            "normal", { "status": 503 }, "hang", "drop_after_commit", "ok_unknown",
        ])),
        "token_type" | "expires_in" | "scope" => {
            json_list(json!(["normal", "absent", { "raw": "\"60\"" }]))
        }
        "refresh" => json_list(json!([
            "none", "keep", "rotate", "rotate_with_reuse_detection",
            { "rotate_with_grace_ms": 30_000 },
        ])),
        "refresh_failure" => json_list(json!(["off", "invalid_grant", "invalid_client"])),
        "state" => json_list(json!(["keep", "drop", "alter"])),
        "pkce" => json_list(json!(["normal", "ignored", "honoured", "enforced"])),
        "redirect_uri" => json_list(json!(["normal", "below", "unbound"])),
        "redirect_status" => json_list(json!([303, 302])),
        "web_flow" => json_list(json!(["1.4", "1.5"])),
        "redirect_extra" => json_list(json!([[], [["state", "other"], ["code", "x"]]])),
        "client_auth" => json_list(json!(["both", "basic", "post"])),
        "unattended_reply" => json_list(json!(["too_many_requests", "auth_limit_exceeded"])),
        "iss" => json_list(json!([null, "https://bank.example/"])),
        "code_ttl_ms" => json_list(json!([null, 300_000])),
        "unattended_per_day" => json_list(json!([null, 4])),
        "expired_status" | "no_psd_status" => json_list(json!([401, 403])),
        "no_scope" => json_list(json!(["forbidden", "unauthorised", "spring"])),
        "registration_failure" => json_list(json!([null, 500, 503])),
        "consent_days" => json_list(json!([90])),
        "token_delay_ms" | "access_ttl_ms" | "refresh_ttl_ms" | "accept_delay_ms"
        | "slow_handshake_ms" => json_list(json!([0, 1500, 0.25])),
        "payment_kinds" => json_list(json!([[], ["domestic", "sepa", "eea", "non_eea"]])),
        "narrative" => json_list(json!([null, "closed for the day"])),
        "sign_scenarios" => json_list(json!([[["SMS"]], [["USERAGENT_REDIRECT", "SMS"]]])),
        "sign_page" => json_list(json!(["get", "post"])),
        "delete_status" | "registration_delete_status" => json_list(json!([200, 201, 204])),
        "require_mtls_at_token"
        | "strict_headers"
        | "registration_keeps_contact"
        | "instant_payments"
        | "strict_elements"
        | "strict_characters"
        | "strict_ibans"
        | "sign_at_initiation"
        | "optional_resources"
        | "short_due_mode"
        | "consents_resource"
        | "card_consent" => json_list(json!([true, false])),
        "batch_payments" => json_list(json!([1, 100])),
        "sign_ttl_ms" | "settle_after_ms" | "overdue_for_ms" => json_list(json!([0, 86_400_000])),
        other => panic!("no positions known of {other}"),
    }
}

fn token_replies() -> Vec<Value> {
    json_list(json!([
        "normal",
        { "redirect": { "status": 302, "location": "https://evil.example/" } },
        { "status": { "status": 503, "retry_after": "7" } },
        { "huge": { "bytes": 1_073_741_824 } },
        { "drip": { "delay_ms": 1000 } },
        "truncated",
        { "not_json": "<p>x</p>" },
        "json_array",
        "duplicate_keys",
        "bad_utf8",
        "drop_after_commit",
        "hang",
        { "error": { "status": 400, "error": "invalid_grant", "description": "x" } },
        "gzip",
        { "compressed": { "bytes": 1_073_741_824 } },
        "reset",
        "extra_fields",
        { "id_token": "e30.e30." },
    ]))
}

fn api_replies() -> Vec<Value> {
    json_list(json!([
        "normal",
        { "status": 500 },
        "expired",
        { "html": "<p>x</p>" },
        { "set_cookie": "a=b" },
        { "coded": "br" },
        { "redirect": "https://evil.example/" },
        { "huge": { "bytes": 5 } },
        { "drip": { "delay_ms": 0.1 } },
        "hang",
        "truncated",
        { "next_page": "https://evil.example/" },
        { "location": "https://evil.example/" },
        { "retry": { "status": 429, "retry_after": "60" } },
        { "error": { "status": 400, "code": "AUTH_LIMIT_EXCEEDED" } },
        "invalid_token",
        "insufficient_scope",
        "drop_after_commit",
        "broken_json",
        "duplicate_keys",
        { "headers": [["X-Big", "x"]] },
        { "compressed": { "bytes": 5 } },
        "reset",
    ]))
}

fn json_list(list: Value) -> Vec<Value> {
    match list {
        Value::Array(list) => list,
        other => panic!("no list: {other}"),
    }
}

fn turned(name: &str, value: Value) -> Result<Knobs, String> {
    let changes = [(name.to_owned(), value)].into_iter().collect();
    Knobs::default().patched(&changes).map_err(|error| error.to_string())
}

#[test]
fn every_position_of_every_knob_comes_back() {
    for name in Knobs::default().to_json().keys() {
        for value in positions(name) {
            let knobs = turned(name, value.clone()).unwrap();
            assert_eq!(knobs.to_json()[name], value, "{name}");
            let again = Knobs::default().patched(&knobs.to_json()).unwrap();
            assert_eq!(again, knobs, "{name}");

            let rules = json!([
                { "to": value, "times": 1, "after": 2, "percent": 30, "user": "jana",
                  "path": "/token", "request": "id-1" },
                { "to": value },
            ]);
            let full = json!({ "always": value, "rules": rules });
            let knobs = turned(name, full.clone()).unwrap();
            assert_eq!(knobs.to_json()[name], full, "{name}");
            assert_eq!(Knobs::default().patched(&knobs.to_json()).unwrap(), knobs, "{name}");
        }
    }
}

#[test]
fn every_knob_is_documented() {
    let docs = include_str!("../../docs/knobs.md");
    for name in Knobs::default().to_json().keys() {
        assert!(docs.contains(&format!("`{name}`")), "{name} is not in docs/knobs.md");
        for value in positions(name) {
            let object = value.as_object();
            let word = object.and_then(|object| object.keys().next().map(String::as_str));
            let word = word.or(value.as_str().filter(|text| !text.contains([':', ' '])));
            assert!(word.is_none_or(|word| docs.contains(word)), "{name}: {value}");
        }
    }
}

#[test]
fn rules_alone_keep_the_lasting_position() {
    let rules = json!([{ "to": false, "times": 1 }]);
    let knobs = turned("strict_headers", json!({ "rules": rules })).unwrap();
    assert_eq!(knobs.to_json()["strict_headers"], json!({ "always": true, "rules": rules }));
}

#[test]
fn a_word_on_the_command_line_needs_no_quotes() {
    let knobs = Knobs::default().assigned("refresh=rotate").unwrap();
    assert_eq!(knobs.to_json()["refresh"], "rotate");
    let knobs = knobs.assigned("api_reply={\"retry\":{\"status\":429,\"retry_after\":\"9\"}}");
    assert_eq!(knobs.unwrap().to_json()["api_reply"]["retry"]["retry_after"], "9");
    for (text, name, word) in
        [("web_flow=1.5", "web_flow", "1.5"), ("narrative=123", "narrative", "123")]
    {
        assert_eq!(Knobs::default().assigned(text).unwrap().to_json()[name], word);
    }
    let error = Knobs::default().assigned("web_flow={").unwrap_err().to_string();
    assert!(error.contains("knob `web_flow`: no JSON"), "{error}");
    let error = Knobs::default().assigned("refresh").unwrap_err().to_string();
    assert!(error.contains("NAME=JSON_OR_WORD"), "{error}");
}

#[test]
fn errors_name_the_knob_the_field_and_what_is_known() {
    let cases = [
        ("tokn_reply", json!("hang"), ["unknown knob `tokn_reply`", "token_reply, "]),
        ("refresh", json!("rotte"), ["knob `refresh`", "`rotate`"]),
        ("token_reply", json!({ "redirect": { "status": "302" } }), ["redirect.status", "u16"]),
        ("token_reply", json!({ "redirect": { "status": 302 } }), ["redirect", "`location`"]),
        ("api_reply", json!({ "status": 99 }), ["knob `api_reply`: status", "200 to 599"]),
        ("api_reply", json!({ "headers": [["a b", "c"]] }), ["headers", "`a b`"]),
        (
            "pkce",
            json!({ "always": "ignored", "rules": [{ "to": "on" }] }),
            ["rules[0].to", "`enforced`"],
        ),
        (
            "pkce",
            json!({ "rules": [{ "to": "enforced", "percent": 101 }] }),
            ["rules[0].percent", "101"],
        ),
        ("pkce", json!({ "rules": [{ "to": "enforced", "tmies": 1 }] }), ["tmies", "`times`"]),
        ("token_delay_ms", json!("5s"), ["knob `token_delay_ms`", "number"]),
        ("token_delay_ms", json!(-5), ["knob `token_delay_ms`", "milliseconds"]),
    ];
    for (name, value, parts) in cases {
        let error = turned(name, value).unwrap_err();
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let error = Knobs::default().patched_from("[]").unwrap_err().to_string();
    assert!(error.contains("JSON object"), "{error}");
}
