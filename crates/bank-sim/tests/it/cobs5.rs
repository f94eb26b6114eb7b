//! In what 5.0 differs from 2.0 (bank-api fact 13.2), and what it does not have yet.

use reqwest::Method;
use serde_json::{Value, json};

use crate::later::{Later, missing};
use crate::payments_table::errors;
use crate::world::Answer;

#[tokio::test]
async fn accounts_say_whose_they_are_and_what_can_be_done_with_them() {
    let later = Later::start("jana").await;
    for account in later.list("/my/accounts", "accounts").await {
        assert_eq!(account["relationship"], json!({ "isOwner": true }));
        let scope = json!({
            "AISP": "accountList accountBalance accountTransactions standingOrders",
            "PISP": "paymentOrders standingOrders batchPaymentInitiation",
            "CISP": "balanceCheck",
        });
        assert_eq!(account["suitableScope"], scope);
    }
    // 2.0 knows neither
    let early = later.payer.world.api(&later.reading, "/my/accounts").await.json();
    assert!(early["accounts"][0].get("relationship").is_none());
    assert!(early["accounts"][0].get("suitableScope").is_none());
}

#[tokio::test]
async fn transactions_say_when_holds_end_and_which_payment_they_are() {
    let mut later = Later::on_monday("tomas").await;
    let id = later.payer.accounts[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/my/accounts/{id}/transactions");
    let mut holds = 0;
    for _ in 0..14 {
        for entry in later.list(&path, "transactions").await {
            let hold = &entry["holdExpiration"];
            if entry["status"] == "PDNG" {
                let booked = entry["bookingDate"]["date"].as_str().unwrap();
                assert!(hold["date"].as_str().unwrap() > booked, "{entry}");
                holds += 1;
            } else {
                assert_eq!(*hold, Value::Null, "{entry}");
            }
        }
        later.wait(crate::later::DAY).await;
    }
    assert!(holds > 0);
    let entered = later.enter("/my/payments", &later.payer.domestic()).await;
    later.sign(&entered.path, &entered.sign).await;
    later.wait(crate::later::DAY).await;
    let of_payment = |entry: &&Value| entry["entryReference"] == entered.id.as_str();
    let entries = later.list(&path, "transactions").await;
    let entry = entries.iter().find(of_payment).unwrap();
    let references = &entry["entryDetails"]["transactionDetails"]["references"];
    assert_eq!(references["paymentId"], entered.id.as_str());
    let others = entries.iter().filter(|entry| entry["entryReference"] != entered.id.as_str());
    for other in others {
        let references = &other["entryDetails"]["transactionDetails"]["references"];
        assert_eq!(references["paymentId"], Value::Null);
    }
    let early = later.payer.world.api(&later.reading, &path).await.json();
    assert!(early["transactions"][0].get("holdExpiration").is_none());
}

#[tokio::test]
async fn the_status_of_a_payment_needs_its_token() {
    let later = Later::on_monday("jana").await;
    let entered = later.enter("/my/payments", &later.payer.domestic()).await;
    let expected = json!({ "instructionStatus": "ACTC", "statusChangeInfo": null });
    assert_eq!(later.status(&entered.path).await, expected);
    let path = format!("{}/status", entered.path);
    assert_eq!(later.read(&path).await.error().1, "FORBIDDEN");
    let petr = later.payer.world.connect("petr", "pisp").await;
    let token = petr["access_token"].as_str().unwrap();
    let gone = (404, "ID_NOT_FOUND".to_owned(), "paymentId".to_owned());
    assert_eq!(later.send(token, Method::GET, &path, None).await.error(), gone);
    assert_eq!(later.send("x", Method::GET, &path, None).await.status, 401);
    // 2.0 asks for the certificate alone
    let early = later.payer.world.request(&later.payer.world.tpp, &path).send().await.unwrap();
    assert_eq!(Answer::read(early).await.json(), json!({ "instructionStatus": "ACTC" }));
}

#[tokio::test]
async fn what_is_missing_is_an_unknown_id() {
    let later = Later::start("jana").await;
    let gone = (404, "ID_NOT_FOUND".to_owned(), "paymentId".to_owned());
    for (method, path) in [
        (Method::GET, "/my/payments/PAY0"),
        (Method::DELETE, "/my/payments/PAY0"),
        (Method::GET, "/my/payments/PAY0/status"),
        (Method::POST, "/my/payments/PAY0/sign"),
    ] {
        assert_eq!(later.pay(method, path, None).await.error(), gone, "{path}");
    }
    for path in ["/my/standingorders/PAY0", "/my/batchpayments/PAY0"] {
        let status = later.pay(Method::GET, &format!("{path}/status"), None).await;
        assert_eq!(status.error(), missing());
        let sign = later.pay(Method::GET, &format!("{path}/sign/sgn-0"), None).await;
        let both = ["signId", "transactionIdentification"];
        let both = both.map(|scope| ("ID_NOT_FOUND".to_owned(), scope.to_owned()));
        assert_eq!(errors(&sign), both);
    }
    // an order of another kind is none
    let payment = later.enter("/my/payments", &later.payer.domestic()).await;
    let path = format!("/my/standingorders/{}", payment.id);
    assert_eq!(later.pay(Method::GET, &path, None).await.error(), missing());
    let path = format!("/my/batchpayments/{}/status", payment.id);
    assert_eq!(later.pay(Method::GET, &path, None).await.error(), missing());
    let redirect = json!({
        "authorizationType": "USERAGENT_REDIRECT",
        "redirectUrl": "https://elsewhere.example/",
    });
    let path = format!("{}/sign/{}", payment.path, payment.sign);
    let refused = later.pay(Method::POST, &path, Some(&redirect)).await;
    let code = "INVALID_AUTHORIZATION_REDIRECT_URI".to_owned();
    assert_eq!(refused.error(), (400, code, "redirectUrl".to_owned()));
}

#[tokio::test]
async fn later_resources_and_earlier_spellings_are_absent() {
    let later = Later::start("jana").await;
    let payment = later.enter("/my/payments", &later.payer.domestic()).await;
    let id = later.payer.accounts[0]["id"].as_str().unwrap();
    for (path, status) in [
        (format!("/payments/{}", payment.id), 404),
        (format!("/payments/{}/status", payment.id), 404),
        (format!("{}/sign/{}/", payment.path, payment.sign), 404),
        (format!("/my/accounts/{id}/notifications"), 404),
        ("/my/batchpayments/x".to_owned(), 501),
        (format!("/my/accounts/{id}/directdebits"), 501),
    ] {
        let answer = later.pay(Method::GET, &path, None).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
    }
    // 2.0 has nothing of 5.0
    let world = &later.payer.world;
    for (token, path) in [
        (&later.payer.token, "/my/batchpayments"),
        (&later.payer.token, "/my/authorizations"),
        (&later.reading, "/my/consents"),
        (&later.reading, "/my/standingorders/x"),
        (&later.reading, "/my/payments/awaiting"),
        (&later.reading, "/my/accounts/x/payments/awaiting"),
    ] {
        let request = world.request(&world.tpp, path).bearer_auth(token);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.error(), (404, "NOT_FOUND".to_owned(), String::new()), "{path}");
    }
}

#[tokio::test]
async fn lists_of_standing_orders_know_no_period() {
    let later = Later::start("jana").await;
    for name in ["fromDate", "toDate", "currency"] {
        let refused = later.read(&format!("/my/standingorders?{name}=2026-03-20")).await;
        assert_eq!(refused.error(), (400, "PARAMETER_INVALID".to_owned(), name.to_owned()));
    }
    // what an app has set up is in both lists, and within the period that 2.0 asks for
    let later = Later::on_monday("jana").await;
    let entered = later.signed(&later.standing()).await;
    let names = |list: &Value| -> Vec<Value> {
        let orders = list["standingOrders"].as_array().unwrap().iter();
        orders
            .map(|one| one["standingOrderIdentification"]["transactionIdentification"].clone())
            .collect()
    };
    let id = json!(entered.id);
    let world = &later.payer.world;
    let early = async |query: &str| {
        names(&world.api(&later.reading, &format!("/my/standingorders?{query}")).await.json())
    };
    assert!(names(&later.read("/my/standingorders").await.json()).contains(&id));
    assert!(early("").await.contains(&id));
    assert!(early("fromDate=2026-04-20&toDate=2026-04-20").await.contains(&id));
    assert!(!early("fromDate=2026-04-21&toDate=2026-05-19").await.contains(&id));
}

#[tokio::test]
async fn headers_are_demanded_of_every_resource() {
    let later = Later::start("jana").await;
    let world = &later.payer.world;
    for (token, method, path, code) in [
        (&later.reading, Method::GET, "/my/accounts", "PARAMETER_INVALID"),
        (&later.reading, Method::GET, "/my/payments/awaiting", "PARAMETER_INVALID"),
        (&later.reading, Method::GET, "/my/consents", "PARAMETER_INVALID"),
        (&later.payer.token, Method::GET, "/my/authorizations", "FIELD_MISSING"),
        (&later.payer.token, Method::DELETE, "/my/payments/x", "FIELD_MISSING"),
        (&later.payer.token, Method::DELETE, "/my/standingorders/x", "FIELD_MISSING"),
    ] {
        let url = world.tls(&format!("/psd2-cobs/cobs/5.0{path}"));
        let request = world.tpp.request(method, url).bearer_auth(token);
        let answer = Answer::read(request.send().await.unwrap()).await;
        let names = ["Content-Type", "X-Request-ID", "Date", "User-Involved", "TPP-Name"];
        let expected = names.map(|name| (code.to_owned(), name.to_owned()));
        assert_eq!(errors(&answer), expected, "{path}");
    }
    world.bank.update_knobs(|knobs| knobs.strict_headers = false.into());
    let url = world.tls("/psd2-cobs/cobs/5.0/my/consents");
    let answer = world.tpp.get(url).bearer_auth(&later.reading).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// The sandbox serves the same with its fixed tokens.
#[tokio::test]
async fn the_sandbox_has_all_of_it() {
    let later = Later::start("jana").await;
    let sandbox = later.payer.world.bank.sandbox_addr().unwrap();
    let send = async |token: &str, method: Method, path: &str, body: Option<&Value>| {
        let url = format!("https://{sandbox}/psd2-cobs/cobs/5.0{path}");
        let request = later.headed(&later.payer.world.without_certificate(), method, &url);
        let request = request.bearer_auth(token);
        let request = match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        };
        Answer::read(request.send().await.unwrap()).await
    };
    let (reading, paying) = ("token-aisp", "token-pisp");
    for path in ["/my/payments/awaiting", "/my/standingorders", "/my/consents"] {
        assert_eq!(send(reading, Method::GET, path, None).await.status, 200, "{path}");
        assert_eq!(send("token-no-scope", Method::GET, path, None).await.status, 403, "{path}");
    }
    let entered = send(paying, Method::POST, "/my/standingorders", Some(&later.standing())).await;
    let entered = entered.json();
    let id = entered["standingOrderIdentification"]["transactionIdentification"].as_str().unwrap();
    let sign = entered["signInfo"]["signId"].as_str().unwrap();
    let path = format!("/my/standingorders/{id}");
    assert_eq!(send(reading, Method::GET, &path, None).await.status, 200);
    // of the same person, but of another third party
    later.enter("/my/payments", &later.payer.domestic()).await;
    let pending = send(paying, Method::GET, "/my/authorizations", None).await.json();
    let pending = pending["authorizations"].as_array().unwrap();
    assert_eq!((pending.len(), &pending[0]["transactionIdentification"]), (1, &json!(id)));
    let sign = format!("{path}/sign/{sign}");
    let begin = json!({ "authorizationType": "SMS" });
    assert_eq!(send(paying, Method::POST, &sign, Some(&begin)).await.status, 200);
    let end = json!({ "authorizationType": "SMS", "oneTimePassword": "12345678" });
    assert_eq!(send(paying, Method::PUT, &sign, Some(&end)).await.json()["state"], "DONE");
    let status = send(paying, Method::GET, &format!("{path}/status"), None).await.json();
    assert_eq!(status["instructionStatus"], "ACSP");
    // production does not see it
    assert_eq!(later.pay(Method::DELETE, &path, None).await.error(), missing());
    let told = send(reading, Method::GET, "/my/consents", None).await.json();
    let consent = format!("/my/consents/{}", told["consentId"].as_str().unwrap());
    assert_eq!(send(paying, Method::DELETE, &consent, None).await.status, 204);
}
