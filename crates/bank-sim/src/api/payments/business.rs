//! What the bank thinks of a well-formed payment (bank-api facts 10.2, 10.4, 12 and 15): accounts,
//! amount, date, priority. Every error is collected.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::detect::is_inside;
use super::{Refusal, Rules, text};
use crate::PaymentKind;
use crate::api::exact::hundredths;
use crate::bank::Bank;
use crate::data::iban::is_valid;
use crate::data::{Account, Kind, workday};
use crate::oauth::Authorized;
use crate::orders::{Priority, rate};

const DEBTOR: &str = "debtorAccount.identification.iban";
const CREDITOR: &str = "creditorAccount.identification.iban";
const VALUE: &str = "amount.instructedAmount.value";
const CURRENCY: &str = "amount.instructedAmount.currency";
const DATE: &str = "requestedExecutionDate";
const PRIORITY: &str = "paymentTypeInformation.instructionPriority";

/// How far ahead a payment can be ordered, in days.
const AHEAD: i64 = 365;

/// A payment under examination.
pub(in crate::api) struct Case<'a> {
    pub(in crate::api) bank: &'a Bank,
    pub(in crate::api) body: &'a Value,
    /// The amount as it was written.
    pub(in crate::api) amount: &'a str,
    pub(in crate::api) kind: PaymentKind,
    pub(in crate::api) authorized: &'a Authorized,
    pub(in crate::api) rules: &'a Rules,
    /// The kinds that the bank carries out.
    pub(in crate::api) kinds: &'a [PaymentKind],
    pub(in crate::api) instant: bool,
    /// Where the third party's own reference is.
    pub(in crate::api) reference: &'a str,
    /// Whether it must be a workday that is asked for.
    pub(in crate::api) workday: bool,
    /// Whether the third party has used the reference before.
    pub(in crate::api) used: bool,
}

/// What the examination has found.
pub(in crate::api) struct Verdict {
    pub(in crate::api) account: String,
    pub(in crate::api) amount: i64,
    pub(in crate::api) currency: &'static str,
    pub(in crate::api) date: Option<Date>,
    pub(in crate::api) priority: Priority,
}

impl Case<'_> {
    /// Examines the payment.
    ///
    /// Errors: `AG01` alone; otherwise all of `AC02`, `AC03`, `AC10`, `AC12`, `AM05`, `AM11`, `AM12`,
    /// `DT01`, `NO_PART`, `REC_SEND`, `FIELD_INVALID` together.
    pub(in crate::api) fn judge(&self) -> Result<Verdict, Refusal> {
        let account = self.debtor();
        if let Err(refusal) = &account
            && refusal.is_forbidden()
        {
            return Err(refusal.clone());
        }
        let currency = account.as_ref().map_or(Ok(""), |account| self.currency(account));
        let (amount, date, priority) = (self.amount(), self.date(), self.priority());
        let mut found = Vec::new();
        if let Ok(account) = &account {
            found.extend(self.account(account));
        }
        found.extend(self.creditor());
        found.extend(self.kind());
        found.extend(self.used.then(|| Refusal::code("AM05", self.reference)));
        match (account, currency, amount, date, priority) {
            (Ok(account), Ok(currency), Ok(amount), Ok(date), Ok(priority)) if found.is_empty() => {
                let account = account.id.clone();
                Ok(Verdict { account, amount, currency, date, priority })
            }
            (account, currency, amount, date, priority) => {
                let errors =
                    [account.err(), currency.err(), amount.err(), date.err(), priority.err()];
                let all = errors.into_iter().flatten().chain(found);
                Err(Refusal::all(all).unwrap_or_else(Refusal::unreadable))
            }
        }
    }

    fn iban(&self, path: &str) -> &str {
        text(self.body, path).unwrap_or("")
    }

    /// Whether the check digits are right, or nobody looks at them.
    fn checks(&self, iban: &str) -> bool {
        !self.rules.strict_ibans || is_valid(iban)
    }

    /// The account that pays, if the person has allowed it.
    fn debtor(&self) -> Result<&Account, Refusal> {
        let iban = self.iban(DEBTOR);
        let holder = self.bank.ledger.holder(iban).filter(|_| self.checks(iban));
        let (holder, account) = holder.ok_or_else(|| Refusal::code("AC02", DEBTOR))?;
        let theirs = holder.username == self.authorized.user;
        if theirs && self.authorized.accounts.contains(&account.id) {
            Ok(account)
        } else {
            Err(Refusal::not_allowed(DEBTOR))
        }
    }

    fn account(&self, account: &Account) -> Vec<Refusal> {
        let mut found = Vec::new();
        let asked = text(self.body, "debtorAccount.currency");
        if asked.is_some_and(|asked| asked != account.currency) {
            found.push(Refusal::code("AC10", "debtorAccount.currency"));
        }
        let to = self.iban(CREDITOR);
        if to == self.iban(DEBTOR) {
            found.push(Refusal::code("REC_SEND", CREDITOR));
        }
        // savings go to their owner only
        let own = self.bank.ledger.holder(to);
        let own = own.is_some_and(|(holder, _)| holder.username == self.authorized.user);
        if account.kind == Kind::Savings && !own {
            found.push(Refusal::code("AC12", DEBTOR));
        }
        found
    }

    /// The payee's account: one at this bank must exist, another one must have its check digits.
    fn creditor(&self) -> Option<Refusal> {
        let iban = text(self.body, CREDITOR)?;
        if !is_inside(iban) {
            return (!self.checks(iban)).then(|| Refusal::code("FIELD_INVALID", CREDITOR));
        }
        let Some((_, account)) = self.bank.ledger.holder(iban) else {
            return Some(Refusal::code("AC03", CREDITOR));
        };
        let scope = "creditorAccount.currency";
        let other = text(self.body, scope).is_some_and(|asked| asked != account.currency);
        other.then(|| Refusal::code("AC03", scope))
    }

    /// A kind that the bank does not carry out: known by its currency, or else by its payee.
    fn kind(&self) -> Option<Refusal> {
        if self.kinds.contains(&self.kind) {
            return None;
        }
        Some(match text(self.body, CURRENCY) {
            Some("CZK") => Refusal::code("FIELD_INVALID", "creditorAccount.identification"),
            asked => {
                let parameters = json!({ "CURRENCY": asked, "CURRENCY_ALLOWED": "CZK" });
                Refusal::with_parameters("AM11", CURRENCY, parameters)
            }
        })
    }

    fn currency(&self, account: &Account) -> Result<&'static str, Refusal> {
        let asked = text(self.body, CURRENCY).unwrap_or("");
        rate(account.currency, asked).map(|(currency, _)| currency).ok_or_else(|| {
            let parameters = json!({ "CURRENCY": asked, "CURRENCY_ALLOWED": account.currency });
            Refusal::with_parameters("AM11", CURRENCY, parameters)
        })
    }

    fn amount(&self) -> Result<i64, Refusal> {
        let most = match self.kind {
            PaymentKind::Domestic => 100_000_000_000_000,
            PaymentKind::Sepa => 99_999_999_999,
            PaymentKind::Eea | PaymentKind::NonEea => 99_999_999_999_999_999,
        };
        let amount = hundredths(self.amount).filter(|amount| (1..=most).contains(amount));
        amount.ok_or_else(|| Refusal::code("AM12", VALUE))
    }

    fn date(&self) -> Result<Option<Date>, Refusal> {
        let Some(asked) = text(self.body, DATE) else { return Ok(None) };
        let date = asked.parse::<Date>().map_err(|_| Refusal::code("DT01", DATE))?;
        let today = self.bank.clock.today();
        let wrong = |why| Err(Refusal::with_parameters("DT01", DATE, json!({ "DATE": why })));
        match date {
            // the misspelling is the standard's
            date if date < today => wrong("DATE_TO_OLD"),
            date if date > today.saturating_add(AHEAD.days()) => wrong("DATE_IN_FUTURE"),
            date if self.workday
                && !workday::is_workday(date)
                && self.asked_priority() != Priority::Instant =>
            {
                Err(Refusal::code("DT01", DATE))
            }
            date => Ok(Some(date)),
        }
    }

    fn asked_priority(&self) -> Priority {
        match text(self.body, PRIORITY) {
            Some("HIGH") => Priority::High,
            Some("INST") => Priority::Instant,
            _ => Priority::Normal,
        }
    }

    fn priority(&self) -> Result<Priority, Refusal> {
        let priority = self.asked_priority();
        let near = matches!(self.kind, PaymentKind::Domestic | PaymentKind::Sepa);
        if priority == Priority::Instant && !(self.instant && near) {
            let parameters = json!({ "ALLOWED_PRIORITY": "NORM" });
            return Err(Refusal::with_parameters("NO_PART", PRIORITY, parameters));
        }
        Ok(priority)
    }
}
