//! `GET /connections/{id}/orders`: what became of what a page has asked for.

use std::time::Duration;

use bank_sim::ApiReply;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::problem;
use crate::database::Database;
use crate::payer::{Payer, key, with_json};

/// Newest first, refused ones last, each with its outcome and, where the bank took it, its answer as it came.
#[tokio::test]
async fn the_orders_of_a_connection_are_listed() {
    let payer = Payer::start().await;
    assert!(payer.orders().await.is_empty());
    let (answered, refused, lost) = (key(), key(), key());
    let answer = payer.pay(&payer.domestic(), &answered).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let begun_at = payer.world.now();
    payer.world.advance(Duration::from_secs(5));
    let mut bad = payer.domestic();
    bad["amount"]["instructedAmount"]["currency"] = json!("XXX");
    problem(&payer.pay(&bad, &refused).await, 422, "bank_refused");
    payer.answers("/my/payments", ApiReply::DropAfterCommit);
    problem(&payer.pay(&payer.domestic(), &lost).await, 502, "outcome_unknown");
    let orders = payer.orders().await;
    let told: Vec<_> = orders.iter().map(|order| (&order["key"], &order["outcome"])).collect();
    assert_eq!(
        told,
        [
            (&json!(lost), &json!("unknown")),
            (&json!(answered), &json!("answered")),
            (&json!(refused), &json!("refused")),
        ]
    );
    let first = &orders[1];
    assert_eq!((&first["answer"], &first["path"]), (&answer.json(), &json!("/my/payments")));
    let begun: jiff::Timestamp = first["begun_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(begun.as_second().unsigned_abs(), begun_at);
    assert_eq!((&orders[0]["answer"], &orders[2]["answer"]), (&Value::Null, &Value::Null));
    let fields: Vec<_> = first.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["answer", "begun_at", "key", "outcome", "path"]);
    let one = format!("/connections/{}/orders/{answered}", payer.id);
    assert_eq!(&payer.browser.get(&one).await.unwrap().json(), first);
}

/// One that is done with is forgotten, once; what is nobody's is not found.
#[tokio::test]
async fn an_order_is_forgotten() {
    let payer = Payer::start().await;
    let key = key();
    assert_eq!(payer.pay(&payer.domestic(), &key).await.status, 200);
    let one = format!("/connections/{}/orders/{key}", payer.id);
    let gone = payer.browser.delete(&one).await.unwrap();
    assert_eq!((gone.status.as_u16(), &*gone.text), (204, ""));
    for method in [Method::GET, Method::DELETE] {
        let answer = payer.browser.send(payer.browser.request(&method, &one)).await.unwrap();
        problem(&answer, 404, "not_found");
    }
    let odd = format!("/connections/{}/orders/%2e%2e%2fcanary", payer.id);
    problem(&payer.browser.get(&odd).await.unwrap(), 404, "not_found");
    assert!(payer.orders().await.is_empty());
}

/// At most 50.
#[tokio::test]
async fn the_list_has_an_end() {
    let payer = Payer::start().await;
    let mut last = String::new();
    for _ in 0..52 {
        last = key();
        // refused at once, which is an order too
        problem(&payer.pay(&json!({}), &last).await, 422, "bank_refused");
    }
    let orders = payer.orders().await;
    assert_eq!((orders.len(), &orders[0]["key"]), (50, &json!(last)));
}

/// K29, K30: a foreign page enters nothing, reads nothing, forgets nothing.
#[tokio::test]
async fn orders_are_the_pages_own() {
    let payer = Payer::start().await;
    let key = key();
    assert_eq!(payer.pay(&payer.domestic(), &key).await.status, 200);
    let list = format!("/connections/{}/orders", payer.id);
    let one = format!("{list}/{key}");
    let api = format!("/connections/{}/api/my/payments", payer.id);
    for (method, path) in
        [(Method::GET, &list), (Method::GET, &one), (Method::DELETE, &one), (Method::POST, &api)]
    {
        let request = with_json(&payer.browser, &method, path, &json!({}));
        let request = request.header("origin", "https://evil.example");
        let request = request.header("idempotency-key", "another-key-of-ours");
        problem(&payer.browser.send(request).await.unwrap(), 403, "refused");
        let nobody = payer.world.browser();
        let answer = nobody.send(nobody.request(&method, path)).await.unwrap();
        problem(&answer, 401, "not_connected");
    }
    assert_eq!(payer.orders().await.len(), 1);
    assert_eq!(payer.sent(&Method::POST).len(), 1);
}

/// T25: what one connection has remembered is bounded. An order that is forgotten makes room.
#[tokio::test]
async fn a_connection_has_two_hundred_orders() {
    let payer = Payer::start().await;
    let (first, one_more) = (key(), key());
    assert_eq!(payer.pay(&payer.domestic(), &first).await.status, 200);
    let many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 199) \
                insert into orders (connection, key, path, request, attempt, begun_at, lost_at, state) \
                select connection, 'filled-up-' || i, path, request, attempt, begun_at, lost_at, 3 \
                from orders, n";
    Database::of(&payer.world).await.execute(many).await;
    let order = payer.domestic();
    let told = problem(&payer.pay(&order, &one_more).await, 429, "rate_limited");
    assert_eq!(told["retry_after"], 3600);
    assert_eq!(payer.sent(&Method::POST).len(), 1, "the bank is not asked");
    let path = format!("/connections/{}/orders/{first}", payer.id);
    assert_eq!(payer.browser.delete(&path).await.unwrap().status, 204);
    assert_eq!(payer.pay(&order, &one_more).await.status, 200);
}
