//! A bank of its own for each test, a third party with certificates, and a person with a browser.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bank_sim::{BankSim, CertificateRequest, Client, Clock, Identity, Options, Role};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::browser::Browser;
use crate::contract;

pub(crate) const CALLBACK: &str = "http://127.0.0.1:9/callback";
pub(crate) const LICENCE: &str = "PSDCZ-CNB-12345678";
pub(crate) const CLIENT: &str = "client-1";
pub(crate) const SECRET: &str = "s3cret-of-one";
pub(crate) const OTHER: &str = "client-2";
pub(crate) const OTHER_SECRET: &str = "s3cret-of-two";
pub(crate) const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier-00";
/// S256 of it.
pub(crate) const CHALLENGE: &str = "u5f4JpXdk-bOxeCSbMLkdxqNbr-KfzxPEXsIb81VuUY";

pub(crate) struct World {
    pub(crate) bank: BankSim,
    pub(crate) clock: Clock,
    pub(crate) tpp: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// Reads an answer and holds it against openapi.json, whatever method was asked.
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let path = response.url().path().to_owned();
        let answer = Self::raw(response).await;
        contract::conforms_to_any(&answer, &path);
        answer
    }

    /// Reads an answer that a knob has broken.
    pub(crate) async fn raw(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the first COBS error.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let error = &self.json()["errors"][0];
        let text = |name: &str| error[name].as_str().unwrap_or("").to_owned();
        (self.status.as_u16(), text("error"), text("scope"))
    }

    /// The code of an OAuth error.
    pub(crate) fn oauth_error(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["error"].as_str().unwrap_or("").to_owned())
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        // 14 March 2026, 10:00 in Prague
        let clock = Clock::manual(UNIX_EPOCH + Duration::from_hours(492_633));
        let client = |client_id: &str, secret: &str| Client {
            client_id: client_id.to_owned(),
            client_secret: secret.to_owned(),
            redirect_uris: vec![CALLBACK.to_owned()],
            scopes: vec!["aisp".to_owned(), "pisp".to_owned()],
            licence: LICENCE.to_owned(),
            name: "Účty <pohromadě>".to_owned(),
        };
        let mut options = Options {
            clients: vec![client(CLIENT, SECRET), client(OTHER, OTHER_SECRET)],
            clock: clock.clone(),
            sandbox: Some(([127, 0, 0, 1], 0).into()),
            ..Options::default()
        };
        change(&mut options);
        let bank = BankSim::start(options).await.unwrap();
        let both = vec![Role::AccountInformation, Role::PaymentInitiation];
        let identity = bank.pki().issue(certificate(both, Some(LICENCE)));
        let tpp = client_with(&bank, Some(&identity));
        Self { bank, clock, tpp }
    }

    /// A client with a certificate of these roles and licence.
    pub(crate) fn tpp_with(&self, roles: Vec<Role>, licence: Option<&str>) -> reqwest::Client {
        client_with(&self.bank, Some(&self.bank.pki().issue(certificate(roles, licence))))
    }

    pub(crate) fn without_certificate(&self) -> reqwest::Client {
        client_with(&self.bank, None)
    }

    pub(crate) fn tls(&self, path: &str) -> String {
        format!("https://{}{path}", self.bank.tls_addr())
    }

    /// The authorization request of a good client.
    pub(crate) fn authorize_url(&self, scope: &str) -> String {
        let front = self.bank.front_url();
        let callback = CALLBACK.replace(':', "%3A").replace('/', "%2F");
        format!(
            "{front}/powerauth-webflow/oauth/authorize?response_type=code&client_id={CLIENT}\
             &redirect_uri={callback}&scope={scope}&state=s-1&code_challenge={CHALLENGE}\
             &code_challenge_method=S256"
        )
    }

    /// Login and consent of `user` for all accounts; the code that came back.
    pub(crate) async fn code(&self, user: &str, scope: &str) -> String {
        let mut browser = Browser::new(self);
        browser.walk(self, user, &self.authorize_url(scope)).await;
        query(&browser.left_to, "code").unwrap_or_else(|| panic!("no code: {}", browser.left_to))
    }

    /// Tokens for `user`.
    pub(crate) async fn connect(&self, user: &str, scope: &str) -> Value {
        let code = self.code(user, scope).await;
        let answer = self.exchange(&code).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    pub(crate) async fn exchange(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// A token request of the good client, by Basic.
    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        self.post("token", Some(basic(CLIENT, SECRET)), fields).await
    }

    pub(crate) async fn post(
        &self,
        endpoint: &str,
        authorization: Option<String>,
        fields: &[(&str, &str)],
    ) -> Answer {
        self.post_to(&format!("oauth/{endpoint}"), authorization, fields).await
    }

    /// A form to any address of Web Flow.
    pub(crate) async fn post_to(
        &self,
        path: &str,
        authorization: Option<String>,
        fields: &[(&str, &str)],
    ) -> Answer {
        let url = self.tls(&format!("/powerauth-webflow/{path}"));
        let mut request = self.tpp.post(url).body(form(fields));
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let answer = Answer::read(request.send().await.unwrap()).await;
        let path = path.split('?').next().unwrap();
        contract::conforms(&answer, &Method::POST, &format!("/powerauth-webflow/{path}"));
        answer
    }

    /// A good API request of `tpp`, without its token.
    pub(crate) fn request(&self, tpp: &reqwest::Client, path: &str) -> reqwest::RequestBuilder {
        self.call(tpp, Method::GET, path)
    }

    pub(crate) fn call(
        &self,
        tpp: &reqwest::Client,
        method: Method,
        path: &str,
    ) -> reqwest::RequestBuilder {
        self.call_at(self.bank.tls_addr(), tpp, method, path)
    }

    /// The same at the door `at`.
    pub(crate) fn call_at(
        &self,
        at: SocketAddr,
        tpp: &reqwest::Client,
        method: Method,
        path: &str,
    ) -> reqwest::RequestBuilder {
        let url = format!("https://{at}/psd2-cobs/cobs/2.0{path}");
        tpp.request(method, url)
            .header("content-type", "application/json")
            .header("x-request-id", request_id())
            .header("date", http_date(self.clock.now()))
            .header("user-involved", "true")
            .header("user-ip-address", "192.0.2.7")
            .header("tpp-name", "Ukazka")
    }

    /// A good API call with `token`.
    pub(crate) async fn api(&self, token: &str, path: &str) -> Answer {
        let request = self.request(&self.tpp, path).bearer_auth(token);
        let response = request.send().await.unwrap();
        let path = response.url().path().to_owned();
        let answer = Answer::read(response).await;
        contract::conforms(&answer, &Method::GET, &path);
        answer
    }
}

pub(crate) fn certificate(roles: Vec<Role>, licence: Option<&str>) -> CertificateRequest {
    CertificateRequest {
        roles,
        licence: licence.map(ToOwned::to_owned),
        organisation: "Ukázka s.r.o.".to_owned(),
        common_name: "tpp.example".to_owned(),
        ..CertificateRequest::default()
    }
}

/// A client that trusts the bank and shows `identity`.
pub(crate) fn client_with(bank: &BankSim, identity: Option<&Identity>) -> reqwest::Client {
    let ca = reqwest::Certificate::from_pem(bank.pki().ca_pem().as_bytes()).unwrap();
    let mut builder = reqwest::Client::builder()
        .tls_certs_only([ca])
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .redirect(reqwest::redirect::Policy::none());
    if let Some(identity) = identity {
        let pem = format!("{}{}", identity.cert_pem, identity.key_pem);
        builder = builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap());
    }
    builder.build().unwrap()
}

pub(crate) fn basic(client_id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client_id}:{secret}")))
}

pub(crate) fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.replace("%20", " "))
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        let symbols = text.bytes().map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        });
        symbols.collect::<Vec<_>>().concat()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

pub(crate) fn request_id() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("00000000-0000-4000-8000-{next:012x}")
}

pub(crate) fn http_date(at: SystemTime) -> String {
    httpdate::fmt_http_date(at)
}
