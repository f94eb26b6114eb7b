//! `POST /my/payments` (bank-api facts 10.2 to 10.4): read, examined, entered, answered. The order of
//! refusals is that of fact 15: `FF01`, all field errors together, all business errors together.

use serde_json::{Map, Value, json};

use super::business::{Case, Verdict};
use super::{Refusal, Reply, Rules, detect, fields, find, forms, payee, rows, sign, text, told};
use crate::PaymentKind;
use crate::api::exact;
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::Occasion;
use crate::orders::{Moment, Order, Owner, Payment, Status, Subject, first_day};
use crate::sync::lock;

/// The third party's own reference.
const REFERENCE: &str = "paymentIdentification.instructionIdentification";
/// What references of payments are unique for.
const PURPOSE: &str = "payment";
/// The code of ISO 20022 for a day that had to be moved.
const MOVED: &str = "TM01";

/// Enters a payment.
///
/// Errors: those of bank-api fact 10.4.
pub(in crate::api) fn initiate(bank: &Bank, call: &Call, owner: &Owner) -> Result<Reply, Refusal> {
    let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
    let (body, kind, rules) = read(bank, call, occasion, |members, kind, rules| {
        fields::check(members, rows::PAYMENT, kind, rules)
    })?;
    let reference = text(&body, REFERENCE).unwrap_or("").to_owned();
    // held until the payment is entered, so that of two with one reference the second is refused
    let mut orders = lock(&bank.orders);
    let licence = owner.licence.as_deref();
    let case = Case {
        bank,
        body: &body,
        amount: exact::amount(&call.body).unwrap_or(""),
        kind,
        authorized: &owner.authorized,
        rules: &rules,
        kinds: &bank.meet(occasion, |knobs| &mut knobs.payment_kinds),
        instant: bank.meet(occasion, |knobs| &mut knobs.instant_payments),
        reference: REFERENCE,
        workday: true,
        used: orders.has_used(PURPOSE, licence, &reference),
    };
    let verdict = case.judge()?;
    let (id, amount) = (orders.name(&bank.random), case.amount.to_owned());
    let signing = sign::open(bank, occasion);
    let asked = verdict.date;
    let payment = payment(bank, occasion, &body, (REFERENCE, kind), verdict);
    let moved = asked.unwrap_or(bank.clock.today()) != payment.day;
    let (status, change) = if moved { (Status::Acwc, Some(MOVED)) } else { (Status::Actc, None) };
    let body = echo(body, &id, &payment);
    let subject = Subject::Payment(Box::new(payment));
    let (owner, batch) = (owner.clone(), None);
    let order = Order { id, owner, subject, body, amount, status, change, signing, batch };
    let reply = told(&order);
    orders.note(PURPOSE, licence, &reference);
    orders.enter(order);
    Ok(reply)
}

/// The body of a request, right in its form by `examine`, with the kind of the payment in it.
///
/// Errors: `FF01`, what `examine` finds, `NARR` by the knob.
pub(in crate::api) fn read(
    bank: &Bank,
    call: &Call,
    occasion: Occasion<'_>,
    examine: impl FnOnce(&mut Map<String, Value>, PaymentKind, &Rules) -> Result<(), Refusal>,
) -> Result<(Value, PaymentKind, Rules), Refusal> {
    let request: Value = crate::json::read(&call.body).ok_or_else(Refusal::unreadable)?;
    let kind = detect::kind(&request);
    let Value::Object(mut members) = request else { return Err(Refusal::unreadable()) };
    let rules = Rules::met(bank, occasion);
    examine(&mut members, kind, &rules)?;
    match bank.meet(occasion, |knobs| &mut knobs.narrative) {
        Some(reason) => Err(Refusal::narrative(&reason)),
        None => Ok((Value::Object(members), kind, rules)),
    }
}

/// The payment of a good request, whose own reference is at `reference`.
pub(in crate::api) fn payment(
    bank: &Bank,
    occasion: Occasion<'_>,
    body: &Value,
    (reference, kind): (&str, PaymentKind),
    verdict: Verdict,
) -> Payment {
    let local = Moment::of(&bank.clock).local;
    let asked = verdict.date.unwrap_or(local.date());
    let day = asked.max(first_day(local, verdict.priority));
    let message = text(body, "remittanceInformation.unstructured");
    let structured =
        find(body, "remittanceInformation.structured.creditorReferenceInformation.reference");
    let symbols = structured.and_then(forms::symbols);
    let symbols = symbols.or_else(|| message.map(forms::symbols_in)).unwrap_or_default();
    let owned = |path: &str| text(body, path).map(ToOwned::to_owned);
    Payment {
        kind,
        priority: verdict.priority,
        instruction: owned(reference).unwrap_or_default(),
        account: verdict.account,
        amount: verdict.amount,
        currency: verdict.currency,
        payee: payee::read(body),
        symbols,
        message: message.map(ToOwned::to_owned),
        end_to_end: owned("paymentIdentification.endToEndIdentification"),
        ultimate: owned("ultimateCreditor.name"),
        bearer: bearer(body),
        day,
        takes: sign::millis(bank.meet(occasion, |knobs| &mut knobs.settle_after)),
        ready: 0,
        patience: sign::millis(bank.meet(occasion, |knobs| &mut knobs.overdue_for)),
        overdue: None,
        standing: false,
    }
}

/// The bearer of charges in the words of statements (bank-api fact 9.4).
fn bearer(body: &Value) -> &'static str {
    match text(body, "chargeBearer") {
        Some("DEBT") => "OUR",
        Some("CRED") => "BEN",
        _ => "SHA",
    }
}

/// The request with what the bank adds; the standard has two places for some of it.
fn echo(mut body: Value, id: &str, payment: &Payment) -> Value {
    let level = json!({ "code": payment.kind.code() });
    body["transactionIdentification"] = json!(id);
    body["serviceLevel"] = level.clone();
    body["paymentIdentification"]["transactionIdentification"] = json!(id);
    let mut kind = body["paymentTypeInformation"].take();
    if !kind.is_object() {
        kind = json!({});
    }
    kind["instructionPriority"] = json!(payment.priority.code());
    kind["serviceLevel"] = level;
    body["paymentTypeInformation"] = kind;
    body["requestedExecutionDate"] = json!(payment.day.to_string());
    body
}
