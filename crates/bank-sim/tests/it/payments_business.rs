//! What the bank thinks of a well-formed payment: bank-api facts 10.2, 10.4 and 12.

use bank_sim::{ApiReply, Knob, PaymentKind};
use serde_json::{Value, json};

use crate::payer::Payer;
use crate::payments_table::{bodies, errors, fresh, remove, set};

const VALUE: &str = "amount.instructedAmount.value";
const CURRENCY: &str = "amount.instructedAmount.currency";
const DEBTOR: &str = "debtorAccount.identification.iban";
const CREDITOR: &str = "creditorAccount.identification.iban";
const DATE: &str = "requestedExecutionDate";

async fn refused(payer: &Payer, body: &Value) -> (u16, Vec<(String, String)>, Value) {
    let answer = payer.initiate(body).await;
    let parameters = answer.json()["errors"][0]["parameters"].clone();
    (answer.status.as_u16(), errors(&answer), parameters)
}

/// The only error of a domestic payment with `value` at `path`.
async fn alone(payer: &Payer, path: &str, value: Value) -> (u16, String, String, Value) {
    let mut body = payer.domestic();
    set(&mut body, path, value);
    let (status, mut found, parameters) = refused(payer, &body).await;
    assert_eq!(found.len(), 1, "{path}: {found:?}");
    let (code, scope) = found.remove(0);
    (status, code, scope, parameters)
}

fn is(code: &str, scope: &str) -> (u16, String, String, Value) {
    (400, code.to_owned(), scope.to_owned(), Value::Null)
}

#[tokio::test]
async fn accounts_have_to_exist_and_to_be_allowed() {
    let payer = Payer::start("jana").await;
    // wrong check digits, another bank, abroad
    for iban in ["CZ6907101781240000004160", "CZ7508000000002108589434", "DE89370400440532013000"] {
        assert_eq!(alone(&payer, DEBTOR, json!(iban)).await, is("AC02", DEBTOR), "{iban}");
    }
    let petr = Payer::start("petr").await;
    let (status, code, scope, _) = alone(&payer, DEBTOR, json!(petr.iban(0))).await;
    assert_eq!((status, &*code, &*scope), (403, "AG01", DEBTOR));
    assert_eq!(
        alone(&payer, CREDITOR, json!("CZ6907101781240000004159")).await,
        is("AC03", CREDITOR)
    );
    assert_eq!(
        alone(&payer, CREDITOR, json!("CZ7508000000002108589435")).await,
        is("FIELD_INVALID", CREDITOR)
    );
    assert_eq!(alone(&payer, CREDITOR, json!(payer.iban(0))).await, is("REC_SEND", CREDITOR));
    let scope = "debtorAccount.currency";
    assert_eq!(alone(&payer, scope, json!("EUR")).await, is("AC10", scope));
    // from savings to somebody else
    assert_eq!(alone(&payer, DEBTOR, json!(payer.iban(1))).await, is("AC12", DEBTOR));

    payer.world.bank.update_knobs(|knobs| knobs.strict_ibans = false.into());
    let mut body = payer.domestic();
    set(&mut body, CREDITOR, json!("CZ7508000000002108589435"));
    payer.initiated(&body).await;
}

#[tokio::test]
async fn amounts_have_a_range_and_two_decimals_to_the_last_digit() {
    let payer = Payer::start("jana").await;
    let most = ["1000000000000.00", "999999999.99", "999999999999999.99", "999999999999999.99"];
    let more = ["1000000000000.01", "1000000000.00", "1000000000000000.00", "1e15"];
    for (at, body) in bodies(&payer).iter().enumerate() {
        let send = async |number: &str| {
            // as text, because the numbers of this test would be rounded on their way as well
            let body = fresh(body).to_string().replace("12.5", "150.5").replace("150.5", number);
            let path = "/my/payments";
            let request = payer.world.call(&payer.world.tpp, reqwest::Method::POST, path);
            let request = request.bearer_auth(&payer.token).body(body);
            crate::world::Answer::read(request.send().await.unwrap()).await
        };
        for good in ["0.01", "0.010", "15e-1", most[at]] {
            let answer = send(good).await;
            assert_eq!(answer.status, 200, "{good}: {answer:?}");
            assert!(answer.text.contains(&format!("\"value\":{good}}}")), "{answer:?}");
        }
        for bad in ["0", "0.00", "-0.01", "0.001", "1.005", more[at], "1e999"] {
            let answer = send(bad).await;
            if bad == "1e999" {
                assert_eq!(answer.error().1, "FF01");
                continue;
            }
            let expected = (400, "AM12".to_owned(), VALUE.to_owned());
            assert_eq!(answer.error(), expected, "{bad}");
        }
    }
}

#[tokio::test]
async fn currencies_have_to_be_payable_from_the_account() {
    let payer = Payer::start("jana").await;
    let mut body = bodies(&payer)[2].clone();
    set(&mut body, CURRENCY, json!("JPY"));
    let (status, found, parameters) = refused(&payer, &fresh(&body)).await;
    assert_eq!((status, found), (400, vec![("AM11".to_owned(), CURRENCY.to_owned())]));
    assert_eq!(parameters, json!({ "CURRENCY": "JPY", "CURRENCY_ALLOWED": "EUR" }));
}

#[tokio::test]
async fn days_have_to_be_workdays_within_a_year() {
    let payer = Payer::start("jana").await;
    let why = |why: &str| (400, "DT01".to_owned(), DATE.to_owned(), json!({ "DATE": why }));
    assert_eq!(alone(&payer, DATE, json!("2026-03-13")).await, why("DATE_TO_OLD"));
    assert_eq!(alone(&payer, DATE, json!("2027-03-15")).await, why("DATE_IN_FUTURE"));
    // no such day, a Saturday, a Sunday, Good Friday
    for day in ["2026-02-30", "2026-03-14", "2026-03-15", "2026-04-03"] {
        assert_eq!(alone(&payer, DATE, json!(day)).await, is("DT01", DATE), "{day}");
    }
    let mut body = payer.domestic();
    set(&mut body, DATE, json!("2027-03-12"));
    assert_eq!(payer.initiated(&body).await.body[DATE], "2027-03-12");
}

#[tokio::test]
async fn instant_payments_are_a_matter_of_the_bank() {
    let payer = Payer::start("jana").await;
    let scope = "paymentTypeInformation.instructionPriority";
    let (status, code, at, parameters) = alone(&payer, scope, json!("INST")).await;
    assert_eq!((status, &*code, &*at), (400, "NO_PART", scope));
    assert_eq!(parameters, json!({ "ALLOWED_PRIORITY": "NORM" }));
    payer.world.bank.update_knobs(|knobs| knobs.instant_payments = true.into());
    let mut body = payer.domestic();
    set(&mut body, scope, json!("INST"));
    // on a Saturday
    set(&mut body, DATE, json!("2026-03-14"));
    assert_eq!(payer.initiated(&body).await.body["instructionStatus"], "ACTC");
    let mut abroad = fresh(&bodies(&payer)[3]);
    set(&mut abroad, scope, json!("INST"));
    assert_eq!(refused(&payer, &abroad).await.1[0].0, "NO_PART");
}

#[tokio::test]
async fn kinds_that_the_bank_does_not_carry_out_are_refused() {
    let payer = Payer::start("jana").await;
    let kinds = vec![PaymentKind::Domestic];
    payer.world.bank.update_knobs(|knobs| knobs.payment_kinds = Knob::always(kinds));
    let bodies = bodies(&payer);
    payer.initiated(&fresh(&bodies[0])).await;
    for body in &bodies[1..] {
        let (status, found, _) = refused(&payer, &fresh(body)).await;
        assert_eq!((status, &*found[0].0, &*found[0].1), (400, "AM11", CURRENCY));
    }
    let mut crowns = fresh(&bodies[2]);
    set(&mut crowns, DEBTOR, json!(payer.iban(0)));
    set(&mut crowns, CURRENCY, json!("CZK"));
    let (_, found, _) = refused(&payer, &crowns).await;
    let scope = "creditorAccount.identification".to_owned();
    assert_eq!(found, [("FIELD_INVALID".to_owned(), scope)]);
}

#[tokio::test]
async fn a_repeated_reference_never_makes_a_second_payment() {
    let payer = Payer::start("jana").await;
    let body = payer.domestic();
    let ordered = payer.initiated(&body).await;
    let scope = "paymentIdentification.instructionIdentification";
    let again = (400, vec![("AM05".to_owned(), scope.to_owned())], Value::Null);
    assert_eq!(refused(&payer, &body).await, again);
    // not even when the first is gone
    payer.send(reqwest::Method::DELETE, &ordered.path(), None).await;
    assert_eq!(refused(&payer, &body).await, again);
    // a refused one has not used its reference
    let mut wrong = payer.domestic();
    set(&mut wrong, VALUE, json!(0));
    refused(&payer, &wrong).await;
    set(&mut wrong, VALUE, json!(1));
    payer.initiated(&wrong).await;
}

#[tokio::test]
async fn a_lost_answer_and_two_calls_at_once_make_one_payment() {
    let payer = Payer::start("jana").await;
    let body = payer.domestic();
    payer.world.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, ApiReply::Truncated));
    let path = "/my/payments";
    let request = payer.world.call(&payer.world.tpp, reqwest::Method::POST, path);
    let lost = request.bearer_auth(&payer.token).body(body.to_string()).send().await;
    if let Ok(answer) = lost {
        assert!(answer.text().await.is_err(), "the answer is cut");
    }
    assert_eq!(payer.initiate(&body).await.error().1, "AM05");

    let body = payer.domestic();
    let (one, other) = tokio::join!(payer.initiate(&body), payer.initiate(&body));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn errors_of_business_come_all_together() {
    let payer = Payer::start("jana").await;
    let mut body = payer.domestic();
    payer.initiated(&body).await;
    set(&mut body, VALUE, json!(0.001));
    set(&mut body, DATE, json!("2026-03-01"));
    set(&mut body, CREDITOR, json!(payer.iban(0)));
    set(&mut body, "debtorAccount.currency", json!("EUR"));
    let (status, found, _) = refused(&payer, &body).await;
    let codes: Vec<_> = found.iter().map(|(code, _)| &**code).collect();
    assert_eq!((status, codes), (400, vec!["AM12", "DT01", "AC10", "REC_SEND", "AM05"]));
}

#[tokio::test]
async fn a_narrative_refuses_whatever_is_ordered() {
    let payer = Payer::start("jana").await;
    let reason = Some("try again after the end of the year".to_owned());
    payer.world.bank.update_knobs(|knobs| knobs.narrative = Knob::next(1, reason.clone()));
    let answer = payer.initiate(&payer.domestic()).await;
    assert_eq!(answer.error(), (400, "NARR".to_owned(), String::new()));
    assert_eq!(answer.json()["errors"][0]["message"], json!(reason));
    payer.initiated(&payer.domestic()).await;
}

#[tokio::test]
async fn kinds_are_derived_from_currency_and_payee() {
    let payer = Payer::start("jana").await;
    let [_, sepa, eea, overseas] = bodies(&payer);
    let level = async |body: &Value| {
        let answer = payer.initiated(&fresh(body)).await.body;
        answer["serviceLevel"]["code"].as_str().unwrap().to_owned()
    };
    // euros to the person's own account at this bank
    let mut inside = payer.domestic();
    set(&mut inside, CREDITOR, json!(payer.iban(2)));
    set(&mut inside, CURRENCY, json!("EUR"));
    assert_eq!(level(&inside).await, "DMCT");
    // euros to another Czech bank, and to a SEPA country outside the EEA
    let mut czech = sepa.clone();
    set(&mut czech, CREDITOR, json!("CZ7508000000002108589434"));
    assert_eq!(level(&czech).await, "ESCT");
    let mut british = sepa.clone();
    set(&mut british, CREDITOR, json!("GB82WEST12345698765432"));
    assert_eq!(level(&british).await, "ESCT");
    // pounds there
    let mut pounds = overseas;
    set(&mut pounds, CREDITOR, json!("GB82WEST12345698765432"));
    remove(&mut pounds, "creditorAccount.identification.other");
    set(&mut pounds, CURRENCY, json!("GBP"));
    assert_eq!(level(&pounds).await, "NXCT");
    // crowns abroad
    let mut crowns = eea;
    set(&mut crowns, DEBTOR, json!(payer.iban(0)));
    set(&mut crowns, CURRENCY, json!("CZK"));
    assert_eq!(level(&crowns).await, "EXCT");
}
