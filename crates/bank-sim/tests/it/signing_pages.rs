//! Signing in the bank's pages: bank-api facts 5.4 and 10.8.

use std::time::Duration;

use bank_sim::SignPage;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::payer::Payer;
use crate::signing::{REDIRECT, begin, state};
use crate::world::{CALLBACK, CLIENT, query};

#[tokio::test]
async fn a_person_signs_in_the_banks_pages() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let offered = payer.sign(Method::GET, &ordered, Value::Null).await.json();
    assert_eq!(
        offered,
        json!({
            "scenarios": [[REDIRECT], ["SMS"]],
            "signInfo": { "state": "OPEN", "signId": ordered.sign },
        })
    );
    let body = json!({ "authorizationType": REDIRECT, "redirectUrl": CALLBACK });
    let begun = payer.sign(Method::POST, &ordered, body).await.json();
    let url = begun["href"]["url"].as_str().unwrap();
    assert_eq!(begun["authorizationType"], REDIRECT);
    assert_eq!((&begun["method"], &begun["formData"]), (&json!("GET"), &Value::Null));
    assert_eq!(begun["signInfo"], offered["signInfo"]);
    assert_eq!(query(url, "operation_id").as_deref(), begun["href"]["id"].as_str());
    assert_eq!(state(&payer, &ordered).await, "OPEN");

    let mut browser = Browser::new(&payer.world);
    browser.open(url).await;
    browser.log_in(&payer.world, "jana").await;
    let page = &browser.page.text;
    assert!(page.contains("150,50\u{a0}CZK"), "{page}");
    assert!(page.contains("2108589434/0800"), "{page}");
    browser.confirm_sms().await;
    assert_eq!(browser.page.status, 303);
    assert!(browser.left_to.starts_with(CALLBACK), "{}", browser.left_to);
    assert_eq!(query(&browser.left_to, "state"), Some(ordered.sign.clone()));
    assert_eq!(state(&payer, &ordered).await, "DONE");
    assert_eq!(payer.status(&ordered).await, "ACSP");

    let tokens = payer.world.exchange(&query(&browser.left_to, "code").unwrap()).await;
    assert_eq!((tokens.status.as_u16(), &tokens.json()["scope"]), (200, &json!("pisp")));
}

#[tokio::test]
async fn a_page_that_is_opened_by_a_form_goes_on_like_one_with_an_address() {
    let payer = Payer::start("jana").await;
    payer.world.bank.update_knobs(|knobs| knobs.sign_page = SignPage::Post.into());
    let ordered = payer.initiated(&payer.domestic()).await;
    let body = json!({ "authorizationType": REDIRECT, "redirectUrl": CALLBACK });
    let begun = payer.sign(Method::POST, &ordered, body).await.json();
    assert_eq!(begun["method"], "POST");
    let url = begun["href"]["url"].as_str().unwrap();
    assert!(!url.contains('?'), "{url}");
    let form = begun["formData"].as_object().unwrap();
    assert_eq!(form.keys().collect::<Vec<_>>(), ["SAMLRequest", "relayState"]);
    let form: Vec<_> = form.iter().map(|(name, text)| (&**name, text.as_str().unwrap())).collect();

    let mut browser = Browser::new(&payer.world);
    let misspelt =
        form.iter().map(|(name, text)| (if *name == "relayState" { "id" } else { name }, *text));
    let others = [("SAMLRequest", form[0].1), ("relayState", "sgn-other")];
    for wrong in
        [&misspelt.collect::<Vec<_>>(), &others[..], &form[..1], &[form[0], form[0], form[1]]]
    {
        browser.post(url, wrong).await;
        assert_eq!(browser.page.status, 400, "{wrong:?}");
    }
    browser.post(url, &form).await;
    browser.log_in(&payer.world, "jana").await;
    assert!(browser.page.text.contains("150,50\u{a0}CZK"), "{}", browser.page.text);
    browser.confirm_sms().await;
    assert!(browser.left_to.starts_with(CALLBACK), "{}", browser.left_to);
    assert_eq!(state(&payer, &ordered).await, "DONE");
}

#[tokio::test]
async fn the_code_of_a_signing_gives_no_consent() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let mut browser = Browser::new(&payer.world);
    browser.open(&begin(&payer, &ordered).await).await;
    browser.log_in(&payer.world, "jana").await;
    browser.confirm_sms().await;
    payer.world.bank.revoke_consent("jana");
    let tokens = payer.world.exchange(&query(&browser.left_to, "code").unwrap()).await;
    assert_eq!(tokens.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(payer.world.bank.live_tokens(), []);
}

#[tokio::test]
async fn a_signing_leads_to_the_address_that_browsers_know() {
    // a name that the bank does not know itself by
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let known = format!("http://localhost:{}", free.port());
    let payer = Payer::with("jana", |options| {
        options.front = free;
        options.front_url = Some(known.clone());
    });
    let payer = payer.await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let url = begin(&payer, &ordered).await;
    let pages = format!("{known}/powerauth-webflow/oauth/authorize?");
    assert!(url.starts_with(&pages), "{url}");
}

#[tokio::test]
async fn a_bank_on_all_addresses_tells_one_that_cookies_fit() {
    let payer = Payer::with("jana", |options| {
        options.front = ([0, 0, 0, 0], 0).into();
        options.tls = options.front;
    });
    let payer = payer.await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let url = begin(&payer, &ordered).await;
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert!(url.starts_with(&payer.world.bank.front_url()), "{url}");
    assert!(payer.world.bank.tls_addr().ip().is_loopback());
}

#[tokio::test]
async fn a_person_refuses_in_the_banks_pages() {
    let payer = Payer::start("jana").await;
    for step in 0..2 {
        let ordered = payer.initiated(&payer.domestic()).await;
        let mut browser = Browser::new(&payer.world);
        browser.open(&begin(&payer, &ordered).await).await;
        if step > 0 {
            browser.log_in(&payer.world, "jana").await;
        }
        browser.cancel().await;
        let back = format!(
            "{CALLBACK}?error=access_denied&error_description=User%20canceled%20authentication\
             %20request&state={}",
            ordered.sign
        );
        assert_eq!(browser.left_to, back);
        assert_eq!(state(&payer, &ordered).await, "CANCELLED");
        assert_eq!(payer.status(&ordered).await, "RJCT");
    }
}

#[tokio::test]
async fn the_bank_sends_browsers_home_only() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let begin = async |redirect: Value| {
        let body = json!({ "authorizationType": REDIRECT, "redirectUrl": redirect });
        payer.sign(Method::POST, &ordered, body).await
    };
    let refused = (400, "INVALID_AUTHORIZATION_REDIRECT_URI".to_owned(), "redirectUrl".to_owned());
    for place in [
        "http://127.0.0.1:10/callback",
        "https://127.0.0.1:9/callback",
        "http://127.0.0.1.evil.example:9/callback",
        "http://evil.example/?http://127.0.0.1:9/callback",
        "javascript:alert(1)",
        "/callback",
        "",
    ] {
        assert_eq!(begin(json!(place)).await.error(), refused, "{place}");
    }
    let invalid = (400, "FIELD_INVALID".to_owned(), "redirectUrl".to_owned());
    assert_eq!(begin(json!(1)).await.error(), invalid);
    let elsewhere = begin(json!("http://127.0.0.1:9/signed?of=42")).await.json();
    let mut browser = Browser::new(&payer.world);
    browser.open(elsewhere["href"]["url"].as_str().unwrap()).await;
    assert!(browser.page.header("content-security-policy").contains("'self' http://127.0.0.1:9;"));
    browser.log_in(&payer.world, "jana").await;
    browser.confirm_sms().await;
    assert!(browser.left_to.starts_with("http://127.0.0.1:9/signed?of=42&code="));
}

#[tokio::test]
async fn without_an_address_the_registered_one_counts_and_a_false_one_changes_nothing() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let body = json!({ "authorizationType": REDIRECT });
    let begun = payer.sign(Method::POST, &ordered, body).await.json();
    let url = begun["href"]["url"].as_str().unwrap();
    let forged = url.replace("127.0.0.1%3A9", "127.0.0.1%3A6").replace(CLIENT, "client-x");
    assert_eq!(forged.len(), url.len());
    let mut browser = Browser::new(&payer.world);
    browser.open(&forged).await;
    let asks = "Platbu zadala aplikace: <strong>Účty &lt;pohromadě&gt;</strong>, licence PSDCZ";
    assert!(browser.page.text.contains(asks), "{}", browser.page.text);
    browser.log_in(&payer.world, "jana").await;
    browser.confirm_sms().await;
    assert!(browser.left_to.starts_with(CALLBACK), "{}", browser.left_to);
}

#[tokio::test]
async fn only_the_payer_may_sign() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let mut browser = Browser::new(&payer.world);
    browser.open(&begin(&payer, &ordered).await).await;
    browser.log_in(&payer.world, "petr").await;
    assert_eq!(browser.page.status, 422);
    assert!(browser.page.text.contains("může potvrdit jen ten"), "{}", browser.page.text);
    assert_eq!(payer.world.bank.sms_code("petr"), None);
    browser.log_in(&payer.world, "jana").await;
    assert!(browser.page.text.contains("id=\"phone-code\""));
    assert_eq!(payer.status(&ordered).await, "ACWC");
}

#[tokio::test]
async fn a_payment_that_was_deleted_meanwhile_cannot_be_signed() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let mut browser = Browser::new(&payer.world);
    browser.open(&begin(&payer, &ordered).await).await;
    browser.log_in(&payer.world, "jana").await;
    payer.send(Method::DELETE, &ordered.path(), None).await;
    browser.confirm_sms().await;
    assert_eq!(browser.left_to, "");
    assert!(browser.page.text.contains("Přihlášení nelze dokončit"), "{}", browser.page.text);
}

#[tokio::test]
async fn an_unknown_operation_leads_nowhere_and_of_two_the_first_counts() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let url = begin(&payer, &ordered).await;
    let mut browser = Browser::new(&payer.world);
    let unknown = url.replace("operation_id=op-", "operation_id=op-x");
    browser.open(&unknown).await;
    assert!(browser.page.text.contains("Přihlášení nelze dokončit"), "{}", browser.page.text);
    browser.open(&format!("{url}&operation_id=op-x")).await;
    assert!(browser.page.text.contains("name=\"password\""));
    let first_unknown = url.replace("operation_id=", "operation_id=op-x&operation_id=");
    browser.open(&first_unknown).await;
    assert!(!browser.page.text.contains("name=\"password\""));

    browser.open(&url).await;
    browser.log_in(&payer.world, "jana").await;
    browser.confirm_sms().await;
    browser.open(&url).await;
    assert!(!browser.page.text.contains("name=\"password\""), "an operation is signed once");
}

#[tokio::test]
async fn five_wrong_codes_cancel_and_five_idle_minutes_do_not() {
    let mut payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let url = begin(&payer, &ordered).await;
    let mut browser = Browser::new(&payer.world);
    browser.open(&url).await;
    payer.world.clock.advance(Duration::from_secs(301));
    browser.log_in(&payer.world, "jana").await;
    assert!(browser.left_to.contains("error_description=Authentication%20timed%20out"));
    payer.renew().await;
    assert_eq!(state(&payer, &ordered).await, "OPEN");

    browser.open(&url).await;
    browser.log_in(&payer.world, "jana").await;
    for _ in 0..4 {
        browser.submit(&[("sms_code", "0")]).await;
        assert_eq!(browser.page.status, 422);
        assert!(browser.page.text.contains("href=\"#sms_code\""));
    }
    browser.submit(&[("sms_code", "0")]).await;
    assert!(browser.left_to.contains("error=access_denied"), "{}", browser.left_to);
    assert_eq!(state(&payer, &ordered).await, "CANCELLED");
    assert_eq!(payer.status(&ordered).await, "RJCT");
}

#[tokio::test]
async fn the_pages_speak_english_too() {
    let payer = Payer::start("jana").await;
    let mut body = payer.domestic();
    body["amount"]["instructedAmount"]["value"] = json!(1_234_567.5);
    body["remittanceInformation"] = json!({ "unstructured": "/VS/42/SS/7/KS/308 <b>rent</b>" });
    let ordered = payer.initiated(&body).await;
    let mut browser = Browser::new(&payer.world);
    "en".clone_into(&mut browser.language);
    browser.open(&begin(&payer, &ordered).await).await;
    assert!(browser.page.text.contains("The payment was ordered in the app"));
    browser.log_in(&payer.world, "jana").await;
    let page = &browser.page.text;
    for part in [
        "<html lang=\"en\">",
        "<h1>Confirm the payment</h1>",
        "CZK\u{a0}1,234,567.50",
        "<dt>Variable symbol</dt><dd>42</dd>",
        "<dt>Specific symbol</dt><dd>7</dd>",
        "<dt>Constant symbol</dt><dd>308</dd>",
        "&lt;b&gt;rent&lt;/b&gt;",
        "16 March 2026",
        "Current account",
        "<label for=\"sms_code\">SMS code</label>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
