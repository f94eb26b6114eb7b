//! Money that moves: bank-api facts 9.3 to 9.6 and 10.9, after a signed payment.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::payer::{Payer, reference};
use crate::payments_table::{bodies, fresh, set};

/// On Monday, 16 March 2026, 10:00.
async fn on_monday(user: &str) -> Payer {
    let mut payer = Payer::start(user).await;
    payer.world.clock.advance(Duration::from_hours(48));
    payer.renew().await;
    payer
}

/// Signs the payment and waits for its booking; the newest entry of the account `at` of `user`.
async fn booked(payer: &mut Payer, body: &Value, user: &str, at: usize) -> Value {
    let ordered = payer.initiated(body).await;
    payer.sign_by_sms(&ordered).await;
    payer.world.clock.advance(Duration::from_secs(10));
    assert_eq!(payer.status(&ordered).await, "ACSC");
    entries(payer, user, at).await.remove(0)
}

async fn read(payer: &Payer, user: &str, path: &str) -> Value {
    let tokens = payer.world.connect(user, "aisp").await;
    payer.world.api(tokens["access_token"].as_str().unwrap(), path).await.json()
}

/// The entries of one day of `user`, the last one first.
async fn entries(payer: &Payer, user: &str, at: usize) -> Vec<Value> {
    let accounts = read(payer, user, "/my/accounts").await;
    let id = accounts["accounts"][at]["id"].as_str().unwrap();
    let path = format!("/my/accounts/{id}/transactions?fromDate=2026-03-16");
    let mut entries = read(payer, user, &path).await["transactions"].as_array().unwrap().clone();
    entries.retain(|entry| entry["status"] == "BOOK");
    let reference = |entry: &Value| entry["entryReference"].as_str().unwrap().starts_with("PAY");
    entries.retain(reference);
    entries
}

/// Available, interim booked, opening balance in hundredths.
#[expect(clippy::cast_possible_truncation, reason = "amounts are small")]
async fn balances(payer: &Payer, user: &str, at: usize) -> [i64; 3] {
    let accounts = read(payer, user, "/my/accounts").await;
    let id = accounts["accounts"][at]["id"].as_str().unwrap();
    let balances = read(payer, user, &format!("/my/accounts/{id}/balance")).await;
    ["CLAV", "ITBD", "PRCD"].map(|code| {
        let all = balances["balances"].as_array().unwrap();
        let one = all.iter().find(|one| one["type"]["codeOrProprietary"]["code"] == code).unwrap();
        let value = (one["amount"]["value"].as_f64().unwrap() * 100.0).round() as i64;
        if one["creditDebitIndicator"] == "DBIT" { -value } else { value }
    })
}

#[tokio::test]
async fn a_domestic_payment_is_debited_with_everything_that_was_ordered() {
    let mut payer = on_monday("jana").await;
    let mut body = payer.domestic();
    set(
        &mut body,
        "remittanceInformation",
        json!({
            "unstructured": "Obed 16.3.",
            "structured": {
                "creditorReferenceInformation": { "reference": ["VS:7418529630", "SS:7", "KS:308"] },
            },
        }),
    );
    let before = balances(&payer, "jana", 0).await;
    let entry = booked(&mut payer, &body, "jana", 0).await;
    assert_eq!(
        balances(&payer, "jana", 0).await,
        [before[0] - 15_050, before[1] - 15_050, before[2]]
    );
    assert_eq!(entry["amount"], json!({ "value": 150.5, "currency": "CZK" }));
    assert_eq!(
        (&entry["creditDebitIndicator"], &entry["status"]),
        (&json!("DBIT"), &json!("BOOK"))
    );
    assert_eq!(entry["bookingDate"]["date"], "2026-03-16");
    assert_eq!(entry["bankTransactionCode"]["proprietary"]["code"], "10000101000");
    let details = &entry["entryDetails"]["transactionDetails"];
    let instruction = &body["paymentIdentification"]["instructionIdentification"];
    assert_eq!(&details["references"]["instructionIdentification"], instruction);
    let creditor = &details["relatedParties"]["creditorAccount"]["identification"];
    assert_eq!(details["relatedParties"]["creditorAccount"]["name"], Value::Null);
    assert_eq!(creditor["iban"], "CZ7508000000002108589434");
    assert_eq!(creditor["other"]["identification"], "2108589434");
    let bank = &details["relatedAgents"]["creditorAgent"]["financialInstitutionIdentification"];
    assert_eq!(bank["bic"], "GIBACZPX");
    let message = &details["remittanceInformation"];
    assert_eq!(message["unstructured"], "Obed 16.3.");
    assert_eq!(
        message["structured"]["creditorReferenceInformation"]["reference"],
        json!(["VS:7418529630", "SS:7", "KS:308"])
    );
}

#[tokio::test]
async fn symbols_may_lead_the_message_and_the_priority_changes_the_code() {
    let mut payer = on_monday("jana").await;
    let mut body = payer.domestic();
    set(&mut body, "remittanceInformation.unstructured", json!("/VS/42/KS/308"));
    set(&mut body, "paymentTypeInformation.instructionPriority", json!("HIGH"));
    let entry = booked(&mut payer, &body, "jana", 0).await;
    assert_eq!(entry["bankTransactionCode"]["proprietary"]["code"], "10000102000");
    let message = &entry["entryDetails"]["transactionDetails"]["remittanceInformation"];
    let symbols = &message["structured"]["creditorReferenceInformation"]["reference"];
    assert_eq!(symbols, &json!(["VS:42", "KS:308"]));
}

#[tokio::test]
async fn a_payee_at_this_bank_is_credited() {
    let mut payer = on_monday("jana").await;
    let petr = read(&payer, "petr", "/my/accounts").await;
    let iban = petr["accounts"][0]["identification"]["iban"].clone();
    let before = balances(&payer, "petr", 0).await;
    let mut body = payer.domestic();
    set(&mut body, "creditorAccount.identification.iban", iban);
    let entry = booked(&mut payer, &body, "petr", 0).await;
    assert_eq!(
        balances(&payer, "petr", 0).await,
        [before[0] + 15_050, before[1] + 15_050, before[2]]
    );
    assert_eq!(entry["creditDebitIndicator"], "CRDT");
    assert_eq!(entry["bankTransactionCode"]["proprietary"]["code"], "10000107000");
    let details = &entry["entryDetails"]["transactionDetails"];
    // the payer's app is none of the payee's business
    assert_eq!(details["references"]["instructionIdentification"], Value::Null);
    let from = &details["relatedParties"]["debtorAccount"];
    assert_eq!(from["identification"]["iban"], payer.iban(0));
    assert_eq!(from["name"], "Jana Nováková");
}

#[tokio::test]
async fn crowns_become_euros_on_the_way_to_a_euro_account() {
    let mut payer = on_monday("jana").await;
    let mut body = payer.domestic();
    set(&mut body, "creditorAccount.identification.iban", json!(payer.iban(2)));
    set(&mut body, "amount.instructedAmount.value", json!(251));
    let entry = booked(&mut payer, &body, "jana", 2).await;
    assert_eq!(entry["amount"], json!({ "value": 10.0, "currency": "EUR" }));
    let amounts = &entry["entryDetails"]["transactionDetails"]["amountDetails"];
    let instructed = json!({ "value": 251.0, "currency": "CZK" });
    assert_eq!(amounts["instructedAmount"]["amount"], instructed);
    assert_eq!(amounts["counterValueAmount"]["amount"], entry["amount"]);
}

#[tokio::test]
async fn other_kinds_and_currencies_are_booked_as_such() {
    let mut payer = on_monday("jana").await;
    let [_, sepa, eea, overseas] = bodies(&payer);
    let mut from_crowns = sepa.clone();
    set(&mut from_crowns, "debtorAccount.identification.iban", json!(payer.iban(0)));
    let (euro, dollars) =
        (json!({ "value": 12.5, "currency": "EUR" }), json!({ "value": 11.5, "currency": "EUR" }));
    let crowns = json!({ "value": 313.75, "currency": "CZK" });
    for (body, at, amount, code) in [
        (sepa, 2, &euro, "10000401000"),
        (from_crowns, 0, &crowns, "10000401000"),
        (eea, 2, &dollars, "10000201000"),
        (overseas, 2, &dollars, "10000201000"),
    ] {
        let entry = booked(&mut payer, &fresh(&body), "jana", at).await;
        assert_eq!(&entry["amount"], amount);
        assert_eq!(entry["bankTransactionCode"]["proprietary"]["code"], code);
        let details = &entry["entryDetails"]["transactionDetails"];
        let instructed = &details["amountDetails"]["instructedAmount"]["amount"];
        assert_eq!(instructed, &body["amount"]["instructedAmount"]);
        assert_eq!(details["relatedParties"]["creditor"]["name"], body["creditor"]["name"]);
        assert!(details["references"]["instructionIdentification"].is_string());
    }
}

#[tokio::test]
async fn days_that_nobody_looked_at_are_caught_up_with() {
    let mut payer = on_monday("jana").await;
    let mut body = payer.domestic();
    set(&mut body, "requestedExecutionDate", json!("2026-03-18"));
    let ordered = payer.initiated(&body).await;
    payer.sign_by_sms(&ordered).await;
    payer.world.clock.advance(Duration::from_hours(10 * 24));
    payer.renew().await;
    let entries = entries(&payer, "jana", 0).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["bookingDate"]["date"], "2026-03-18");
}

#[tokio::test]
async fn the_confirmation_of_funds_follows_the_money() {
    let mut payer = on_monday("jana").await;
    let before = balances(&payer, "jana", 0).await[0] + 3_000_000;
    let check = async |payer: &Payer, hundredths: i64| {
        let body = json!({
            "exchangeIdentification": reference(),
            "debtorAccount": { "identification": { "iban": payer.iban(0) } },
            "transactionDetails": {
                "currency": "CZK",
                "totalAmount": format!("{}.{:02}", hundredths / 100, hundredths % 100)
                    .parse::<f64>().unwrap(),
            },
        });
        payer.send(Method::POST, "/my/payments/balanceCheck", Some(&body)).await.json()["response"]
            .clone()
    };
    assert_eq!(check(&payer, before).await, "APPR");
    assert_eq!(check(&payer, before + 1).await, "DECL");
    let body = payer.domestic();
    booked(&mut payer, &body, "jana", 0).await;
    assert_eq!(check(&payer, before - 15_050).await, "APPR");
    assert_eq!(check(&payer, before - 15_049).await, "DECL");
}
