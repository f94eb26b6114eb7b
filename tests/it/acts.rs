//! Acts, through to their end: what is entered, signed and taken back at the bank, in both versions.

use std::sync::Arc;
use std::time::Duration;

use bank_sim::{ApiReply, Knob, Rule};
use demo::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::payer::{ELSEWHERE, Payer, call, key, reference};

const SETTLED: Duration = Duration::from_secs(10);

/// A payment is entered, signed by SMS and settled; what is sent is what the page wrote, byte for byte.
#[tokio::test]
async fn a_payment_is_entered_signed_and_settled() {
    let payer = Payer::start().await;
    let body = payer.domestic();
    let (payment, sign) = payer.entered("/my/payments", &body).await;
    let [call] = &payer.sent(&Method::POST)[..] else { panic!("one call") };
    assert_eq!(call.body, body.to_string().into_bytes());
    assert_eq!(call.path(), "/psd2-cobs/cobs/2.0/my/payments");
    assert_eq!(call.header_values("content-type"), ["application/json"]);
    assert!(call.header("idempotency-key").is_none(), "ours, not the bank's");
    assert_eq!(call.header("user-involved").as_deref(), Some("true"));
    assert!(matches!(&*payer.status(&payment).await, "ACTC" | "ACWC"));
    let spelt = payer.sent(&Method::GET).pop().unwrap();
    assert!(spelt.path().starts_with("/psd2-cobs/cobs/2.0/payments/"), "as 2.0 writes it");
    let detail = payer.get(&payment).await;
    assert_eq!(detail["creditorAccount"]["identification"]["iban"], ELSEWHERE);
    assert!(payer.get(&sign).await["scenarios"].is_array());
    payer.sign_by_sms(&sign).await;
    assert_eq!(payer.status(&payment).await, "ACSP");
    assert_eq!(payer.world.bank.violations(), Vec::<String>::new());
}

/// Signed on the bank's page, and given up there. K01: the bank sends the person back to the page that is
/// configured, and to no other.
#[tokio::test]
async fn a_payment_is_signed_on_the_banks_page() {
    let payer = Payer::start().await;
    let callback = "https://app.example/callback";
    for (action, state) in [("continue", "DONE"), ("cancel", "CANCELLED")] {
        let (payment, sign) = payer.entered("/my/payments", &payer.domestic()).await;
        let by_redirect =
            |to: &str| json!({ "authorizationType": "USERAGENT_REDIRECT", "redirectUrl": to });
        payer.world.bank.clear_requests();
        for elsewhere in [
            "https://evil.example/callback",
            "https://app.example/other",
            "https://app.example/callback?x=1",
            "https://app.example/callback-other",
            "javascript:alert(1)",
            "",
        ] {
            let answer = payer.send(Method::POST, &sign, Some(&by_redirect(elsewhere))).await;
            assert_eq!((answer.status.as_u16(), &*answer.code()), (400, "invalid_request"));
        }
        assert!(payer.sent(&Method::POST).is_empty(), "the bank is not asked");
        let begun = payer.send(Method::POST, &sign, Some(&by_redirect(callback))).await;
        let url = begun.json()["href"]["url"].as_str().unwrap().to_owned();
        let landing = payer.browser.at_bank(&url, action).await.unwrap();
        assert!(landing.as_str().starts_with(callback), "{landing}");
        let ask = json!({ "authorizationType": "USERAGENT_REDIRECT" });
        let asked = payer.send(Method::PUT, &sign, Some(&ask)).await;
        assert_eq!(asked.json()["state"], state, "{}", asked.text);
        let told = if state == "DONE" { "ACSP" } else { "RJCT" };
        assert_eq!(payer.status(&payment).await, told);
    }
}

fn agent(bic: &str) -> Value {
    json!({ "financialInstitutionIdentification": { "bic": bic } })
}

/// A payment of each kind abroad, with the elements that its kind asks for.
fn abroad(payer: &Payer) -> [(Value, &'static str); 3] {
    let whole = |currency: &str, mut rest: Value| {
        rest["paymentIdentification"] = json!({
            "instructionIdentification": reference(), "endToEndIdentification": "NOTPROVIDED",
        });
        if currency == "USD" {
            let names = rest["paymentIdentification"].as_object_mut().unwrap();
            names.remove("endToEndIdentification");
        }
        rest["amount"] = json!({ "instructedAmount": { "value": 12.5, "currency": currency } });
        rest["debtorAccount"] = json!({ "identification": { "iban": payer.ibans[2] } });
        rest
    };
    let sepa = json!({
        "creditorAgent": agent("BKAUATWW"),
        "creditor": { "name": "Alpenblick Verlag GmbH" },
        "creditorAccount": { "identification": { "iban": "AT611904300234573201" } },
    });
    let eea = json!({
        "creditorAgent": agent("COBADEFF"),
        "creditor": { "name": "Hansewolke Hosting GmbH" },
        "creditorAccount": { "identification": { "iban": "DE89370400440532013000" } },
    });
    let overseas = json!({
        "creditorAgent": agent("CHASUS33"),
        "creditor": {
            "name": "Redwood Type Foundry Inc.",
            "postalAddress": { "townName": "Portland", "country": "US" },
        },
        "creditorAccount": { "identification": { "other": { "identification": "4401-9928" } } },
    });
    [(whole("EUR", sepa), "ESCT"), (whole("USD", eea), "EXCT"), (whole("USD", overseas), "NXCT")]
}

/// SEPA, EEA and non-EEA payments; and one that is taken back before anybody signs it.
#[tokio::test]
async fn payments_abroad_and_one_taken_back() {
    let payer = Payer::start().await;
    for (body, level) in abroad(&payer) {
        let answer = payer.pay(&body, &key()).await;
        assert_eq!(answer.status, 200, "{level}: {}", answer.text);
        assert_eq!(answer.json()["serviceLevel"]["code"], level);
    }
    let (payment, _) = payer.entered("/my/payments", &payer.domestic()).await;
    let gone = payer.send(Method::DELETE, &payment, None).await;
    assert!(gone.status.is_success(), "{}", gone.text);
    let again = payer.send(Method::GET, &payment, None).await;
    assert_eq!(again.json()["bank_codes"], json!(["TRANSACTION_MISSING"]), "{}", again.text);
    payer.world.bank.update_knobs(|knobs| knobs.sign_at_initiation = false.into());
    let answer = payer.pay(&payer.domestic(), &key()).await.json();
    let payment = answer["transactionIdentification"].as_str().unwrap();
    let step0 = payer.send(Method::POST, &format!("/my/payments/{payment}/sign"), None).await;
    assert!(step0.json()["signInfo"]["signId"].is_string(), "{}", step0.text);
    payer.world.bank.update_knobs(|knobs| knobs.optional_resources = false.into());
    let body = payer.send(Method::DELETE, &format!("/my/payments/{payment}"), None).await.json();
    assert_eq!(body["bank_codes"], json!(["NOT_IMPLEMENTED"]), "a refusal, and no mystery");
}

/// Whether there is enough money only asks: it may be asked twice, and needs no key.
#[tokio::test]
async fn a_balance_check_is_a_read() {
    let payer = Payer::start().await;
    let body = json!({
        "exchangeIdentification": "123456",
        "debtorAccount": { "identification": { "iban": payer.ibans[0] } },
        "transactionDetails": { "currency": "CZK", "totalAmount": 10.5 },
    });
    payer.world.advance(Duration::from_mins(1));
    payer.answers("balanceCheck", ApiReply::InvalidToken);
    let answer = payer.send(Method::POST, "/my/payments/balanceCheck", Some(&body)).await;
    assert_eq!(answer.json()["response"], "APPR", "{}", answer.text);
    assert_eq!(payer.sent(&Method::POST).len(), 2, "asked again with fresh tokens");
}

/// A standing order is entered, signed, changed and ended.
#[tokio::test]
async fn a_standing_order_lives_and_ends() {
    let payer = Payer::later().await;
    let first = jiff::Timestamp::from_second(i64::try_from(payer.world.now()).unwrap()).unwrap();
    let first = first.to_zoned(jiff::tz::TimeZone::UTC).date() + jiff::Span::new().days(40);
    let first = first.with().day(20).build().unwrap();
    let body = json!({
        "standingOrderIdentification": { "instructionIdentification": reference() },
        "amount": { "instructedAmount": { "value": 500, "currency": "CZK" } },
        "requestedExecutionDate": first.to_string(),
        "standingOrder": {
            "alias": "Pocket money",
            "execution": {
                "mode": "UNTIL_CANCELLATION", "modeDue": "DUE_DAY_OF_MONTH",
                "interval": "MONTHLY", "intervalDue": 20,
            },
        },
        "debtorAccount": { "identification": { "iban": payer.ibans[0] } },
        "creditorAccount": { "identification": { "iban": ELSEWHERE } },
    });
    let (order, sign) = payer.entered("/my/standingorders", &body).await;
    payer.sign_by_sms(&sign).await;
    assert_eq!(payer.status(&order).await, "ACSP");
    assert_eq!(payer.get(&order).await["standingOrder"]["alias"], "Pocket money");
    let mut changed = body.clone();
    changed["amount"]["instructedAmount"]["value"] = json!(600);
    let answer = payer.send(Method::PUT, &order, Some(&changed)).await;
    let sign = answer.json()["signInfo"]["signId"].as_str().unwrap().to_owned();
    payer.sign_by_sms(&format!("{order}/sign/{sign}")).await;
    assert_eq!(payer.get(&order).await["amount"]["instructedAmount"]["value"], 600);
    let answer = payer.send(Method::DELETE, &order, None).await;
    let sign = answer.json()["signInfo"]["signId"].as_str().unwrap().to_owned();
    payer.sign_by_sms(&format!("{order}/sign/{sign}")).await;
    let gone = payer.send(Method::GET, &order, None).await;
    assert_eq!(gone.json()["bank_codes"], json!(["ID_NOT_FOUND"]), "{}", gone.text);
}

/// Payments are bound, signed as one, and settled.
#[tokio::test]
async fn a_batch_is_signed_at_once() {
    let payer = Payer::later().await;
    let mut signs = Vec::new();
    let mut payments = Vec::new();
    for _ in 0..3 {
        let (payment, sign) = payer.entered("/my/payments", &payer.domestic()).await;
        signs.push(json!({ "signId": sign.rsplit('/').next().unwrap() }));
        payments.push(payment);
    }
    let body = json!({ "exchangeIdentification": reference(), "payments": signs });
    let (batch, sign) = payer.entered("/my/batchpayments", &body).await;
    let waiting = payer.get("/my/authorizations").await;
    assert!(waiting["authorizations"].as_array().unwrap().len() == 1, "{waiting}");
    payer.sign_by_sms(&sign).await;
    for payment in &payments {
        assert_eq!(payer.status(payment).await, "ACSP");
    }
    assert_eq!(payer.status(&batch).await, "ACSP");
    let (payment, sign) = payer.entered("/my/payments", &payer.domestic()).await;
    let bound = json!([{ "signId": sign.rsplit('/').next().unwrap() }]);
    let body = json!({ "exchangeIdentification": reference(), "payments": bound });
    let (batch, _) = payer.entered("/my/batchpayments", &body).await;
    let gone = payer.send(Method::DELETE, &format!("{batch}?allInstructions=true"), None).await;
    assert!(gone.status.is_success(), "{}", gone.text);
    assert_eq!(payer.send(Method::GET, &payment, None).await.code(), "bank_refused");
    payer.world.advance(SETTLED);
    assert_eq!(payer.world.bank.violations(), Vec::<String>::new());
}

/// P28: acts go on when nobody waits for them, so their number is bounded here; the places come back.
#[tokio::test]
async fn so_many_acts_go_on_at_once() {
    let limit_settings = "first_byte_seconds = 2".to_owned();
    let payer = Payer::with(Options { limit_settings, ..Options::stepped() }).await;
    let hang = Rule::to(ApiReply::Hang).path("/my/payments");
    payer.world.bank.update_knobs(|knobs| knobs.api_reply = Knob::default().with(hang));
    let browser = Arc::new(payer.browser.through(payer.world.address));
    let mut acts = JoinSet::new();
    for _ in 0..20 {
        let (browser, id) = (browser.clone(), payer.id.clone());
        acts.spawn(async move {
            let target = (Method::DELETE, "/my/payments/x");
            let answer = call(&browser, &id, target, None, None).await;
            (answer.code(), answer.json()["retry_after"].clone())
        });
    }
    let told = acts.join_all().await;
    let (crowded, sent): (Vec<_>, Vec<_>) = told.iter().partition(|told| told.0 == "rate_limited");
    assert!(crowded.iter().all(|told| told.1 == 1), "{crowded:?}");
    assert!(sent.iter().all(|told| told.0 == "outcome_unknown"), "{sent:?}");
    assert!(!crowded.is_empty());
    assert_eq!(payer.sent(&Method::DELETE).len(), sent.len());
    payer.world.bank.update_knobs(|knobs| knobs.api_reply = Knob::default());
    let (payment, _) = payer.entered("/my/payments", &payer.domestic()).await;
    assert!(payer.send(Method::DELETE, &payment, None).await.status.is_success());
}
