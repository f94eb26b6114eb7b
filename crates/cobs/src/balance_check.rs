//! Whether there is enough money for a payment (COBS 2.0 §3.2.1, `POST /my/payments/balanceCheck`).

use alloc::string::String;
use serde::Deserialize;

use crate::decimal::Decimal;
use crate::lenient::TextOrNumber;
use crate::payment_request::DebtorAccountRequest;

/// The question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct BalanceCheckRequest {
    /// The app's own id, unique, at most 18 characters.
    pub exchange_identification: String,
    /// The card that is to pay.
    pub card: Option<CardRequest>,
    /// The account; its currency is better left out.
    pub debtor_account: DebtorAccountRequest,
    /// How the person was recognised, e.g. `NPIN`, `PSWD` or `BIOM`.
    pub authentication_method: Option<String>,
    /// Who is to be paid.
    pub merchant: Option<MerchantRequest>,
    /// How much.
    pub transaction_details: TransactionDetailsRequest,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct CardRequest {
    /// Name on it, at most 45 characters.
    pub cardholder_name: Option<String>,
    /// Its number with `*` or spaces in place of some digits.
    pub masked_pan: String,
}

/// Who is to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct MerchantRequest {
    /// Registered number, at most 35 characters.
    pub identification: String,
    /// `OPOI`, `MERC`, `ACCP`, `ITAG`, `ACQR`, `CISS` or `DLIS`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// At most 35 characters.
    pub short_name: String,
    /// At most 70 characters.
    pub common_name: String,
    /// At most 140 characters.
    pub address: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_code: Option<String>,
    /// ISO 18245, 3 to 4 characters.
    pub merchant_category_code: String,
}

/// How much is to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct TransactionDetailsRequest {
    /// ISO 4217.
    pub currency: String,
    /// At most two decimals; becomes a JSON number of the same digits.
    pub total_amount: Decimal,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct BalanceCheck {
    /// The bank's id.
    pub response_identification: Option<TextOrNumber>,
    /// The app's.
    pub exchange_identification: Option<TextOrNumber>,
    /// The answer itself.
    pub response: BalanceVerdict,
}

/// `APPR`: there is enough money; `DECL`: there is not.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "'APPR' | 'DECL' | (string & {})"))]
pub struct BalanceVerdict(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_and_answer_are_read() {
        let json = r#"{"exchangeIdentification":"1","card":{"maskedPan":"1234 **** 5678"},
            "debtorAccount":{"identification":{"iban":"CZ6907101781240000004159"}},
            "transactionDetails":{"currency":"CZK","totalAmount":10.10}}"#;
        let json = crate::decimal::quoted(json);
        let asked = serde_json::from_str::<BalanceCheckRequest>(&json).unwrap();
        assert_eq!(asked.transaction_details.total_amount.as_str(), "10.10");
        let json =
            r#"{"responseIdentification":12,"exchangeIdentification":"1","response":"APPR"}"#;
        let answer = serde_json::from_str::<BalanceCheck>(json).unwrap();
        assert_eq!(answer.response, BalanceVerdict("APPR".into()));
    }
}
