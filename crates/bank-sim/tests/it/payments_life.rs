//! The life of a payment: bank-api facts 10.3, 10.5, 10.6 and 10.9.

use std::time::Duration;

use bank_sim::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::payer::{Ordered, Payer};
use crate::payments_table::set;
use crate::world::{Answer, CALLBACK, CLIENT, LICENCE, OTHER, OTHER_SECRET, World, basic, query};

const DAY: Duration = Duration::from_hours(24);
const DATE: &str = "requestedExecutionDate";
const VALUE: &str = "amount.instructedAmount.value";

/// On Monday, 16 March 2026, 10:00.
async fn on_monday(user: &str) -> Payer {
    let mut payer = Payer::start(user).await;
    payer.world.clock.advance(2 * DAY);
    payer.renew().await;
    payer
}

async fn later(payer: &mut Payer, time: Duration) {
    payer.world.clock.advance(time);
    payer.renew().await;
}

/// The status with its reason.
async fn story(payer: &Payer, ordered: &Ordered) -> Value {
    let path = format!("/my/payments/{}/status", ordered.id);
    let request = payer.world.request(&payer.world.tpp, &path);
    Answer::read(request.send().await.unwrap()).await.json()
}

#[tokio::test]
async fn the_answer_echoes_the_request_and_says_things_in_both_places() {
    let payer = on_monday("jana").await;
    let mut body = payer.domestic();
    set(&mut body, DATE, json!("2026-03-17"));
    let answer = payer.initiated(&body).await;
    let id = &answer.id;
    assert!(id.len() <= 35 && id.starts_with("PAY"), "{id}");
    assert_eq!(
        answer.body,
        json!({
            "transactionIdentification": id,
            "serviceLevel": { "code": "DMCT" },
            "paymentIdentification": {
                "instructionIdentification":
                    body["paymentIdentification"]["instructionIdentification"],
                "transactionIdentification": id,
            },
            "paymentTypeInformation": {
                "instructionPriority": "NORM",
                "serviceLevel": { "code": "DMCT" },
            },
            "amount": { "instructedAmount": { "value": 150.5, "currency": "CZK" } },
            "requestedExecutionDate": "2026-03-17",
            "debtorAccount": body["debtorAccount"],
            "creditorAccount": body["creditorAccount"],
            "signInfo": { "state": "OPEN", "signId": answer.sign },
            "instructionStatus": "ACTC",
            "statusChangeInfo": null,
        })
    );
}

#[tokio::test]
async fn a_payment_is_entered_signed_and_booked() {
    let payer = on_monday("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    assert_eq!(ordered.body["instructionStatus"], "ACTC");
    assert_eq!(payer.status(&ordered).await, "ACTC");
    payer.sign_by_sms(&ordered).await;
    assert_eq!(payer.status(&ordered).await, "ACSP");
    payer.world.clock.advance(Duration::from_secs(9));
    assert_eq!(payer.status(&ordered).await, "ACSP");
    payer.world.clock.advance(Duration::from_secs(1));
    assert_eq!(story(&payer, &ordered).await, json!({ "instructionStatus": "ACSC" }));
}

#[tokio::test]
async fn a_day_that_had_to_be_moved_is_told() {
    // a Saturday
    let mut payer = Payer::start("jana").await;
    let moved = |ordered: &Ordered, day: &str| {
        assert_eq!(ordered.body["instructionStatus"], "ACWC");
        assert_eq!(ordered.body["statusChangeInfo"], "TM01");
        assert_eq!(ordered.body[DATE], day);
    };
    moved(&payer.initiated(&payer.domestic()).await, "2026-03-16");
    // Monday, 16:59 and 17:00
    later(&mut payer, 2 * DAY + Duration::from_mins(6 * 60 + 59)).await;
    let mut body = payer.domestic();
    set(&mut body, DATE, json!("2026-03-16"));
    assert_eq!(payer.initiated(&body).await.body["instructionStatus"], "ACTC");
    later(&mut payer, Duration::from_mins(1)).await;
    let mut body = payer.domestic();
    set(&mut body, DATE, json!("2026-03-16"));
    let ordered = payer.initiated(&body).await;
    moved(&ordered, "2026-03-17");
    assert_eq!(payer.status(&ordered).await, "ACWC");
}

#[tokio::test]
async fn a_payment_of_a_later_day_waits_for_it() {
    let mut payer = on_monday("jana").await;
    let mut body = payer.domestic();
    set(&mut body, DATE, json!("2026-03-19"));
    let ordered = payer.initiated(&body).await;
    payer.sign_by_sms(&ordered).await;
    later(&mut payer, 2 * DAY).await;
    assert_eq!(payer.status(&ordered).await, "ACSP");
    later(&mut payer, DAY).await;
    assert_eq!(payer.status(&ordered).await, "ACSC");
}

#[tokio::test]
async fn a_late_signature_moves_the_payment() {
    let mut payer = on_monday("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    later(&mut payer, Duration::from_hours(8)).await;
    payer.sign_by_sms(&ordered).await;
    later(&mut payer, Duration::from_mins(5)).await;
    assert_eq!(payer.status(&ordered).await, "ACSP");
    later(&mut payer, DAY).await;
    assert_eq!(payer.status(&ordered).await, "ACSC");
}

#[tokio::test]
async fn without_money_there_is_no_payment() {
    let payer = on_monday("jana").await;
    let mut body = payer.domestic();
    set(&mut body, VALUE, json!(99_999_999));
    let ordered = payer.initiated(&body).await;
    payer.sign_by_sms(&ordered).await;
    payer.world.clock.advance(Duration::from_secs(10));
    let rejected = json!({ "instructionStatus": "RJCT", "statusChangeInfo": "AM04" });
    assert_eq!(story(&payer, &ordered).await, rejected);
}

#[tokio::test]
async fn what_nobody_signs_is_closed() {
    let mut payer = on_monday("jana").await;
    let ttl = Duration::from_secs(3601);
    payer.world.bank.update_knobs(|knobs| knobs.sign_ttl = ttl.into());
    let ordered = payer.initiated(&payer.domestic()).await;
    later(&mut payer, Duration::from_hours(1)).await;
    assert_eq!(payer.status(&ordered).await, "ACTC");
    later(&mut payer, Duration::from_secs(1)).await;
    let rejected = json!({ "instructionStatus": "RJCT", "statusChangeInfo": "NOAS" });
    assert_eq!(story(&payer, &ordered).await, rejected);
    let shown = payer.sign(Method::GET, &ordered, Value::Null).await.json();
    assert_eq!(shown["signInfo"]["state"], "CLOSED");
    let begun = payer.sign(Method::POST, &ordered, json!({ "authorizationType": "SMS" })).await;
    assert_eq!(begun.error(), (400, "AUTH_LIMIT_EXCEEDED".to_owned(), "signId".to_owned()));
}

#[tokio::test]
async fn an_unsigned_payment_can_be_looked_at_and_deleted() {
    let payer = Payer::start("jana").await;
    let gone = (404, "TRANSACTION_MISSING".to_owned(), "paymentId".to_owned());
    for status in [200, 201, 204] {
        payer.world.bank.update_knobs(|knobs| knobs.delete_status = status.into());
        let ordered = payer.initiated(&payer.domestic()).await;
        for path in [ordered.path(), format!("/payments/{}", ordered.id)] {
            let detail = payer.send(Method::GET, &path, None).await;
            assert_eq!(detail.json(), ordered.body);
        }
        let deleted = payer.send(Method::DELETE, &ordered.path(), None).await;
        assert_eq!((deleted.status.as_u16(), &*deleted.text), (status, ""));
        assert_eq!(payer.send(Method::GET, &ordered.path(), None).await.error(), gone);
        assert_eq!(payer.send(Method::DELETE, &ordered.path(), None).await.error(), gone);
        let status = format!("{}/status", ordered.path());
        assert_eq!(payer.send(Method::GET, &status, None).await.error(), gone);
        let sign = format!("{}/sign", ordered.path());
        assert_eq!(payer.send(Method::POST, &sign, None).await.error(), gone);
    }
    let signed = payer.initiated(&payer.domestic()).await;
    payer.sign_by_sms(&signed).await;
    assert_eq!(payer.send(Method::GET, &signed.path(), None).await.error(), gone);
    assert_eq!(payer.send(Method::DELETE, &signed.path(), None).await.error(), gone);
}

#[tokio::test]
async fn payments_are_shown_to_their_third_party_and_person_only() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let gone = (404, "TRANSACTION_MISSING".to_owned(), "paymentId".to_owned());
    let world = &payer.world;
    let stranger = world.tpp_with(vec![Role::PaymentInitiation], Some("PSDCZ-CNB-87654321"));
    let path = format!("/payments/{}/status", ordered.id);
    let status = world.request(&stranger, &path).send().await.unwrap();
    assert_eq!(Answer::read(status).await.error(), gone);
    let petr = world.connect("petr", "pisp").await;
    let petr = petr["access_token"].as_str().unwrap();
    let detail = world.request(&world.tpp, &ordered.path()).bearer_auth(petr).send().await.unwrap();
    assert_eq!(Answer::read(detail).await.error(), gone);
    // another application of the same third party
    let other = token_of_the_other_application(world).await;
    let detail = world.request(&world.tpp, &ordered.path()).bearer_auth(other);
    assert_eq!(detail.send().await.unwrap().status(), 200);
    let readers = world.tpp_with(vec![Role::AccountInformation], Some(LICENCE));
    let status = world.request(&readers, &path).send().await.unwrap();
    assert_eq!(Answer::read(status).await.error().1, "FORBIDDEN");
}

async fn token_of_the_other_application(world: &World) -> String {
    let mut browser = Browser::new(world);
    browser.walk(world, "jana", &world.authorize_url("pisp").replace(CLIENT, OTHER)).await;
    let code = query(&browser.left_to, "code").unwrap();
    let fields =
        [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)];
    let tokens = world.post("token", Some(basic(OTHER, OTHER_SECRET)), &fields).await.json();
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn optional_resources_may_be_missing() {
    let payer = Payer::start("jana").await;
    payer.world.bank.update_knobs(|knobs| knobs.optional_resources = false.into());
    let ordered = payer.initiated(&payer.domestic()).await;
    let sign = format!("{}/sign", ordered.path());
    let missing = (501, "NOT_IMPLEMENTED".to_owned(), String::new());
    for (method, path) in [
        (Method::GET, ordered.path()),
        (Method::DELETE, ordered.path()),
        (Method::POST, sign),
        (Method::GET, ordered.sign_path()),
        (Method::PUT, ordered.sign_path()),
    ] {
        assert_eq!(payer.send(method, &path, None).await.error(), missing, "{path}");
    }
    let begun = payer.sign(Method::POST, &ordered, json!({ "authorizationType": "SMS" })).await;
    assert_eq!(begun.status, 200);
}
