//! A person's app that speaks COBS 5.0, with a token for each scope.

use std::time::Duration;

use bank_sim::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::contract;
use crate::payer::{ELSEWHERE, Payer, reference};
use crate::world::{Answer, http_date, request_id};

pub(crate) const DAY: Duration = Duration::from_hours(24);

pub(crate) struct Later {
    pub(crate) payer: Payer,
    /// With the scope `aisp`.
    pub(crate) reading: String,
}

/// An order that was entered.
pub(crate) struct Entered {
    /// `/my/standingorders/ID` and the like.
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) sign: String,
    pub(crate) body: Value,
}

impl Later {
    /// On Saturday, 14 March 2026, 10:00.
    pub(crate) async fn start(user: &str) -> Self {
        Self::with(user, |_| {}).await
    }

    pub(crate) async fn with(user: &str, change: impl FnOnce(&mut Options)) -> Self {
        let payer = Payer::with(user, change).await;
        let mut later = Self { payer, reading: String::new() };
        later.renew().await;
        later
    }

    /// On Monday, 16 March 2026, 10:00.
    pub(crate) async fn on_monday(user: &str) -> Self {
        let mut later = Self::start(user).await;
        later.wait(2 * DAY).await;
        later
    }

    /// Lets time pass; tokens are new afterwards.
    pub(crate) async fn wait(&mut self, time: Duration) {
        self.payer.world.clock.advance(time);
        self.renew().await;
    }

    async fn renew(&mut self) {
        self.payer.renew().await;
        self.reading = self.token("aisp").await;
    }

    pub(crate) async fn token(&self, scope: &str) -> String {
        let tokens = self.payer.world.connect(&self.payer.user, scope).await;
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// A call with `token`, held against the description.
    pub(crate) async fn send(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let world = &self.payer.world;
        let url = world.tls(&format!("/psd2-cobs/cobs/5.0{path}"));
        let mut request = self.headed(&world.tpp, method.clone(), &url).bearer_auth(token);
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let response = request.send().await.unwrap();
        let path = response.url().path().to_owned();
        let answer = Answer::read(response).await;
        if answer.status != 501 {
            contract::conforms(&answer, &method, &path);
        }
        answer
    }

    /// What `tpp` reads with `token`.
    pub(crate) async fn by(&self, tpp: &reqwest::Client, token: &str, path: &str) -> Answer {
        let url = self.payer.world.tls(&format!("/psd2-cobs/cobs/5.0{path}"));
        let request = self.headed(tpp, Method::GET, &url).bearer_auth(token);
        Answer::read(request.send().await.unwrap()).await
    }

    /// A call with the headers of the standard.
    pub(crate) fn headed(
        &self,
        tpp: &reqwest::Client,
        method: Method,
        url: &str,
    ) -> reqwest::RequestBuilder {
        tpp.request(method, url)
            .header("content-type", "application/json")
            .header("x-request-id", request_id())
            .header("date", http_date(self.payer.world.clock.now()))
            .header("user-involved", "true")
            .header("tpp-name", "Ukazka")
    }

    /// A call with the scope `pisp`.
    pub(crate) async fn pay(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.send(&self.payer.token, method, path, body).await
    }

    /// What the scope `aisp` reads.
    pub(crate) async fn read(&self, path: &str) -> Answer {
        self.send(&self.reading, Method::GET, path, None).await
    }

    /// A collection of one page.
    pub(crate) async fn list(&self, path: &str, name: &str) -> Vec<Value> {
        let answer = self.read(path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()[name].as_array().unwrap().clone()
    }

    /// A good standing order of 500 crowns on the 20th of each month.
    pub(crate) fn standing(&self) -> Value {
        json!({
            "standingOrderIdentification": { "instructionIdentification": reference() },
            "amount": { "instructedAmount": { "value": 500, "currency": "CZK" } },
            "requestedExecutionDate": "2026-03-20",
            "standingOrder": {
                "alias": "Pocket money",
                "execution": {
                    "mode": "UNTIL_CANCELLATION",
                    "modeDue": "DUE_DAY_OF_MONTH",
                    "interval": "MONTHLY",
                    "intervalDue": 20,
                },
            },
            "debtorAccount": { "identification": { "iban": self.payer.iban(0) } },
            "creditorAccount": { "identification": { "iban": ELSEWHERE } },
        })
    }

    /// Enters a good order below `path`.
    pub(crate) async fn enter(&self, path: &str, body: &Value) -> Entered {
        let answer = self.pay(Method::POST, path, Some(body)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        let name = match &body["standingOrderIdentification"]["transactionIdentification"] {
            Value::Null => &body["transactionIdentification"],
            name => name,
        };
        let id = name.as_str().unwrap().to_owned();
        let sign = body["signInfo"]["signId"].as_str().unwrap().to_owned();
        Entered { path: format!("{path}/{id}"), id, sign, body }
    }

    /// Enters and signs a standing order.
    pub(crate) async fn signed(&self, body: &Value) -> Entered {
        let entered = self.enter("/my/standingorders", body).await;
        self.sign(&entered.path, &entered.sign).await;
        entered
    }

    /// Signs by SMS.
    pub(crate) async fn sign(&self, path: &str, sign: &str) {
        let path = format!("{path}/sign/{sign}");
        let by_sms = json!({ "authorizationType": "SMS" });
        let begun = self.pay(Method::POST, &path, Some(&by_sms)).await;
        assert_eq!(begun.status, 200, "{begun:?}");
        let code = self.payer.world.bank.sms_code(&self.payer.user).unwrap();
        let body = json!({ "authorizationType": "SMS", "oneTimePassword": code });
        let ended = self.pay(Method::PUT, &path, Some(&body)).await;
        assert_eq!(ended.json(), json!({ "state": "DONE", "pollInterval": 5000 }));
    }

    /// The answer of the status resource.
    pub(crate) async fn status(&self, path: &str) -> Value {
        self.pay(Method::GET, &format!("{path}/status"), None).await.json()
    }

    /// The days on which a standing order has paid.
    pub(crate) async fn paid(&self, path: &str) -> Vec<String> {
        let status = self.status(path).await;
        let payments = status["realizedPayments"].as_array().unwrap().iter();
        payments.map(|payment| payment["date"].as_str().unwrap().to_owned()).collect()
    }
}

/// Code and scope that say there is no such standing order or batch.
pub(crate) fn missing() -> (u16, String, String) {
    (404, "ID_NOT_FOUND".to_owned(), "transactionIdentification".to_owned())
}
