//! Balance checks: bank-api facts 10.10 and 11.

use bank_sim::{Knob, Role, Rule};
use reqwest::Method;
use serde_json::{Value, json};

use crate::payer::{Payer, reference};
use crate::payments_table::{errors, remove, set};
use crate::world::{Answer, LICENCE};

const PATH: &str = "/my/payments/balanceCheck";
const IBAN: &str = "debtorAccount.identification.iban";

/// A good check of `iban` with everything that can be in it.
fn full(iban: &str) -> Value {
    json!({
        "exchangeIdentification": reference(),
        "card": { "cardholderName": "Jana Nováková", "maskedPan": "5412 **** **** 1234" },
        "debtorAccount": { "identification": { "iban": iban }, "currency": "CZK" },
        "authenticationMethod": "NPIN",
        "merchant": {
            "identification": "00123456",
            "type": "MERC",
            "shortName": "Potraviny",
            "commonName": "Potraviny U Lipy s.r.o.",
            "address": "Lipová 1, Praha",
            "countryCode": "CZ",
            "merchantCategoryCode": "5411",
        },
        "transactionDetails": { "currency": "CZK", "totalAmount": 10.5 },
    })
}

async fn ask(payer: &Payer, body: &Value) -> Answer {
    payer.send(Method::POST, PATH, Some(body)).await
}

#[tokio::test]
async fn everything_that_can_be_asked_is_understood() {
    let payer = Payer::start("jana").await;
    let body = full(payer.iban(0));
    let answer = ask(&payer, &body).await.json();
    assert_eq!(answer["exchangeIdentification"], body["exchangeIdentification"]);
    assert_eq!(answer["response"], "APPR");
    assert!(answer["responseIdentification"].is_u64());

    let mut number = full(payer.iban(0));
    set(&mut number, "exchangeIdentification", json!(123_456));
    assert_eq!(ask(&payer, &number).await.json()["exchangeIdentification"], 123_456);
    let mut spelt = full(payer.iban(0));
    set(&mut spelt, "card", json!({ "cardHolderName": "J", "maskedPAN": "************1234" }));
    assert_eq!(ask(&payer, &spelt).await.status, 200);
}

#[tokio::test]
async fn every_element_is_checked() {
    let payer = Payer::start("jana").await;
    let long = |most: usize| json!("x".repeat(most + 1));
    let cases = [
        ("exchangeIdentification", true, vec![long(18), json!(1.5), json!("1234567890123456789")]),
        ("card.cardholderName", false, vec![long(45), json!(1)]),
        (
            "card.maskedPan",
            true,
            vec![json!("*".repeat(31)), json!("xxxx1234"), json!("4111111111111111"), json!(1)],
        ),
        (IBAN, true, vec![json!("123"), json!(1)]),
        ("debtorAccount.currency", false, vec![json!("czk")]),
        ("authenticationMethod", false, vec![json!("PIN"), json!(1)]),
        ("merchant.identification", true, vec![long(35)]),
        ("merchant.type", false, vec![json!("SHOP")]),
        ("merchant.shortName", true, vec![long(35)]),
        ("merchant.commonName", true, vec![long(70)]),
        ("merchant.address", false, vec![long(140)]),
        ("merchant.countryCode", false, vec![json!("CZE")]),
        ("merchant.merchantCategoryCode", true, vec![json!("54"), json!("54110"), json!(5411)]),
        ("transactionDetails.currency", true, vec![json!("Kč")]),
        ("transactionDetails.totalAmount", true, vec![json!("10.50")]),
    ];
    for (path, mandatory, bad) in cases {
        for value in bad {
            let mut body = full(payer.iban(0));
            set(&mut body, path, value);
            let expected = [("FIELD_INVALID".to_owned(), path.to_owned())];
            assert_eq!(errors(&ask(&payer, &body).await), expected);
        }
        let mut body = full(payer.iban(0));
        remove(&mut body, path);
        let answer = ask(&payer, &body).await;
        if mandatory {
            let expected = [("FIELD_MISSING".to_owned(), path.to_owned())];
            assert_eq!(errors(&answer), expected);
        } else {
            assert_eq!(answer.status, 200, "{path}");
        }
    }
    let mut body = full(payer.iban(0));
    set(&mut body, "exchangeIdentification", json!("1_2"));
    set(&mut body, "colour", json!("red"));
    let scopes = [("FIELD_INVALID", "colour"), ("RR10", "exchangeIdentification")];
    let scopes = scopes.map(|(code, scope)| (code.to_owned(), scope.to_owned()));
    assert_eq!(errors(&ask(&payer, &body).await), scopes);
}

#[tokio::test]
async fn the_bank_judges_what_is_well_formed() {
    let payer = Payer::start("jana").await;
    let petr = Payer::start("petr").await;
    let alone = async |path: &str, value: Value| {
        let mut body = full(payer.iban(0));
        set(&mut body, path, value);
        let answer = ask(&payer, &body).await;
        let found = errors(&answer);
        assert_eq!(found.len(), 1, "{found:?}");
        (answer.status.as_u16(), found[0].0.clone(), found[0].1.clone())
    };
    let is = |status: u16, code: &str, scope: &str| (status, code.to_owned(), scope.to_owned());
    for iban in ["CZ7508000000002108589434", "CZ6907101781240000004160"] {
        assert_eq!(alone(IBAN, json!(iban)).await, is(400, "AC02", IBAN));
    }
    assert_eq!(alone(IBAN, json!(petr.iban(0))).await, is(403, "AG01", IBAN));
    assert_eq!(alone(IBAN, json!(payer.iban(1))).await, is(400, "AC12", IBAN));
    let scope = "debtorAccount.currency";
    assert_eq!(alone(scope, json!("EUR")).await, is(400, "AC09", scope));
    let scope = "transactionDetails.currency";
    assert_eq!(alone(scope, json!("EUR")).await, is(400, "AM11", scope));
    let scope = "transactionDetails.totalAmount";
    for amount in [json!(0), json!(-1), json!(0.001)] {
        assert_eq!(alone(scope, amount).await, is(400, "AM12", scope));
    }
    let body = full(payer.iban(0));
    assert_eq!(ask(&payer, &body).await.status, 200);
    let again = ask(&payer, &body).await.error();
    assert_eq!(again, is(400, "RF01", "exchangeIdentification"));
    payer.world.bank.update_knobs(|knobs| knobs.narrative = Knob::next(1, Some("no".to_owned())));
    assert_eq!(ask(&payer, &full(payer.iban(0))).await.error().1, "NARR");
}

#[tokio::test]
async fn card_issuers_ask_with_their_certificate_and_the_holders_consent() {
    let payer = Payer::start("jana").await;
    let petr = Payer::start("petr").await;
    let world = &payer.world;
    let issuer = world.tpp_with(vec![Role::CardInstruments], Some(LICENCE));
    let ask = async |tpp: &reqwest::Client, body: &Value| {
        let request = world.call(tpp, Method::POST, "/accounts/balanceCheck");
        Answer::read(request.body(body.to_string()).send().await.unwrap()).await
    };
    let body = full(payer.iban(0));
    assert_eq!(ask(&world.tpp, &body).await.error().1, "FORBIDDEN");
    assert_eq!(ask(&world.without_certificate(), &body).await.error().1, "UNAUTHORISED");
    assert_eq!(ask(&issuer, &body).await.error(), (403, "AG01".to_owned(), IBAN.to_owned()));
    world.bank.update_knobs(|knobs| {
        knobs.card_consent = Knob::always(false).with(Rule::to(true).user("jana"));
    });
    assert_eq!(ask(&issuer, &full(petr.iban(0))).await.error().1, "AG01");
    let mut body = full(payer.iban(0));
    // up to five decimals, for card issuers only
    set(&mut body, "transactionDetails.totalAmount", json!(10.12345));
    assert_eq!(ask(&issuer, &body).await.json()["response"], "APPR");
    set(&mut body, "transactionDetails.totalAmount", json!(10.123_456));
    set(&mut body, "exchangeIdentification", json!(reference()));
    assert_eq!(ask(&issuer, &body).await.error().1, "AM12");

    for element in ["exchangeIdentification", "merchant.identification"] {
        for bad in ["/abc", "abc/", "a//b"] {
            let mut body = full(payer.iban(0));
            set(&mut body, element, json!(bad));
            let refused = (400, "RR10".to_owned(), element.to_owned());
            assert_eq!(ask(&issuer, &body).await.error(), refused, "{bad}");
        }
        let mut body = full(payer.iban(0));
        set(&mut body, element, json!(format!("a/{}", &reference()[..6])));
        assert_eq!(ask(&issuer, &body).await.status, 200);
    }

    let nameless = issuer
        .post(world.tls("/psd2-cobs/cobs/2.0/accounts/balanceCheck"))
        .header("content-type", "application/json")
        .header("x-request-id", crate::world::request_id())
        .header("date", crate::world::http_date(world.clock.now()))
        .header("user-involved", "false")
        .body(full(payer.iban(0)).to_string());
    assert_eq!(nameless.send().await.unwrap().status(), 200);
}
