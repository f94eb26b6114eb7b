//! The table of bank-api fact 10.2: which element of a payment must (`1`), may (`0`) or must not (`-`)
//! come, for domestic, SEPA, EEA and non-EEA payments in this order. Blocks are those of facts 9.4
//! and 10.2.

use serde_json::Value;

/// A line of the table.
pub(in crate::api) struct Row {
    pub(super) name: &'static str,
    /// By kind.
    pub(super) occurs: &'static str,
    pub(super) form: Form,
}

/// What an element is made of.
#[derive(Clone, Copy)]
pub(in crate::api) enum Form {
    Object(&'static [Row]),
    /// Identification of at most so many characters.
    Code(usize),
    /// Name or message of at most so many characters.
    Text(usize),
    /// One text, or at most two.
    Lines(usize),
    /// One of a list; otherwise this code.
    One(&'static [&'static str], &'static str),
    Number,
    Date,
    Currency,
    Country,
    Bic,
    Iban,
    /// Variable, specific and constant symbol.
    Symbols,
    /// Clearing code of a bank.
    Clearing,
    /// A code, or a whole number, of at most so many characters.
    Reference(usize),
    /// The number of a card with stars or spaces in place of some digits.
    MaskedPan(usize),
    /// Kind of a merchant by ISO 18245.
    Category,
    /// Not looked into.
    Any,
    /// Something of the resource's own.
    Own(fn(&Value) -> bool),
}

pub(in crate::api) const fn row(name: &'static str, occurs: &'static str, form: Form) -> Row {
    Row { name, occurs, form }
}

use Form::{Any, Bic, Clearing, Code, Country, Currency, Date, Iban, Lines, Number, Object, One};
use Form::{Own, Symbols, Text};

/// The body of `POST /my/payments`.
pub(super) const PAYMENT: &[Row] = &[
    row(
        "paymentIdentification",
        "1111",
        Object(&[
            row("instructionIdentification", "1111", Code(35)),
            row("endToEndIdentification", "-1--", Code(35)),
            row("transactionIdentification", "----", Any),
        ]),
    ),
    row(
        "paymentTypeInformation",
        "0000",
        Object(&[
            row("instructionPriority", "0000", One(&["NORM", "HIGH", "INST"], "FIELD_INVALID")),
            row("serviceLevel", "----", Any),
            row("categoryPurpose", "----", Any),
        ]),
    ),
    AMOUNT,
    row("requestedExecutionDate", "0000", Date),
    row("exchangeRateInformation", "----", Any),
    row("chargesAccount", "----", Any),
    row("chargeBearer", "--00", One(&["DEBT", "CRED", "SHAR", "SLEV"], "BE19")),
    row("ultimateDebtor", "-0--", Object(PARTY)),
    row("debtor", "----", Any),
    DEBTOR_ACCOUNT,
    row("intermediaryAgent1", "----", Any),
    AGENT,
    CREDITOR,
    CREDITOR_ACCOUNT,
    row("ultimateCreditor", "-0--", Object(PARTY)),
    row("purpose", "----", Any),
    row("instructionForNextAgent", "----", Any),
    REMITTANCE,
    row(
        "initiatingParty",
        "0000",
        Object(&[row("name", "0000", Text(35)), row("postalAddress", "0000", Text(35))]),
    ),
];

pub(in crate::api) const AMOUNT: Row = row(
    "amount",
    "1111",
    Object(&[
        row(
            "instructedAmount",
            "1111",
            Object(&[row("value", "1111", Number), row("currency", "1111", Currency)]),
        ),
        row("equivalentAmount", "----", Any),
    ]),
);

pub(in crate::api) const DEBTOR_ACCOUNT: Row = row(
    "debtorAccount",
    "1111",
    Object(&[
        row(
            "identification",
            "1111",
            Object(&[row("iban", "1111", Iban), row("other", "----", Any)]),
        ),
        row("currency", "0000", Currency),
    ]),
);

pub(in crate::api) const AGENT: Row = row(
    "creditorAgent",
    "-011",
    Object(&[row(
        "financialInstitutionIdentification",
        "-011",
        Object(&[
            row("bic", "-110", Bic),
            row("clearingSystemMemberIdentification", "---0", Clearing),
            row("name", "---0", Text(105)),
            row("postalAddress", "---0", Object(ADDRESS)),
            row("other", "---0", Object(&[row("identification", "1111", Code(35))])),
        ]),
    )]),
);

pub(in crate::api) const CREDITOR: Row = row(
    "creditor",
    "-111",
    Object(&[row("name", "-111", Text(70)), row("postalAddress", "-001", Object(ADDRESS))]),
);

pub(in crate::api) const CREDITOR_ACCOUNT: Row = row(
    "creditorAccount",
    "1111",
    Object(&[
        row(
            "identification",
            "1111",
            Object(&[
                row("iban", "1100", Iban),
                row("other", "--00", Object(&[row("identification", "1111", Code(34))])),
            ]),
        ),
        row("currency", "0---", Currency),
    ]),
);

pub(in crate::api) const REMITTANCE: Row = row(
    "remittanceInformation",
    "0000",
    Object(&[
        row("unstructured", "0000", Text(140)),
        row(
            "structured",
            "0---",
            Object(&[row(
                "creditorReferenceInformation",
                "1111",
                Object(&[row("reference", "1111", Symbols)]),
            )]),
        ),
    ]),
);

const ADDRESS: &[Row] = &[
    row("streetName", "0000", Text(70)),
    row("buildingNumber", "0000", Text(16)),
    row("postCode", "0000", Text(16)),
    row("townName", "0000", Text(35)),
    row("country", "0000", Country),
    row("addressLine", "0000", Lines(70)),
];

pub(in crate::api) const PARTY: &[Row] = &[
    row("name", "0000", Text(70)),
    row("postalAddress", "0000", Object(ADDRESS)),
    row(
        "identification",
        "0000",
        Object(&[
            row(
                "organisationIdentification",
                "0000",
                Object(&[
                    row("bicOrBei", "0000", Own(is_bic)),
                    row("other", "0000", Object(OTHER)),
                ]),
            ),
            row("privateIdentification", "0000", Object(&[row("other", "0000", Object(OTHER))])),
        ]),
    ),
];

/// The code for a bad one is that of the creditor's bank only (bank-api fact 10.4).
fn is_bic(value: &Value) -> bool {
    value.as_str().is_some_and(super::forms::is_bic)
}

/// Examples have the issuer inside the scheme.
const OTHER: &[Row] = &[
    row("identification", "1111", Code(35)),
    row(
        "schemeName",
        "0000",
        Object(&[
            row("code", "0000", Code(35)),
            row("proprietary", "0000", Code(35)),
            row("issuer", "0000", Text(35)),
        ]),
    ),
    row("issuer", "0000", Text(35)),
];
