//! The table of bank-api fact 10.2 a second time, written from the standard, with a good payment of
//! each kind and what can be wrong with an element.

use serde_json::{Value, json};

use crate::payer::{Payer, reference};
use crate::world::Answer;

/// What is tried on an element.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Identification: at most so many characters, those of SWIFT only.
    Code(usize),
    /// Free text of at most so many characters.
    Text(usize),
    Number,
    Date,
    Currency,
    Country,
    /// With the code of a bad value.
    Bic(&'static str),
    Iban,
    Choice(&'static str, &'static str),
    Symbols,
    Clearing,
    /// Tried only as a whole.
    Whole,
}
use Form::{
    Bic, Choice, Clearing, Code, Country, Currency, Date, Iban, Number, Symbols, Text, Whole,
};

/// Element, occurrence for domestic, SEPA, EEA, non-EEA, form.
pub(crate) const ELEMENTS: &[(&str, &str, Form)] = &[
    ("paymentIdentification", "1111", Whole),
    ("paymentIdentification.instructionIdentification", "1111", Code(35)),
    ("paymentIdentification.endToEndIdentification", "-1--", Code(35)),
    ("paymentIdentification.transactionIdentification", "----", Code(35)),
    ("paymentTypeInformation.instructionPriority", "0000", Choice("HIGH", "FIELD_INVALID")),
    ("paymentTypeInformation.serviceLevel", "----", Whole),
    ("paymentTypeInformation.categoryPurpose", "----", Whole),
    ("amount", "1111", Whole),
    ("amount.instructedAmount", "1111", Whole),
    ("amount.instructedAmount.value", "1111", Number),
    ("amount.instructedAmount.currency", "1111", Currency),
    ("amount.equivalentAmount", "----", Whole),
    ("requestedExecutionDate", "0000", Date),
    ("exchangeRateInformation", "----", Whole),
    ("chargesAccount", "----", Whole),
    ("chargeBearer", "--00", Choice("SHAR", "BE19")),
    ("ultimateDebtor.name", "-0--", Text(70)),
    ("ultimateDebtor.postalAddress.townName", "-0--", Text(35)),
    (
        "ultimateDebtor.identification.organisationIdentification.bicOrBei",
        "-0--",
        Bic("FIELD_INVALID"),
    ),
    ("debtor", "----", Whole),
    ("debtorAccount", "1111", Whole),
    ("debtorAccount.identification.iban", "1111", Iban),
    ("debtorAccount.identification.other", "----", Whole),
    ("debtorAccount.currency", "0000", Currency),
    ("intermediaryAgent1", "----", Whole),
    ("creditorAgent.financialInstitutionIdentification.bic", "-110", Bic("RC07")),
    (
        "creditorAgent.financialInstitutionIdentification.clearingSystemMemberIdentification",
        "---0",
        Clearing,
    ),
    ("creditorAgent.financialInstitutionIdentification.name", "---0", Text(105)),
    ("creditorAgent.financialInstitutionIdentification.postalAddress.country", "---0", Country),
    ("creditorAgent.financialInstitutionIdentification.other.identification", "---0", Code(35)),
    ("creditor.name", "-111", Text(70)),
    ("creditor.postalAddress", "-001", Whole),
    ("creditor.postalAddress.streetName", "-000", Text(70)),
    ("creditor.postalAddress.buildingNumber", "-000", Text(16)),
    ("creditor.postalAddress.postCode", "-000", Text(16)),
    ("creditor.postalAddress.townName", "-000", Text(35)),
    ("creditor.postalAddress.country", "-000", Country),
    ("creditor.postalAddress.addressLine", "-000", Text(70)),
    ("creditorAccount", "1111", Whole),
    ("creditorAccount.identification.iban", "1100", Iban),
    ("creditorAccount.identification.other.identification", "--00", Code(34)),
    ("creditorAccount.currency", "0---", Currency),
    ("ultimateCreditor.name", "-0--", Text(70)),
    ("purpose", "----", Whole),
    ("instructionForNextAgent", "----", Whole),
    ("remittanceInformation.unstructured", "0000", Text(140)),
    ("remittanceInformation.structured.creditorReferenceInformation.reference", "0---", Symbols),
    ("initiatingParty.name", "0000", Text(35)),
    ("initiatingParty.postalAddress", "0000", Text(35)),
    ("colour", "----", Whole),
];

/// A good payment of each kind, with the mandatory elements only.
pub(crate) fn bodies(payer: &Payer) -> [Value; 4] {
    let amount =
        |currency: &str| json!({ "instructedAmount": { "value": 12.5, "currency": currency } });
    let debtor = |at: usize| json!({ "identification": { "iban": payer.iban(at) } });
    let agent = |bic: &str| json!({ "financialInstitutionIdentification": { "bic": bic } });
    let sepa = json!({
        "paymentIdentification": { "endToEndIdentification": "NOTPROVIDED" },
        "amount": amount("EUR"),
        "debtorAccount": debtor(2),
        "creditorAgent": agent("BKAUATWW"),
        "creditor": { "name": "Alpenblick Verlag GmbH" },
        "creditorAccount": { "identification": { "iban": "AT611904300234573201" } },
    });
    let eea = json!({
        "amount": amount("USD"),
        "debtorAccount": debtor(2),
        "creditorAgent": agent("COBADEFF"),
        "creditor": { "name": "Hansewolke Hosting GmbH" },
        "creditorAccount": { "identification": { "iban": "DE89370400440532013000" } },
    });
    let overseas = json!({
        "amount": amount("USD"),
        "debtorAccount": debtor(2),
        "creditorAgent": agent("CHASUS33"),
        "creditor": {
            "name": "Redwood Type Foundry Inc.",
            "postalAddress": { "townName": "Portland", "country": "US" },
        },
        "creditorAccount": { "identification": { "other": { "identification": "4401-9928" } } },
    });
    [payer.domestic(), sepa, eea, overseas]
}

/// `body` with a reference that nobody has used.
pub(crate) fn fresh(body: &Value) -> Value {
    let mut body = body.clone();
    set(&mut body, "paymentIdentification.instructionIdentification", json!(reference()));
    body
}

pub(crate) fn set(body: &mut Value, path: &str, value: Value) {
    let mut place = body;
    for name in path.split('.') {
        place = &mut place[name];
    }
    *place = value;
}

pub(crate) fn remove(body: &mut Value, path: &str) {
    let pointer = format!("/{}", path.replace('.', "/"));
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    if let Some(parent) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
        parent.remove(name);
    }
}

/// Code and scope of each error.
pub(crate) fn errors(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.json();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let errors = body["errors"].as_array().map_or(&[][..], Vec::as_slice).iter();
    errors.map(|error| (text(&error["error"]), text(&error["scope"]))).collect()
}

pub(crate) fn good(payer: &Payer, form: Form) -> Value {
    match form {
        Code(_) | Text(_) => json!("A-1"),
        Number => json!(1),
        Date => json!("2026-03-16"),
        Currency => json!("CZK"),
        Country => json!("AT"),
        Bic(_) => json!("BKAUATWW"),
        Iban => json!(payer.iban(1)),
        Choice(value, _) => json!(value),
        Symbols => json!(["VS:501", "KS:9", "SS:1005"]),
        Clearing => json!({
            "clearingSystemIdentification": { "code": "USABA" },
            "memberIdentification": "021000021",
        }),
        Whole => json!({ "code": "X" }),
    }
}

/// Values that the form does not take, with the code of the refusal.
pub(crate) fn bad(form: Form) -> Vec<(Value, &'static str)> {
    let invalid = "FIELD_INVALID";
    let long = |most: usize| json!("x".repeat(most + 1));
    match form {
        Code(most) => vec![
            (long(most), invalid),
            (json!(1), invalid),
            (json!("č"), "RR10"),
            (json!("a_b"), "RR10"),
        ],
        Text(most) => {
            vec![(long(most), invalid), (json!(1), invalid), (json!({ "a": 1 }), invalid)]
        }
        Number => vec![(json!("12.50"), invalid), (json!(true), invalid)],
        Date => {
            let texts = ["16.3.2026", "2026-3-16", "2026-03-16T00:00:00Z", "tomorrow"];
            texts.iter().map(|text| (json!(text), invalid)).collect()
        }
        Currency => vec![(json!("czk"), invalid), (json!("CZKK"), invalid), (json!(203), invalid)],
        Country => vec![(json!("at"), invalid), (json!("AUT"), invalid), (json!(1), invalid)],
        Bic(code) => vec![(json!("BKAUATW"), code), (json!("bkauatww"), code), (json!(1), invalid)],
        Iban => vec![
            (json!("2108589434/0800"), invalid),
            (json!("CZ75 0800 0000 0021 0858 9434"), invalid),
            (json!(1), invalid),
        ],
        Choice(_, code) => vec![(json!("OTHER"), code), (json!(1), invalid)],
        Symbols => vec![
            (json!(["VS:12345678901"]), invalid),
            (json!(["VS:1", "VS:2"]), invalid),
            (json!(["XS:1"]), invalid),
            (json!("501"), invalid),
        ],
        Clearing => vec![(json!({ "memberIdentification": "1" }), "RC10"), (json!("1"), "RC10")],
        Whole => Vec::new(),
    }
}
