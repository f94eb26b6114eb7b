//! The table of bank-api fact 10.2, element by element and kind by kind: missing, forbidden, too long,
//! of another form.

use reqwest::Method;
use serde_json::{Value, json};

use crate::payer::{ELSEWHERE, Payer};
use crate::payments_table::{ELEMENTS, Form, bad, bodies, errors, fresh, good, remove, set};
use crate::world::Answer;

/// Elements without which a payment may be taken for one of another kind.
fn decides(path: &str) -> bool {
    path == "amount"
        || path.ends_with("instructedAmount")
        || path.ends_with("instructedAmount.currency")
        || path.starts_with("creditorAccount")
        || path.ends_with("creditor.postalAddress.country")
        || path.ends_with("Identification.bic")
}

fn check(answer: &Answer, code: &str, scope: &str, path: &str, what: &str) {
    assert_eq!(answer.status, 400, "{what} {path}: {answer:?}");
    let errors = errors(answer);
    let expected = (code.to_owned(), scope.to_owned());
    if decides(path) {
        assert!(errors.contains(&expected), "{what} {path}: {errors:?}");
    } else {
        assert_eq!(errors, [expected], "{what} {path}");
    }
}

#[tokio::test]
async fn the_mandatory_elements_are_enough() {
    let payer = Payer::start("jana").await;
    for (body, level) in bodies(&payer).iter().zip(["DMCT", "ESCT", "EXCT", "NXCT"]) {
        let answer = payer.initiated(&fresh(body)).await.body;
        assert_eq!(answer["serviceLevel"]["code"], level);
        assert_eq!(answer["paymentTypeInformation"]["serviceLevel"]["code"], level);
    }
}

#[tokio::test]
async fn missing_elements_are_named() {
    let payer = Payer::start("jana").await;
    let first_leaf = |at: usize, path: &str| match path {
        "paymentIdentification" => "paymentIdentification.instructionIdentification".to_owned(),
        "amount" | "amount.instructedAmount" => "amount.instructedAmount.value".to_owned(),
        "debtorAccount" => "debtorAccount.identification.iban".to_owned(),
        "creditorAccount" if at > 1 => "creditorAccount.identification".to_owned(),
        "creditorAccount" => "creditorAccount.identification.iban".to_owned(),
        path => path.to_owned(),
    };
    for (at, body) in bodies(&payer).iter().enumerate() {
        for (path, occurs, _) in ELEMENTS.iter().filter(|row| row.1.as_bytes()[at] == b'1') {
            if at == 1 && path.starts_with("creditorAgent") {
                // mandatory only inside a parent that need not come
                continue;
            }
            for blank in [None, Some(Value::Null), Some(json!(""))] {
                let mut body = fresh(body);
                match blank {
                    None => remove(&mut body, path),
                    Some(blank) => set(&mut body, path, blank),
                }
                let answer = payer.initiate(&body).await;
                let missing = if path.starts_with("creditor.") { "RR03" } else { "FIELD_MISSING" };
                let found = errors(&answer);
                let expected = (missing.to_owned(), first_leaf(at, path));
                assert_eq!(answer.status, 400, "{path} {occurs}");
                let whole = path.contains('.') && !decides(path);
                assert!(found.contains(&expected), "{path}: {found:?}");
                assert!(!whole || found.len() == 1, "{path}: {found:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_payee_without_any_account_is_missed_as_a_whole() {
    let payer = Payer::start("jana").await;
    for at in [2, 3] {
        let mut body = fresh(&bodies(&payer)[at]);
        remove(&mut body, "creditorAccount.identification");
        let found = errors(&payer.initiate(&body).await);
        let whole = ("FIELD_MISSING".to_owned(), "creditorAccount.identification".to_owned());
        assert!(found.contains(&whole), "{found:?}");
    }
    let mut body = fresh(&bodies(&payer)[3]);
    remove(&mut body, "creditorAgent");
    let scope = "creditorAgent.financialInstitutionIdentification".to_owned();
    assert_eq!(errors(&payer.initiate(&body).await), [("FIELD_MISSING".to_owned(), scope)]);
}

#[tokio::test]
async fn forbidden_and_unknown_elements_are_refused_or_ignored() {
    let payer = Payer::start("jana").await;
    for strict in [true, false] {
        payer.world.bank.update_knobs(|knobs| knobs.strict_elements = strict.into());
        for (at, body) in bodies(&payer).iter().enumerate() {
            for (path, _, form) in ELEMENTS.iter().filter(|row| row.1.as_bytes()[at] == b'-') {
                let mut body = fresh(body);
                set(&mut body, path, good(&payer, *form));
                let answer = payer.initiate(&body).await;
                if strict {
                    // the outermost element that must not come
                    let found = errors(&answer);
                    assert_eq!(found.len(), 1, "{path}: {found:?}");
                    assert_eq!(found[0].0, "FIELD_INVALID");
                    assert!(path.starts_with(&found[0].1), "{path}: {found:?}");
                } else {
                    assert_eq!(answer.status, 200, "{path}: {answer:?}");
                    let pointer = format!("/{}", path.replace('.', "/"));
                    let bank = path.ends_with("transactionIdentification")
                        || path.ends_with("serviceLevel");
                    assert!(bank || answer.json().pointer(&pointer).is_none(), "{path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn optional_elements_are_taken_and_echoed() {
    let payer = Payer::start("jana").await;
    for (at, body) in bodies(&payer).iter().enumerate() {
        for (path, _, form) in ELEMENTS.iter().filter(|row| row.1.as_bytes()[at] == b'0') {
            if matches!(form, Form::Whole)
                || path.ends_with("ccount.currency")
                || path.contains("creditorAccount.identification")
            {
                continue;
            }
            let mut body = fresh(body);
            let value = match form {
                Form::Text(most) => json!("x".repeat(*most)),
                Form::Code(most) => json!("/".repeat(*most)),
                form => good(&payer, *form),
            };
            set(&mut body, path, value.clone());
            let answer = payer.initiate(&body).await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            let pointer = format!("/{}", path.replace('.', "/"));
            assert_eq!(answer.json().pointer(&pointer), Some(&value), "{path}");
        }
    }
}

#[tokio::test]
async fn bad_values_are_named_with_their_codes() {
    let payer = Payer::start("jana").await;
    for (at, body) in bodies(&payer).iter().enumerate() {
        for (path, _, form) in ELEMENTS.iter().filter(|row| row.1.as_bytes()[at] != b'-') {
            for (value, code) in bad(*form) {
                let mut body = fresh(body);
                set(&mut body, path, value.clone());
                let answer = payer.initiate(&body).await;
                check(&answer, code, path, path, &format!("{value}"));
            }
        }
    }
}

#[tokio::test]
async fn names_and_messages_keep_to_swift_where_the_bank_wants_it() {
    let payer = Payer::start("jana").await;
    let mut body = payer.domestic();
    set(&mut body, "remittanceInformation.unstructured", json!("Nájem za březen"));
    payer.initiated(&body).await;
    payer.world.bank.update_knobs(|knobs| knobs.strict_characters = true.into());
    let answer = payer.initiate(&fresh(&body)).await;
    let scope = "remittanceInformation.unstructured".to_owned();
    assert_eq!(answer.error(), (400, "RR10".to_owned(), scope));
}

#[tokio::test]
async fn what_is_no_json_object_is_unreadable() {
    let payer = Payer::start("jana").await;
    for text in ["", "{", "[]", "1", "null", "\u{feff}{}"] {
        let request = payer.world.call(&payer.world.tpp, Method::POST, "/my/payments");
        let request = request.bearer_auth(&payer.token).body(text);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.error(), (400, "FF01".to_owned(), String::new()), "{text}");
    }
}

#[tokio::test]
async fn field_errors_come_all_together_and_before_those_of_business() {
    let payer = Payer::start("jana").await;
    let body = json!({
        "amount": { "instructedAmount": { "value": -1, "currency": "CZK" } },
        "debtorAccount": { "identification": { "iban": payer.iban(0) } },
        "creditorAccount": { "identification": { "iban": ELSEWHERE } },
        "requestedExecutionDate": "yesterday",
        "purpose": { "code": "OTHR" },
    });
    let found = errors(&payer.initiate(&body).await);
    let found: Vec<_> = found.iter().map(|(code, scope)| (&**code, &**scope)).collect();
    assert_eq!(
        found,
        [
            ("FIELD_MISSING", "paymentIdentification.instructionIdentification"),
            ("FIELD_INVALID", "requestedExecutionDate"),
            ("FIELD_INVALID", "purpose"),
        ]
    );
}
