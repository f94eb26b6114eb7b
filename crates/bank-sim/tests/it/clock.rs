//! The bank's clock as its callers see it.

use std::time::Duration;

use crate::world::{Answer, World, http_date};

#[tokio::test]
async fn every_answer_is_dated_by_the_banks_clock() {
    let world = World::start().await;
    let tpp = world.without_certificate();
    let sandbox = format!("https://{}/psd2-cobs/cobs/2.0/x", world.bank.sandbox_addr().unwrap());
    let now = world.clock.now();
    world.clock.set_back(Duration::from_mins(5));
    let date = http_date(now - Duration::from_mins(5));
    for url in [world.bank.front_url(), world.tls("/"), world.tls("/nowhere"), sandbox.clone()] {
        let answer = Answer::read(tpp.get(url).send().await.unwrap()).await;
        assert_eq!(answer.header("date"), date, "{answer:?}");
    }
    let huge = tpp.post(sandbox).body(vec![b'x'; 1024 * 1024 + 1]).send().await.unwrap();
    assert_eq!(huge.status(), 413);
    assert_eq!(huge.headers()["date"], *date);
}

#[tokio::test]
async fn tokens_of_a_bank_whose_clock_was_set_back_live_longer() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    world.clock.set_back(Duration::from_mins(5));
    world.clock.advance(Duration::from_mins(9));
    assert_eq!(world.api(token, "/my/accounts").await.status, 200);
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.api(token, "/my/accounts").await.status, 401);
}
