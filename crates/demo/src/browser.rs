//! A person with a browser, reduced to HTTP: cookies, the headers browsers add, the bank's pages.
//!
//! It does what the package does in WebAssembly, written apart from it: a random `state` and
//! verifier, the start, the bank's pages, the callback.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use protocol::pkce::CodeVerifier;
use protocol::state::State;
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::{Value, json};

use crate::form;
use crate::world::Failure;

/// An empty browser, later with cookies of the app and of the bank.
pub struct Browser {
    client: reqwest::Client,
    broker: String,
    origin: String,
    credential: (String, String),
    app_cookies: Mutex<BTreeMap<String, String>>,
    bank_cookies: Mutex<BTreeMap<String, String>>,
}

/// One attempt to connect, as the page remembers it.
pub struct Attempt {
    /// The `state` of the authorization.
    pub state: String,
    /// The PKCE verifier.
    pub verifier: String,
    /// Where the broker sends the person.
    pub url: String,
}

/// An answer of the broker, read whole.
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The problem's code; empty where it is no problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Browser {
    pub(crate) fn new(
        client: reqwest::Client,
        broker: SocketAddr,
        origin: String,
        credential: (String, String),
    ) -> Self {
        Self {
            client,
            broker: format!("http://{broker}/bank"),
            origin,
            credential,
            app_cookies: Mutex::default(),
            bank_cookies: Mutex::default(),
        }
    }

    /// The same browser in front of another customer of the bank.
    #[must_use]
    pub fn as_customer(mut self, username: &str, password: &str) -> Self {
        self.credential = (username.to_owned(), password.to_owned());
        self
    }

    /// The same browser, cookies and all, led to another broker.
    #[must_use]
    pub fn through(&self, broker: SocketAddr) -> Self {
        let copy = |jar: &Mutex<BTreeMap<_, _>>| {
            Mutex::new(jar.lock().map(|jar| jar.clone()).unwrap_or_default())
        };
        Self {
            client: self.client.clone(),
            broker: format!("http://{broker}/bank"),
            origin: self.origin.clone(),
            credential: self.credential.clone(),
            app_cookies: copy(&self.app_cookies),
            bank_cookies: copy(&self.bank_cookies),
        }
    }

    /// A call of the page to the broker, with everything a browser and the package add.
    pub fn request(&self, method: &Method, path: &str) -> RequestBuilder {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.broker));
        if method != Method::GET {
            request = request.header("origin", &self.origin);
        }
        request = request.header("sec-fetch-site", "same-origin").header("x-bankconnect", "1");
        match self.cookie_header() {
            Some(cookies) => request.header(COOKIE, cookies),
            None => request,
        }
    }

    /// Sends, keeps cookies, reads the answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        let response = request.send().await?;
        keep(&self.app_cookies, &response);
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, text: response.text().await? })
    }

    /// `GET` of the page.
    pub async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.send(self.request(&Method::GET, path)).await
    }

    /// `POST` of the page.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        let request = self.request(&Method::POST, path);
        self.send(request.header("content-type", "application/json").body(body.to_string())).await
    }

    /// `DELETE` of the page.
    pub async fn delete(&self, path: &str) -> Result<Answer, Failure> {
        self.send(self.request(&Method::DELETE, path)).await
    }

    /// Starts an authorization.
    pub async fn start(&self, provider: &str, scope: &str) -> Result<Attempt, Failure> {
        let (state, verifier) =
            (State::from_random(&random()), CodeVerifier::from_random(&random()));
        let answer = self
            .post(
                "/authorizations",
                &json!({
                    "provider": provider,
                    "scopes": [scope],
                    "state": state.as_str(),
                    "code_challenge": verifier.challenge().as_str(),
                }),
            )
            .await?;
        let url = answer.json()["authorization_url"].as_str().map(str::to_owned);
        let url = url.ok_or_else(|| format!("start: {} {}", answer.status, answer.text))?;
        let (state, verifier) = (state.as_str().to_owned(), verifier.expose().to_owned());
        Ok(Attempt { state, verifier, url })
    }

    /// Walks the bank's pages to the end; answers the URL the bank sends the person back to.
    pub async fn consent(&self, attempt: &Attempt) -> Result<Url, Failure> {
        self.at_bank(&attempt.url, "continue").await
    }

    /// Says no on the bank's first page.
    pub async fn cancel(&self, attempt: &Attempt) -> Result<Url, Failure> {
        self.at_bank(&attempt.url, "cancel").await
    }

    /// Hands the landing over to the broker, as the callback page does.
    pub async fn finish(&self, attempt: &Attempt, landing: &Url) -> Result<Answer, Failure> {
        let mut page = landing.clone();
        page.set_query(None);
        let query = landing.query().unwrap_or_default();
        self.finish_with(page.as_str(), query, &attempt.verifier).await
    }

    /// The same with every part chosen by the test.
    pub async fn finish_with(
        &self,
        redirect_uri: &str,
        query: &str,
        verifier: &str,
    ) -> Result<Answer, Failure> {
        let body =
            json!({ "redirect_uri": redirect_uri, "query": query, "code_verifier": verifier });
        self.post("/authorizations/callback", &body).await
    }

    /// The whole walk; answers the connection's id.
    pub async fn connect(&self, provider: &str, scope: &str) -> Result<String, Failure> {
        let attempt = self.start(provider, scope).await?;
        let landing = self.consent(&attempt).await?;
        let answer = self.finish(&attempt, &landing).await?;
        let id = answer.json()["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| format!("connect: {} {}", answer.status, answer.text).into())
    }

    /// The app's cookies as the browser would send them.
    pub fn cookie_header(&self) -> Option<String> {
        header_of(&self.app_cookies)
    }

    /// Plants a cookie, as an attacker with another door into this browser would.
    pub fn plant_cookie(&self, name: &str, value: &str) {
        if let Ok(mut cookies) = self.app_cookies.lock() {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Walks the bank's pages from `url` on and presses `action` on each: `continue` or `cancel`. Answers the
    /// URL the bank sends the person back to.
    pub async fn at_bank(&self, url: &str, action: &str) -> Result<Url, Failure> {
        let mut at = Url::parse(url)?;
        let mut answer = self.bank_get(&at).await?;
        for _ in 0..20 {
            if let Some(location) = answer.headers().get(LOCATION) {
                at = at.join(location.to_str()?)?;
                if at.as_str().starts_with(&self.origin) {
                    return Ok(at);
                }
                answer = self.bank_get(&at).await?;
                continue;
            }
            let status = answer.status();
            let html = answer.text().await?;
            let form = form::read(&html).ok_or_else(|| format!("{at}: {status}, no form"))?;
            let fields = self.fill(&form, &html, action);
            at = at.join(&form.action)?;
            let request =
                self.client.post(at.clone()).header("origin", at.origin().ascii_serialization());
            answer = self.bank_send(request.form(&fields)).await?;
        }
        Err("the bank's pages have no end".into())
    }

    /// Fills a page of the bank in as a person does: what is asked, everything ticked.
    fn fill(&self, form: &form::Form, html: &str, action: &str) -> Vec<(String, String)> {
        let mut fields: Vec<_> = form
            .inputs
            .iter()
            .map(|(name, _, value)| {
                let value = match name.as_str() {
                    "username" => self.credential.0.clone(),
                    "password" => self.credential.1.clone(),
                    "sms_code" => sms_code(html),
                    _ => value.clone(),
                };
                (name.clone(), value)
            })
            .collect();
        fields.push(("action".to_owned(), action.to_owned()));
        fields
    }

    async fn bank_get(&self, url: &Url) -> Result<Response, Failure> {
        self.bank_send(self.client.get(url.clone())).await
    }

    async fn bank_send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let request = match header_of(&self.bank_cookies) {
            Some(cookies) => request.header(COOKIE, cookies),
            None => request,
        };
        let response = request.send().await?;
        keep(&self.bank_cookies, &response);
        Ok(response)
    }
}

/// The code on the simulated phone beside the form: eight digits.
fn sms_code(html: &str) -> String {
    let phone = html.split("phone-code\">").nth(1).unwrap_or_default();
    let digits = phone.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 8);
    digits.unwrap_or_default().to_owned()
}

/// The `Cookie` header of a jar; none where it is empty.
fn header_of(jar: &Mutex<BTreeMap<String, String>>) -> Option<String> {
    let jar = jar.lock().ok()?;
    let pairs: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
    (!pairs.is_empty()).then(|| pairs.join("; "))
}

fn keep(jar: &Mutex<BTreeMap<String, String>>, response: &Response) {
    let Ok(mut jar) = jar.lock() else { return };
    for value in response.headers().get_all(SET_COOKIE) {
        let pair = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            if value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn random() -> [u8; 32] {
    broker::ambient::Ambient::system().random().unwrap_or_default()
}
