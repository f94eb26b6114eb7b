//! The list of standing orders: bank-api facts 1.5 and 9.7.

use reqwest::Method;
use serde_json::{Value, json};

use crate::movements::code_of;
use crate::world::{Answer, World};

async fn list(world: &World, user: &str, query: &str) -> Answer {
    let tokens = world.connect(user, "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    world.api(token, &format!("/my/standingorders?{query}")).await
}

async fn orders(world: &World, user: &str, query: &str) -> Vec<Value> {
    let answer = list(world, user, query).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["standingOrders"].as_array().unwrap().clone()
}

#[tokio::test]
async fn every_order_has_its_mandatory_parts_within_the_banks_limits() {
    let world = World::start().await;
    let (mut modes, mut intervals) = (Vec::new(), Vec::new());
    for user in ["jana", "petr", "eva", "tomas"] {
        for order in orders(&world, user, "").await {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let names = &order["standingOrderIdentification"];
            assert!(text(&names["transactionIdentification"]).len() <= 35);
            assert!(text(&names["instructionIdentification"]).len() <= 35);
            assert!(order["amount"]["instructedAmount"]["value"].as_f64().unwrap() > 0.0);
            assert_eq!(order["amount"]["instructedAmount"]["currency"], "CZK");
            assert!(text(&order["debtorAccount"]["id"]).starts_with("acc-"));
            assert!(order["debtorAccount"]["identification"]["iban"].is_string());
            let execution = &order["standingOrder"]["execution"];
            assert_eq!(execution["modeDue"], "DUE_DAY_OF_MONTH");
            let due = execution["intervalDue"].as_i64().unwrap();
            let most = if execution["interval"] == "YEARLY" { 12 } else { 28 };
            assert!((1..=most).contains(&due), "{order}");
            modes.push(text(&execution["mode"]));
            intervals.push(text(&execution["interval"]));
        }
    }
    for list in [&mut modes, &mut intervals] {
        list.sort();
        list.dedup();
    }
    assert_eq!(modes, ["UNTIL_CANCELLATION", "UNTIL_DATE"]);
    assert_eq!(intervals, ["MONTHLY", "YEARLY"]);
    world.bank.update_knobs(|knobs| knobs.short_due_mode = true.into());
    let order = &orders(&world, "jana", "").await[0];
    assert_eq!(order["standingOrder"]["execution"]["modeDue"], "DUE_DAY");
}

#[tokio::test]
async fn the_movements_agree_with_the_orders() {
    let world = World::start().await;
    let orders = orders(&world, "jana", "").await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let accounts = world.api(token, "/my/accounts").await.json();
    let mut paid = Vec::new();
    for account in accounts["accounts"].as_array().unwrap() {
        let id = account["id"].as_str().unwrap();
        let path = format!("/my/accounts/{id}/transactions?fromDate=2025-06-15&toDate=2025-07-14");
        let rows = world.api(token, &path).await.json();
        let rows = rows["transactions"].as_array().unwrap().clone();
        let standing = rows.into_iter().filter(|row| code_of(row) == "10000105000");
        paid.extend(standing.map(|row| (id.to_owned(), row["amount"]["value"].to_string())));
    }
    let ordered = orders.iter().map(|order| {
        let value = order["amount"]["instructedAmount"]["value"].to_string();
        (order["debtorAccount"]["id"].as_str().unwrap().to_owned(), value)
    });
    let mut ordered: Vec<_> = ordered.collect();
    ordered.sort();
    paid.sort();
    assert_eq!(paid, ordered);
}

#[tokio::test]
async fn the_list_is_paged_sorted_and_filtered() {
    let world = World::start().await;
    let all = list(&world, "jana", "").await.json();
    assert_eq!((&all["totalCount"], &all["nextPage"]), (&json!(4), &Value::Null));
    let page = list(&world, "jana", "size=3&page=1").await.json();
    assert_eq!((&page["pageCount"], &page["pageSize"]), (&json!(2), &json!(1)));
    assert_eq!(page["standingOrders"][0], all["standingOrders"][3]);
    let sorted = orders(&world, "jana", "sort=amount&order=DESC").await;
    let values = sorted.iter().map(|one| one["amount"]["instructedAmount"]["value"].as_f64());
    let values: Vec<_> = values.collect();
    assert!(values.is_sorted_by(|a, b| a >= b), "{values:?}");

    assert_eq!(orders(&world, "jana", "currency=CZK").await.len(), 4);
    assert_eq!(orders(&world, "jana", "currency=EUR").await.len(), 0);
    // rent only; from the day after it to the eve of savings nothing
    assert_eq!(orders(&world, "jana", "fromDate=2026-03-02&toDate=2026-03-02").await.len(), 1);
    assert_eq!(orders(&world, "jana", "fromDate=2026-03-03&toDate=2026-03-10").await.len(), 0);
    assert_eq!(orders(&world, "jana", "fromDate=2026-03-01").await.len(), 4);

    for (query, status, code, scope) in [
        ("size=2&page=9", 400, "PAGE_NOT_FOUND", "page"),
        ("sort=colour", 400, "PARAMETER_INVALID", "sort"),
        ("currency=czk", 400, "PARAMETER_INVALID", "currency"),
        ("fromDate=x", 400, "PARAMETER_INVALID", "fromDate"),
        ("fromDate=2026-03-02&toDate=2026-03-01", 400, "PARAMETER_INVALID", "fromDate"),
        ("colour=red", 400, "PARAMETER_INVALID", "colour"),
    ] {
        let refused = list(&world, "jana", query).await.error();
        assert_eq!(refused, (status, code.to_owned(), scope.to_owned()), "{query}");
    }
}

#[tokio::test]
async fn there_are_no_direct_debits() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    for (method, path) in [
        (Method::GET, "/my/accounts/acc-1/directdebits"),
        (Method::POST, "/my/accounts/acc-1/directdebits"),
        (Method::DELETE, "/my/accounts/acc-1/directdebits/m-1"),
        (Method::POST, "/my/payments/directdebitorder"),
        (Method::GET, "/my/payments/directdebitorder/d-1/status"),
    ] {
        let request = world.call(&world.tpp, method, path).bearer_auth(token);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.error(), (501, "NOT_IMPLEMENTED".to_owned(), String::new()), "{path}");
    }
}
