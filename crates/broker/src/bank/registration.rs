//! The applications that a bank has registered for our licence (bank-api section 4). Mutual TLS says who asks;
//! there is no token and no client secret.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use super::dial::Dial;
use super::{Bank, Fault, codes, token};
use crate::config::{Limits, Network, Registration, Unusable, registration};
use crate::plain::plain;

mod credentials;
mod wanted;

pub use credentials::Credentials;
pub use wanted::{Breach, Wanted};

/// Bytes of an answer: an application is some 10 KB at its limits.
const LARGEST_REPLY: usize = 1024 * 1024;
/// Letters of a bank's own words that are told on.
const LONGEST_WORDS: usize = 300;

/// Calls the registration of one bank.
pub struct Registrar {
    client: reqwest::Client,
    url: url::Url,
    network: Network,
    limits: Limits,
    /// When it was made: which of several certificates is presented hangs on it.
    now: Timestamp,
}

/// An application as the bank describes it (bank-api facts 4.1 and 4.2); a secret in the body is not read.
#[derive(Debug, Deserialize, Serialize)]
pub struct Application {
    /// Who we are to the authorization server.
    pub client_id: String,
    /// Name for people.
    #[serde(default)]
    pub client_name: Option<String>,
    /// The same in English.
    #[serde(default, rename = "client_name#en-US", skip_serializing_if = "Option::is_none")]
    pub localized_name: Option<String>,
    /// `web` or `native`.
    #[serde(default)]
    pub application_type: Option<String>,
    /// Callback pages; a list of the product may leave them out.
    #[serde(default)]
    pub redirect_uris: Option<Vec<String>>,
    /// Scopes; a list of the product may leave them out.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// Address of a logo; the product forgets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// E-mail address; the product forgets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Seconds since 1970; 0 is never.
    #[serde(default)]
    pub client_secret_expires_at: Option<i64>,
}

/// Why the registration brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// The bank says no (bank-api fact 4.3).
    #[error("the bank answers {status} {code}")]
    Refused {
        /// The bank's status.
        status: StatusCode,
        /// Its code, or `unknown_code`.
        code: &'static str,
        /// The bank's own words, fit for a terminal.
        said: String,
    },
    /// The bank does not answer usefully.
    #[error("bank: {0}")]
    Fault(#[from] Fault),
    /// We did not wait for the answer.
    #[error("interrupted before the bank's answer came")]
    Interrupted,
}

/// bank-api fact 4.2 leaves the shape of the list open: an array, or an object around one.
#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    Plain(Vec<Application>),
    Wrapped { applications: Vec<Application> },
}

impl RegistrationError {
    /// Whether the bank may have done what it was asked for, although no useful answer came.
    pub(crate) fn may_be_done(&self) -> bool {
        match self {
            Self::Refused { status, .. } => status.is_server_error(),
            Self::Interrupted => true,
            Self::Fault(fault) => !fault.never_arrived() && !matches!(fault, Fault::Redirect(_)),
        }
    }
}

impl Bank {
    /// The registration of this bank, as `serve` would reach it.
    pub(crate) fn registrar(&self) -> Registrar {
        let url = registration::beside(&self.provider.api_url);
        let (client, network) = (self.line().form.clone(), self.provider.network.clone());
        Registrar { client, url, network, limits: self.limits, now: self.ambient.now() }
    }
}

impl Registrar {
    /// A client of the files as they are.
    pub fn new(registration: &Registration, now: Timestamp) -> Result<Self, Unusable> {
        let Registration { url, network, limits, .. } = registration;
        let tls = network.files.read()?.settings()?.client_at(now);
        let client = token::client(&tls, network, *limits).map_err(|error| Unusable {
            key: "mutual_tls".to_owned(),
            what: format!("does not fit the HTTP client ({error})"),
            fix: "this build cannot speak TLS".to_owned(),
        })?;
        let (url, network) = (url.clone(), network.clone());
        Ok(Self { client, url, network, limits: *limits, now })
    }

    /// All applications of our licence.
    pub async fn list(&self) -> Result<Vec<Application>, RegistrationError> {
        let body = self.ask(Method::GET, &[], None).await?;
        match serde_json::from_slice(&body) {
            Ok(List::Plain(all) | List::Wrapped { applications: all }) => Ok(all),
            Err(_) => Err(Fault::Malformed("not a list of applications").into()),
        }
    }

    /// One of them.
    pub async fn detail(&self, client_id: &str) -> Result<Application, RegistrationError> {
        application(&self.ask(Method::GET, &[client_id], None).await?)
    }

    /// Registers an application; the secret in the answer is told this once.
    pub async fn register(&self, wanted: &Wanted) -> Result<Credentials, RegistrationError> {
        let body = self.ask(Method::POST, &[], Some(wanted)).await?;
        Ok(Credentials::read(&body, None)?)
    }

    /// Writes every field of an application anew.
    pub async fn change(
        &self,
        client_id: &str,
        wanted: &Wanted,
    ) -> Result<Application, RegistrationError> {
        application(&self.ask(Method::PUT, &[client_id], Some(wanted)).await?)
    }

    /// Has the bank make a new secret; the old one dies at once.
    pub async fn renew_secret(&self, client_id: &str) -> Result<Credentials, RegistrationError> {
        let body = self.ask(Method::POST, &[client_id, "renewSecret"], None).await?;
        Ok(Credentials::read(&body, Some(client_id))?)
    }

    /// Ends an application with all that was granted to it; banks differ in the status of their yes.
    pub async fn remove(&self, client_id: &str) -> Result<(), RegistrationError> {
        self.ask(Method::DELETE, &[client_id], None).await.map(drop)
    }

    /// One call; the body may hold a secret, so it is wiped.
    async fn ask(
        &self,
        method: Method,
        below: &[&str],
        wanted: Option<&Wanted>,
    ) -> Result<Zeroizing<Vec<u8>>, RegistrationError> {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(below);
        }
        let mut request = self.client.request(method, url).header("accept", "application/json");
        if let Some(wanted) = wanted {
            let body = serde_json::to_vec(wanted).map_err(|_| Fault::Malformed("request"))?;
            request = request.header("content-type", "application/json").body(body);
        }
        let (status, body) = match read(request).await {
            Ok(answer) => answer,
            Err(fault) => return Err(self.with_cause(fault).await.into()),
        };
        match status {
            _ if status.is_success() => Ok(body),
            _ if status.is_redirection() => Err(Fault::Redirect(status).into()),
            _ => Err(refusal(status, &body)),
        }
    }

    /// The same; a certificate that is the cause is named. A connection that broke may have lost the alert, so
    /// another one is asked.
    async fn with_cause(&self, fault: Fault) -> Fault {
        let fault = fault.with_cause();
        if !matches!(fault, Fault::Broken(_)) || self.url.scheme() != "https" {
            return fault;
        }
        let dial = Dial { network: &self.network, limit: self.limits.connect, now: self.now };
        dial.certificate_trouble(&self.url).await.unwrap_or(fault)
    }
}

/// The whole answer.
async fn read(request: reqwest::RequestBuilder) -> Result<(StatusCode, Zeroizing<Vec<u8>>), Fault> {
    let mut answer = request.send().await.map_err(token::unreachable)?;
    let status = answer.status();
    let mut body = Zeroizing::new(Vec::new());
    while let Some(piece) = answer.chunk().await.map_err(token::unreachable)? {
        if body.len() + piece.len() > LARGEST_REPLY {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok((status, body))
}

fn application(body: &[u8]) -> Result<Application, RegistrationError> {
    serde_json::from_slice(body).map_err(|_| Fault::Malformed("not an application").into())
}

fn refusal(status: StatusCode, body: &[u8]) -> RegistrationError {
    #[derive(Default, Deserialize)]
    struct Refusal {
        error: String,
        #[serde(default)]
        error_description: Value,
    }
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let code = codes::registration(&refusal.error).map_or("unknown_code", |(code, _)| code);
    let said = refusal.error_description.as_str().unwrap_or_default();
    let said = plain(said).chars().take(LONGEST_WORDS).collect();
    RegistrationError::Refused { status, code, said }
}
