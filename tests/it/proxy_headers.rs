//! Walk two, headers: the bank gets what the broker writes, the page gets what the broker lists.

use std::collections::{BTreeMap, BTreeSet};

use bank_sim::{ApiReply, Knobs, RecordedRequest};
use demo::browser::Browser;
use demo::{Options, World};

use crate::common::{accounts, api_calls, connected, live_tokens, raw_get, start, stepped, world};

/// Headers of a call, without those of the transport and those that differ from call to call.
fn standing(call: &RecordedRequest) -> BTreeMap<String, String> {
    let changing = ["x-request-id", "user-ip-port", "date", "host"];
    let headers = call.headers.iter().filter(|(name, _)| !changing.contains(&name.as_str()));
    headers
        .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
        .collect()
}

async fn one_call(world: &World, browser: &Browser, id: &str, more: &str) -> RecordedRequest {
    world.bank.clear_requests();
    let target = format!("/bank/connections/{id}/api/my/accounts");
    let answer = raw_get(world, browser, &target, more).await;
    assert_eq!(answer.status, 200, "{more}: {}", answer.text);
    let [call] = &api_calls(world)[..] else { panic!("one call for {more}") };
    call.clone()
}

/// P07, P12, P24, P25: the exact set, with its values.
#[tokio::test]
async fn the_bank_gets_exactly_our_headers() {
    let listen_settings = "trusted_proxies = [\"127.0.0.1\"]".to_owned();
    let world = start(Options { listen_settings, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    let call = one_call(&world, &browser, &id, "x-forwarded-for: 203.0.113.9:4711\r\n").await;
    let names: BTreeSet<_> = call.headers.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "accept",
        "accept-encoding",
        "authorization",
        "content-type",
        "date",
        "tpp-identification",
        "tpp-name",
        "user-involved",
        "user-ip-address",
        "user-ip-port",
        "x-request-id",
    ];
    let transport = ["host"];
    let ours: Vec<_> = names.iter().filter(|name| !transport.contains(name)).copied().collect();
    assert_eq!(ours, expected);
    let value = |name: &str| {
        let [value] = &call.header_values(name)[..] else { panic!("{name} comes once") };
        value.clone()
    };
    let access_token = world.bank.live_tokens()[0].access_token.clone().unwrap();
    assert_eq!(value("authorization"), format!("Bearer {access_token}"));
    assert_eq!(value("content-type"), "application/json");
    assert_eq!(value("accept"), "application/json");
    assert_eq!(value("accept-encoding"), "identity");
    assert_eq!(value("tpp-name"), "Ukazkova fintech a.s.");
    assert_eq!(value("tpp-identification"), "PSDCZ-CNB-12345678");
    assert_eq!(value("user-involved"), "true");
    assert_eq!(value("user-ip-address"), "203.0.113.9");
    assert_eq!(value("user-ip-port"), "4711");
    let date = httpdate::parse_http_date(&value("date")).unwrap();
    let apart = call.at.duration_since(date).unwrap();
    assert!(apart.as_secs() < 1, "the clock stands, so the date is this second");
    assert!(call.peer.is_some(), "mutual TLS");
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// P24: a fresh UUID for every call, the same one the page and the log have.
#[tokio::test]
async fn every_call_has_a_request_id_of_its_own() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let mut told = Vec::new();
    for _ in 0..5 {
        let answer = accounts(&browser, &id).await;
        told.push(answer.headers["x-request-id"].to_str().unwrap().to_owned());
    }
    let ids: Vec<_> = api_calls(&world).iter().map(|c| c.header("x-request-id").unwrap()).collect();
    assert_eq!(ids, told);
    for id in &ids {
        let dashes: Vec<_> = id.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!((id.len(), &dashes[..], &id[14..15]), (36, &[8, 13, 18, 23][..], "4"), "{id}");
    }
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 5);
}

/// P07, P09, P11, P26, C04: whatever a page sends, in any spelling, the bank gets our set and our
/// values.
#[tokio::test]
async fn headers_of_the_page_do_not_reach_the_bank() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let plain = standing(&one_call(&world, &browser, &id, "").await);
    let names = [
        "Authorization: Bearer canary",
        "Client-Cert: canary",
        "Client-Cert-Chain: canary",
        "Ssl-Client-Cert: canary",
        "X-SSL-Client-Cert: canary",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: http",
        "Forwarded: for=6.6.6.6",
        "X-Real-IP: 6.6.6.6",
        "X-Original-URL: /my/payments",
        "X-Rewrite-URL: /my/payments",
        "X-HTTP-Method-Override: DELETE",
        "TPP-Name: canary",
        "TPP-Identification: canary",
        "TPP-Signature-Certificate: canary",
        "User-Involved: false",
        "User-IP-Address: 6.6.6.6",
        "User-IP-Port: 6",
        "User-User-Agent: canary",
        "User-Device-ID: canary",
        "User-Geo-Location: GEO:1;1",
        "Signature: canary",
        "Digest: canary",
        "API-key: canary",
        "X-Request-ID: 00000000-0000-4000-8000-000000000000",
        "Date: Thu, 01 Jan 1970 00:00:00 GMT",
        "Content-Type: text/html",
        "Accept: text/html",
        "Accept-Encoding: gzip, br",
        "Range: bytes=0-1",
        "If-None-Match: \"canary\"",
        "Origin: https://app.example",
        "Referer: https://app.example/canary",
        "Priority: u=1",
        "Traceparent: 00-canary-01",
    ];
    for header in names {
        let (name, value) = header.split_once(':').unwrap();
        for spelt in [name.to_owned(), name.replace('-', "_"), name.to_uppercase()] {
            let more = format!("{spelt}:{value}\r\n");
            let call = one_call(&world, &browser, &id, &more).await;
            assert_eq!(standing(&call), plain, "{more}");
            assert_ne!(call.header("x-request-id").unwrap(), value.trim());
        }
    }
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// C04, bank-api 6.4: the header in which the bank's own proxy names the client certificate.
#[tokio::test]
async fn x_client_certificate_is_never_smuggled() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let mut spellings = Vec::new();
    for bits in 0..4 {
        let dash = |bit: u8| if bits & bit == 0 { "-" } else { "_" };
        for word in ["x client certificate", "X CLIENT CERTIFICATE", "X Client Certificate"] {
            let words: Vec<_> = word.split(' ').collect();
            spellings.push([words[0], dash(1), words[1], dash(2), words[2]].concat());
        }
    }
    for spelling in spellings {
        for more in [
            format!("{spelling}: certificate-all\r\n"),
            format!("{spelling}: certificate-all\r\n{spelling}: certificate-aisp\r\n"),
            format!("connection: {spelling}\r\n{spelling}: certificate-all\r\n"),
        ] {
            let call = one_call(&world, &browser, &id, &more).await;
            let names = call.headers.iter().map(|(name, _)| name.replace('_', "-"));
            assert!(names.into_iter().all(|name| !name.contains("client-cert")), "{more}");
        }
    }
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// P08, C05: names in `Connection` take nothing away from what the broker writes.
#[tokio::test]
async fn connection_lists_remove_none_of_our_headers() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let plain = standing(&one_call(&world, &browser, &id, "").await);
    for name in [
        "authorization",
        "x-request-id",
        "date",
        "tpp-name",
        "user-involved",
        "user-ip-address",
        "content-type",
        "cookie",
        "x-bankconnect",
        "keep-alive, transfer-encoding, te, trailer, upgrade",
    ] {
        for header in ["connection", "proxy-connection", "keep-alive", "te"] {
            let more = format!("{header}: {name}\r\n");
            let call = one_call(&world, &browser, &id, &more).await;
            assert_eq!(standing(&call), plain, "{more}");
            assert!(call.header("x-request-id").is_some() && call.header("date").is_some());
        }
    }
}

/// What the standard has a place for is passed on: the browser's own name and language, and the id
/// of a download; too long or odd, it is left out.
#[tokio::test]
async fn the_listed_headers_of_the_page_are_passed_on() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let good = "user-agent: Canary/1.0\r\naccept-language: cs, en;q=0.5\r\naction-id: a-1\r\n";
    let call = one_call(&world, &browser, &id, good).await;
    assert_eq!(call.header("user-user-agent").as_deref(), Some("Canary/1.0"));
    assert_eq!(call.header("accept-language").as_deref(), Some("cs, en;q=0.5"));
    assert_eq!(call.header("action-id").as_deref(), Some("a-1"));
    assert!(call.header("user-agent").is_none());
    let long = "x".repeat(201);
    let odd = format!("user-agent: {long}\r\naccept-language: {long}\r\naction-id: a b\r\n");
    let call = one_call(&world, &browser, &id, &odd).await;
    for name in ["user-user-agent", "accept-language", "action-id"] {
        assert!(call.header(name).is_none(), "{name}");
    }
}

/// K37, P25, C06: by default nobody is believed; with a trusted proxy only what it wrote itself.
#[tokio::test]
async fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
    let default = world().await;
    let (browser, id) = connected(&default).await;
    for more in [
        "x-forwarded-for: 203.0.113.9\r\n",
        "x-forwarded-for: 127.0.0.1\r\nx-forwarded-for: 203.0.113.9\r\n",
        "forwarded: for=203.0.113.9\r\n",
        "x-real-ip: 203.0.113.9\r\ntrue-client-ip: 203.0.113.9\r\n",
    ] {
        let call = one_call(&default, &browser, &id, more).await;
        // this machine's own address is some proxy's, never the person's
        assert!(call.header_values("user-ip-address").is_empty(), "{more}");
    }
    let listen_settings = "trusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\"]".to_owned();
    let trusting = start(Options { listen_settings, ..Options::default() }).await;
    let (browser, id) = connected(&trusting).await;
    for (more, address) in [
        // where the proxy names nobody that can be believed, nobody is named: not the proxy either
        ("", None),
        ("x-forwarded-for: 203.0.113.9\r\n", Some("203.0.113.9")),
        ("x-forwarded-for: 6.6.6.6, 203.0.113.9\r\n", Some("203.0.113.9")),
        (
            "x-forwarded-for: 6.6.6.6\r\nx-forwarded-for: 203.0.113.9, 10.1.2.3\r\n",
            Some("203.0.113.9"),
        ),
        ("x-forwarded-for: 2001:db8::7\r\n", Some("2001:db8::7")),
        ("x-forwarded-for: ::ffff:203.0.113.9\r\n", Some("203.0.113.9")),
        ("x-forwarded-for: 6.6.6.6, garbage\r\n", None),
        ("x-forwarded-for: 6.6.6.6, \u{2013}\r\n", None),
        ("x-forwarded-for: 10.9.9.9\r\n", None),
        ("forwarded: for=6.6.6.6\r\n", None),
    ] {
        let call = one_call(&trusting, &browser, &id, more).await;
        let told = call.header("user-ip-address");
        assert_eq!(told.as_deref(), address, "{more}");
    }
    assert_eq!(trusting.bank.violations(), Vec::<String>::new());
}

/// P11, P17: what comes down is listed too; cookies, redirects and challenges of the bank stay there.
#[tokio::test]
async fn headers_of_the_bank_do_not_reach_the_page() {
    let knobs = Knobs {
        api_reply: ApiReply::SetCookie("canary=1; Path=/".to_owned()).into(),
        ..Knobs::default()
    };
    let world = start(Options { knobs, ..Options::default() }).await;
    let (browser, id) = connected(&world).await;
    let answer = accounts(&browser, &id).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let names: BTreeSet<_> =
        answer.headers.keys().map(reqwest::header::HeaderName::as_str).collect();
    let listed = BTreeSet::from([
        "cache-control",
        "content-language",
        "content-length",
        "content-security-policy",
        "content-type",
        "cross-origin-resource-policy",
        "date",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-request-id",
    ]);
    assert!(names.is_subset(&listed), "{names:?}");
    assert_eq!(answer.headers.get_all("cache-control").iter().count(), 1);
    for token in live_tokens(&world) {
        assert!(!answer.text.contains(&token));
    }
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Normal.into());
    let user = world.bank.credentials()[0].username.clone();
    world.bank.revoke_consent(&user);
    // a 401 of the bank comes with WWW-Authenticate
    crate::common::problem(&accounts(&browser, &id).await, 401, "reconnect");
}
