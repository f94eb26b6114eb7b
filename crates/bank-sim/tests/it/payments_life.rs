//! The life of a payment: bank-api facts 10.3, 10.5, 10.6 and 10.9.

use std::time::Duration;

use reqwest::Method;

use crate::payer::Payer;

#[tokio::test]
async fn a_payment_is_entered_signed_and_booked() {
    let payer = Payer::start("jana").await;
    // from Saturday to Monday
    payer.world.clock.advance(Duration::from_hours(48));
    let mut payer = payer;
    payer.renew().await;
    let request = payer.domestic();
    let ordered = payer.initiated(&request).await;
    assert_eq!(ordered.body["instructionStatus"], "ACTC");
    assert_eq!(ordered.body["signInfo"]["state"], "OPEN");
    assert_eq!(payer.status(&ordered).await, "ACTC");
    payer.sign_by_sms(&ordered).await;
    assert_eq!(payer.status(&ordered).await, "ACSP");
    payer.world.clock.advance(Duration::from_secs(10));
    assert_eq!(payer.status(&ordered).await, "ACSC");
}

#[tokio::test]
async fn an_unsigned_payment_can_be_looked_at_and_deleted() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let detail = payer.send(Method::GET, &ordered.path(), None).await;
    assert_eq!(detail.json(), ordered.body);
    let deleted = payer.send(Method::DELETE, &ordered.path(), None).await;
    assert_eq!((deleted.status.as_u16(), &*deleted.text), (200, ""));
    let gone = payer.send(Method::GET, &ordered.path(), None).await;
    assert_eq!(gone.error(), (404, "TRANSACTION_MISSING".to_owned(), "paymentId".to_owned()));
}
