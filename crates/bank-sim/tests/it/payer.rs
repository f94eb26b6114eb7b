//! A person's app that initiates payments.

use std::sync::atomic::{AtomicU64, Ordering};

use bank_sim::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Answer, World};

/// An account at another Czech bank.
pub(crate) const ELSEWHERE: &str = "CZ7508000000002108589434";

pub(crate) struct Payer {
    pub(crate) world: World,
    pub(crate) user: String,
    pub(crate) token: String,
    /// The person's accounts, current account first.
    pub(crate) accounts: Vec<Value>,
}

impl Payer {
    pub(crate) async fn start(user: &str) -> Self {
        Self::with(user, |_| {}).await
    }

    pub(crate) async fn with(user: &str, change: impl FnOnce(&mut Options)) -> Self {
        let world = World::with(change).await;
        let reading = world.connect(user, "aisp").await;
        let reading = reading["access_token"].as_str().unwrap();
        let accounts = world.api(reading, "/my/accounts").await.json();
        let accounts = accounts["accounts"].as_array().unwrap().clone();
        let tokens = world.connect(user, "pisp").await;
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        Self { world, user: user.to_owned(), token, accounts }
    }

    /// A new access token, for tests in which five minutes pass.
    pub(crate) async fn renew(&mut self) {
        let tokens = self.world.connect(&self.user, "pisp").await;
        tokens["access_token"].as_str().unwrap().clone_into(&mut self.token);
    }

    pub(crate) fn iban(&self, at: usize) -> &str {
        self.accounts[at]["identification"]["iban"].as_str().unwrap()
    }

    /// A good domestic payment of 150.50 crowns.
    pub(crate) fn domestic(&self) -> Value {
        json!({
            "paymentIdentification": { "instructionIdentification": reference() },
            "amount": { "instructedAmount": { "value": 150.50, "currency": "CZK" } },
            "debtorAccount": { "identification": { "iban": self.iban(0) } },
            "creditorAccount": { "identification": { "iban": ELSEWHERE } },
        })
    }

    /// A call of the payment resources.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.world.call(&self.world.tpp, method, path).bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        };
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn initiate(&self, body: &Value) -> Answer {
        self.send(Method::POST, "/my/payments", Some(body)).await
    }

    /// Initiates a good payment.
    pub(crate) async fn initiated(&self, body: &Value) -> Ordered {
        let answer = self.initiate(body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        Ordered {
            id: text(&body["transactionIdentification"]),
            sign: text(&body["signInfo"]["signId"]),
            body,
        }
    }

    /// `instructionStatus`, asked with the certificate alone.
    pub(crate) async fn status(&self, ordered: &Ordered) -> String {
        let path = format!("/payments/{}/status", ordered.id);
        let request = self.world.request(&self.world.tpp, &path);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["instructionStatus"].as_str().unwrap().to_owned()
    }

    /// A step of the signing.
    pub(crate) async fn sign(&self, method: Method, ordered: &Ordered, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(&body);
        self.send(method, &ordered.sign_path(), body).await
    }

    /// Signs by SMS.
    pub(crate) async fn sign_by_sms(&self, ordered: &Ordered) {
        let begun = self.sign(Method::POST, ordered, json!({ "authorizationType": "SMS" })).await;
        assert_eq!(begun.status, 200, "{begun:?}");
        let code = self.world.bank.sms_code(&self.user).unwrap();
        let body = json!({ "authorizationType": "SMS", "oneTimePassword": code });
        let ended = self.sign(Method::PUT, ordered, body).await;
        assert_eq!(ended.json(), json!({ "state": "DONE", "pollInterval": 5000 }));
    }
}

/// A payment that was initiated.
pub(crate) struct Ordered {
    pub(crate) id: String,
    pub(crate) sign: String,
    pub(crate) body: Value,
}

impl Ordered {
    pub(crate) fn path(&self) -> String {
        format!("/my/payments/{}", self.id)
    }

    pub(crate) fn sign_path(&self) -> String {
        format!("/my/payments/{}/sign/{}", self.id, self.sign)
    }
}

/// A new reference.
pub(crate) fn reference() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("TPP-{:06}", NEXT.fetch_add(1, Ordering::Relaxed))
}
