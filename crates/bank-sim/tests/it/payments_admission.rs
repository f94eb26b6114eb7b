//! Who may call the payment resources, and in what form: bank-api facts 7.1, 8 and 15.

use reqwest::Method;
use serde_json::json;

use crate::payer::Payer;
use crate::world::{Answer, LICENCE, World, http_date, request_id};

type Headers = Vec<(&'static str, String)>;

fn good_headers(world: &World) -> Headers {
    vec![
        ("Content-Type", "application/json".to_owned()),
        ("X-Request-ID", request_id()),
        ("Date", http_date(world.clock.now())),
        ("User-Involved", "true".to_owned()),
        ("TPP-Name", "Ukazka".to_owned()),
    ]
}

async fn send(payer: &Payer, method: Method, path: &str, headers: &Headers, body: &str) -> Answer {
    let url = payer.world.tls(&format!("/psd2-cobs/cobs/2.0{path}"));
    let mut request = payer.world.tpp.request(method, url).bearer_auth(&payer.token);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    Answer::read(request.body(body.to_owned()).send().await.unwrap()).await
}

#[tokio::test]
async fn missing_headers_are_missing_fields() {
    let payer = Payer::start("jana").await;
    let good = good_headers(&payer.world);
    for at in 0..good.len() {
        let mut fewer = good_headers(&payer.world);
        let (name, _) = fewer.remove(at);
        let body = payer.domestic().to_string();
        let answer = send(&payer, Method::POST, "/my/payments", &fewer, &body).await;
        assert_eq!(answer.error(), (400, "FIELD_MISSING".to_owned(), name.to_owned()));
    }
    let mut twice = good_headers(&payer.world);
    twice.push(("Date", http_date(payer.world.clock.now())));
    let answer = send(&payer, Method::POST, "/my/payments", &twice, "{}").await;
    assert_eq!(answer.error(), (400, "FIELD_INVALID".to_owned(), "Date".to_owned()));
    let mut wrong = good_headers(&payer.world);
    wrong[3].1 = "yes".to_owned();
    let answer = send(&payer, Method::POST, "/my/payments", &wrong, "{}").await;
    assert_eq!(answer.error(), (400, "FIELD_INVALID".to_owned(), "User-Involved".to_owned()));
}

#[tokio::test]
async fn a_deletion_needs_no_name() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let mut nameless = good_headers(&payer.world);
    nameless.pop();
    let detail = send(&payer, Method::GET, &ordered.path(), &nameless, "").await;
    assert_eq!(detail.error(), (400, "FIELD_MISSING".to_owned(), "TPP-Name".to_owned()));
    nameless[1].1 = request_id();
    assert_eq!(send(&payer, Method::DELETE, &ordered.path(), &nameless, "").await.status, 200);
}

#[tokio::test]
async fn the_media_type_comes_before_everything_else() {
    let payer = Payer::start("jana").await;
    let url = payer.world.tls("/psd2-cobs/cobs/2.0/my/payments");
    let post = async |media: &str, token: &str| {
        let request = payer.world.without_certificate().post(&url).bearer_auth(token);
        let answer = request.header("content-type", media).body("{").send().await.unwrap();
        Answer::read(answer).await.error()
    };
    let media = (415, "UNSUPPORTED_MEDIA_TYPE".to_owned(), "Content-Type".to_owned());
    assert_eq!(post("text/plain", "unknown").await, media);
    assert_eq!(post("application/json", "unknown").await.1, "UNAUTHORISED");
    // then the token, then what it is good for, then the body
    let call = |token: &str| {
        let request = payer.world.call(&payer.world.tpp, Method::POST, "/my/payments");
        request.bearer_auth(token.to_owned()).body("{").send()
    };
    assert_eq!(Answer::read(call("x").await.unwrap()).await.error().1, "UNAUTHORISED");
    let reading = payer.world.connect("jana", "aisp").await;
    let reading = reading["access_token"].as_str().unwrap();
    assert_eq!(Answer::read(call(reading).await.unwrap()).await.error().1, "FORBIDDEN");
    assert_eq!(Answer::read(call(&payer.token).await.unwrap()).await.error().1, "FF01");

    payer.world.bank.update_knobs(|knobs| knobs.strict_headers = false.into());
    assert_eq!(post("text/plain", "unknown").await.1, "UNAUTHORISED");
}

#[tokio::test]
async fn the_status_without_a_certificate_is_that_of_the_tables() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let bare = payer.world.without_certificate();
    let pay = payer.world.tpp_with(vec![bank_sim::Role::AccountInformation], Some(LICENCE));
    for (method, path, status) in [
        (Method::POST, "/my/payments".to_owned(), 401),
        (Method::POST, "/my/payments/balanceCheck".to_owned(), 401),
        (Method::GET, ordered.path(), 401),
        (Method::GET, format!("/payments/{}/status", ordered.id), 401),
        (Method::DELETE, ordered.path(), 403),
        (Method::POST, format!("{}/sign", ordered.path()), 403),
        (Method::GET, ordered.sign_path(), 403),
        (Method::POST, ordered.sign_path(), 403),
        (Method::PUT, ordered.sign_path(), 403),
    ] {
        let request = payer.world.call(&bare, method.clone(), &path).bearer_auth(&payer.token);
        let answer = Answer::read(request.body("{}").send().await.unwrap()).await;
        let code = if status == 401 { "UNAUTHORISED" } else { "FORBIDDEN" };
        assert_eq!(answer.error(), (status, code.to_owned(), String::new()), "{path}");
        let request = payer.world.call(&pay, method, &path).bearer_auth(&payer.token);
        let answer = Answer::read(request.body("{}").send().await.unwrap()).await;
        assert_eq!(answer.error(), (403, "FORBIDDEN".to_owned(), String::new()), "{path}");
    }
}

#[tokio::test]
async fn only_the_accounts_of_the_token_can_pay() {
    let payer = Payer::start("jana").await;
    let mut browser = crate::browser::Browser::new(&payer.world);
    browser.open(&payer.world.authorize_url("pisp")).await;
    browser.log_in(&payer.world, "jana").await;
    browser.confirm_sms().await;
    let accounts = browser.values("account");
    browser.submit(&[("account", &accounts[2])]).await;
    browser.submit(&[("consent", "yes")]).await;
    let answer = payer.initiate(&payer.domestic()).await;
    // the latest choice counts for the shared pair of tokens, once it is exchanged
    assert_eq!(answer.status, 200);
    let code = crate::world::query(&browser.left_to, "code").unwrap();
    assert_eq!(payer.world.exchange(&code).await.status, 200);
    let answer = payer.initiate(&payer.domestic()).await;
    let scope = "debtorAccount.identification.iban".to_owned();
    assert_eq!(answer.error(), (403, "AG01".to_owned(), scope));
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer.json()["errors"][0]["parameters"], json!(null));
}
