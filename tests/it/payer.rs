//! A person with a connection for payments beside one for accounts, as the tests of acts need it.

use std::sync::atomic::{AtomicU64, Ordering};

use bank_sim::{Knob, RecordedRequest, Rule};
use demo::browser::{Answer, Browser};
use demo::{Options, World};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::common::{accounts, api_calls, start};

/// An account at another Czech bank.
pub(crate) const ELSEWHERE: &str = "CZ7508000000002108589434";
/// Settings of a provider that speaks the later version.
pub(crate) const LATER: &str = "cobs_version = \"5.0\"";

pub(crate) struct Payer {
    pub(crate) world: World,
    pub(crate) browser: Browser,
    /// The connection with the scope `pisp`.
    pub(crate) id: String,
    /// The one with the scope `aisp`.
    pub(crate) reading: String,
    /// Of the person's accounts, the current one first.
    pub(crate) ibans: Vec<String>,
}

/// A connection more in this browser, its cookie shown.
pub(crate) async fn connect(browser: &Browser, scope: &str) -> String {
    let id = browser.connect("cnb", scope).await.unwrap();
    assert_eq!(browser.get(&format!("/connections/{id}")).await.unwrap().status, 200);
    id
}

/// A key that no other order has.
pub(crate) fn key() -> String {
    format!("order-key-{}", reference())
}

/// A reference that no other order has.
pub(crate) fn reference() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("TPP-{:06}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A call of the page with a JSON body.
pub(crate) fn with_json(
    browser: &Browser,
    method: &Method,
    path: &str,
    body: &Value,
) -> RequestBuilder {
    let request = browser.request(method, path).header("content-type", "application/json");
    request.body(body.to_string())
}

/// What the page sends, with the headers of an act.
pub(crate) async fn call(
    browser: &Browser,
    connection: &str,
    (method, path): (Method, &str),
    body: Option<&Value>,
    key: Option<&str>,
) -> Answer {
    let path = format!("/connections/{connection}/api{path}");
    let mut request = match body {
        Some(body) => with_json(browser, &method, &path, body),
        None => browser.request(&method, &path),
    };
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    browser.send(request).await.unwrap()
}

impl Payer {
    /// As in production, with a clock that stands.
    pub(crate) async fn start() -> Self {
        Self::with(Options::stepped()).await
    }

    /// With a bank of the later version.
    pub(crate) async fn later() -> Self {
        Self::with(Options { provider_settings: LATER.to_owned(), ..Options::stepped() }).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let world = start(options).await;
        let browser = world.browser();
        let reading = connect(&browser, "aisp").await;
        let list = accounts(&browser, &reading).await.json();
        let list = list["accounts"].as_array().unwrap().iter();
        let ibans = list.map(|one| one["identification"]["iban"].as_str().unwrap().to_owned());
        let ibans = ibans.collect();
        let id = connect(&browser, "pisp").await;
        world.bank.clear_requests();
        Self { world, browser, id, reading, ibans }
    }

    /// A good domestic payment of 150.50 crowns.
    pub(crate) fn domestic(&self) -> Value {
        json!({
            "paymentIdentification": { "instructionIdentification": reference() },
            "amount": { "instructedAmount": { "value": 150.50, "currency": "CZK" } },
            "debtorAccount": { "identification": { "iban": self.ibans[0] } },
            "creditorAccount": { "identification": { "iban": ELSEWHERE } },
            "remittanceInformation": { "unstructured": "canary of the payer" },
        })
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        call(&self.browser, &self.id, (method, path), body, None).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    /// Enters an order below `path`.
    pub(crate) async fn enter(&self, path: &str, body: &Value, key: &str) -> Answer {
        call(&self.browser, &self.id, (Method::POST, path), Some(body), Some(key)).await
    }

    pub(crate) async fn pay(&self, body: &Value, key: &str) -> Answer {
        self.enter("/my/payments", body, key).await
    }

    /// Enters a good order; answers its path and that of its signing.
    pub(crate) async fn entered(&self, path: &str, body: &Value) -> (String, String) {
        let answer = self.enter(path, body, &key()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let body = answer.json();
        let name = match &body["standingOrderIdentification"]["transactionIdentification"] {
            Value::Null => &body["transactionIdentification"],
            name => name,
        };
        let order = format!("{path}/{}", name.as_str().unwrap());
        let sign = format!("{order}/sign/{}", body["signInfo"]["signId"].as_str().unwrap());
        (order, sign)
    }

    /// Signs by SMS.
    pub(crate) async fn sign_by_sms(&self, sign: &str) {
        let by_sms = json!({ "authorizationType": "SMS" });
        let begun = self.send(Method::POST, sign, Some(&by_sms)).await;
        assert_eq!(begun.status, 200, "{}", begun.text);
        let user = &self.world.bank.credentials()[0].username;
        let code = self.world.bank.sms_code(user).unwrap();
        let body = json!({ "authorizationType": "SMS", "oneTimePassword": code });
        let ended = self.send(Method::PUT, sign, Some(&body)).await;
        assert_eq!(ended.json()["state"], "DONE", "{}", ended.text);
    }

    /// `instructionStatus` of an order.
    pub(crate) async fn status(&self, order: &str) -> String {
        let status = self.get(&format!("{order}/status")).await;
        status["instructionStatus"].as_str().unwrap().to_owned()
    }

    /// Calls of the bank with this method, oldest first.
    pub(crate) fn sent(&self, method: &Method) -> Vec<RecordedRequest> {
        let calls = api_calls(&self.world).into_iter();
        calls.filter(|call| call.method == method.as_str()).collect()
    }

    /// The bank's next answer below `path` is another one.
    pub(crate) fn answers(&self, path: &str, reply: bank_sim::ApiReply) {
        let rule = Rule::to(reply).path(path).times(1);
        self.world.bank.update_knobs(|knobs| knobs.api_reply = Knob::default().with(rule));
    }

    /// `GET /connections/{id}/orders`.
    pub(crate) async fn orders(&self) -> Vec<Value> {
        let path = format!("/connections/{}/orders", self.id);
        let answer = self.browser.get(&path).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["orders"].as_array().unwrap().clone()
    }
}
