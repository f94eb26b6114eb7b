//! What the movements are made of: bank-api facts 1.5, 9.4 to 9.6, and what makes a year believable.

use jiff::civil::{Date, Weekday};
use serde_json::Value;

use crate::data::Reader;

#[tokio::test]
async fn every_kind_of_transaction_has_its_mandatory_parts() {
    let mut kinds = std::collections::BTreeSet::new();
    let mut offsets = 0;
    for row in everything("petr").await {
        let details = &row["entryDetails"]["transactionDetails"];
        let parties = &details["relatedParties"];
        let iban = |side: &str| &parties[format!("{side}Account")]["identification"]["iban"];
        let kind = &code_of(&row)[..6];
        match kind {
            "100001" => {
                assert!(iban("debtor").is_string() && iban("creditor").is_string(), "{row}");
                assert!(details["relatedAgents"]["debtorAgent"].is_object());
            }
            "100004" => {
                assert!(iban("debtor").is_string() && iban("creditor").is_string(), "{row}");
                assert!(parties["debtor"]["name"].is_string());
                assert!(parties["creditor"]["name"].is_string());
            }
            "100002" => {
                assert!(details["amountDetails"]["counterValueAmount"].is_object());
                assert!(parties["debtor"]["name"].is_string());
            }
            _ => {}
        }
        assert!(row["amount"]["value"].as_f64().unwrap() >= 0.0);
        let value_date = row["valueDate"]["date"].as_str().unwrap();
        offsets += usize::from(value_date.ends_with("+01") || value_date.ends_with("+02"));
        kinds.insert(kind.to_owned());
    }
    assert!(offsets > 0, "hour-only offsets");
    let expected = ["100001", "100002", "100004", "200001", "300001", "300002", "400006", "900002"];
    for kind in expected {
        assert!(kinds.contains(kind), "{kind} of {kinds:?}");
    }
}

#[tokio::test]
async fn payments_move_on_workdays_and_nobody_collects_by_direct_debit() {
    for user in ["jana", "petr", "eva", "tomas"] {
        for row in everything(user).await {
            let code = code_of(&row);
            let debits = ["10000103", "10000104", "10000106", "100005"];
            assert!(!debits.iter().any(|debit| code.starts_with(debit)), "{row}");
            let booked = row["bookingDate"]["date"].as_str().unwrap().parse::<Date>().unwrap();
            let weekend = matches!(booked.weekday(), Weekday::Saturday | Weekday::Sunday);
            assert!(!(weekend && code.starts_with("1000")), "{row}");
        }
    }
}

#[tokio::test]
async fn a_pension_is_a_pension() {
    let rows = everything("eva").await;
    let incomes = rows.iter().filter(|row| {
        code_of(row) == "10000107000" && row.to_string().contains("sociálního zabezpečení")
    });
    let texts: Vec<_> = incomes
        .map(|row| {
            let details = &row["entryDetails"]["transactionDetails"];
            (row["amount"]["value"].as_f64(), &details["remittanceInformation"]["unstructured"])
        })
        .collect();
    assert!(texts.len() > 11 && texts.iter().all(|(amount, _)| *amount == texts[0].0));
    assert!(texts.iter().all(|(_, text)| text.as_str().unwrap().starts_with("DUCHOD ")));
}

#[tokio::test]
async fn the_total_of_a_card_payment_is_told_where_cash_is_in_it() {
    let mut seen = (0, 0);
    for row in everything("tomas").await {
        let amounts = &row["entryDetails"]["transactionDetails"]["amountDetails"];
        let (total, cash) = (&amounts["transactionAmount"], &amounts["proprietaryAmount"]);
        if code_of(&row) == "30000202000" {
            seen.0 += 1;
            assert_eq!(total["amount"], row["amount"], "{row}");
            assert_eq!(cash["type"], "CASHBACK");
        } else {
            seen.1 += usize::from(amounts["counterValueAmount"].is_object());
            assert_eq!((total, cash), (&Value::Null, &Value::Null), "{row}");
        }
    }
    assert!(seen.0 > 0 && seen.1 > 0, "{seen:?}");
}

pub(crate) fn code_of(row: &Value) -> &str {
    row["bankTransactionCode"]["proprietary"]["code"].as_str().unwrap()
}

/// Every movement of a customer's accounts.
async fn everything(user: &str) -> Vec<Value> {
    let reader = Reader::start(user).await;
    let mut rows = Vec::new();
    for at in 0..reader.ids.len() {
        let mut page = Some(0);
        while let Some(number) = page {
            let query = format!("fromDate=2025-02-10&size=500&page={number}");
            let part = reader.transactions(at, &query).await.json();
            rows.extend(part["transactions"].as_array().unwrap().clone());
            page = part["nextPage"].as_u64();
        }
    }
    rows
}
