//! What looks almost right: bodies that say a thing twice, times that no clock shows, and the slash
//! at the end that the standard itself is not sure about.

use reqwest::Method;

use crate::payer::Payer;
use crate::registration_body::application;
use crate::world::{Answer, World};

/// The same object with a second, different member `name`, at its end.
fn doubled(body: &str, name: &str) -> String {
    format!("{},\"{name}\":null}}", body.strip_suffix('}').unwrap())
}

#[tokio::test]
async fn a_body_with_a_name_twice_is_unreadable() {
    let payer = Payer::start("jana").await;
    let (world, good) = (&payer.world, payer.domestic().to_string());
    let inner = good.replace("\"currency\":", "\"currency\":\"EUR\",\"currency\":");
    for body in [doubled(&good, "amount"), doubled(&good, "\\u0061mount"), inner] {
        for path in ["/my/payments", "/my/payments/balanceCheck"] {
            let request = world.call(&world.tpp, Method::POST, path).bearer_auth(&payer.token);
            let answer = Answer::read(request.body(body.clone()).send().await.unwrap()).await;
            assert_eq!(answer.error(), (400, "FF01".to_owned(), String::new()), "{body}");
        }
    }
    let request = world.call(&world.tpp, Method::POST, "/my/payments").bearer_auth(&payer.token);
    assert_eq!(request.body(good).send().await.unwrap().status(), 200);

    let register = world.tpp.post(world.tls("/psd2-cobs/cobs/2.0/applications"));
    let register = register.header("content-type", "application/json");
    let body = doubled(&application().to_string(), "scopes");
    let answer = Answer::read(register.body(body).send().await.unwrap()).await;
    assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()));
    assert!(world.bank.applications().iter().all(|known| known.name != "Ukázková aplikace"));
}

#[tokio::test]
async fn payments_take_a_slash_at_the_end() {
    let payer = Payer::start("jana").await;
    let status = async |method: Method, path: &str, body: Option<String>| {
        let world = &payer.world;
        let request = world.call(&world.tpp, method, path).bearer_auth(&payer.token);
        let answer = request.body(body.unwrap_or_default()).send().await.unwrap();
        answer.status().as_u16()
    };
    let body = payer.domestic().to_string();
    assert_eq!(status(Method::POST, "/my/payments/", Some(body)).await, 200);
    let ordered = payer.initiated(&payer.domestic()).await;
    let id = &ordered.id;
    for path in [
        format!("/my/payments/{id}/"),
        format!("/payments/{id}/"),
        format!("/payments/{id}/status/"),
        format!("{}/", ordered.sign_path()),
    ] {
        assert_eq!(status(Method::GET, &path, None).await, 200, "{path}");
        assert_eq!(status(Method::GET, &format!("{path}/"), None).await, 404, "{path}");
    }
    assert_eq!(status(Method::DELETE, &format!("/my/payments/{id}/"), None).await, 200);
}

#[tokio::test]
async fn times_are_those_of_a_clock() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let accounts = world.api(token, "/my/accounts").await.json();
    let id = accounts["accounts"][0]["id"].as_str().unwrap();
    let asked = async |time: &str| {
        let path = format!("/my/accounts/{id}/transactions?fromDate=2026-03-01T{time}");
        world.api(token, &path).await
    };
    for good in ["23:59:60Z", "00:00:00%2B14:00", "00:00:00-1359", "12:00:00.5Z"] {
        assert_eq!(asked(good).await.status, 200, "{good}");
    }
    for bad in
        ["25:61:61Z", "24:00:00Z", "00:60:00Z", "00:00:61Z", "00:00:00%2B14:01", "00:00:00-0160"]
    {
        let refused = (400, "PARAMETER_INVALID".to_owned(), "fromDate".to_owned());
        assert_eq!(asked(bad).await.error(), refused, "{bad}");
    }
}
