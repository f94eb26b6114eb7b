//! The applications that a bank has registered for our licence (bank-api section 4). Mutual TLS says who asks;
//! there is no token and no client secret.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Bank, Fault, token};
use crate::ambient::Ambient;
use crate::config::{Registration, Unusable, registration};

/// Bytes of an answer: an application is some 10 KB at its limits.
const LARGEST_REPLY: usize = 1024 * 1024;

/// Calls the registration of one bank.
pub struct Registrar {
    client: reqwest::Client,
    url: url::Url,
}

/// An application as the bank describes it (bank-api facts 4.1 and 4.2); a secret in the body is not read.
#[derive(Debug, Deserialize, Serialize)]
pub struct Application {
    /// Who we are to the authorization server.
    pub client_id: String,
    /// Name for people.
    #[serde(default)]
    pub client_name: Option<String>,
    /// `web` or `native`.
    #[serde(default)]
    pub application_type: Option<String>,
    /// Callback pages; a list of the product may leave them out.
    #[serde(default)]
    pub redirect_uris: Option<Vec<String>>,
    /// Scopes; a list of the product may leave them out.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
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
    },
    /// The bank does not answer usefully.
    #[error("bank: {0}")]
    Fault(#[from] Fault),
}

/// Codes of bank-api fact 4.3, in lower case as the bank may or may not write them.
const CODES: [&str; 8] = [
    "invalid_request",
    "invalid_client",
    "unauthorized_client",
    "access_denied",
    "invalid_scope",
    "insufficient_scope",
    "invalid_redirect_uri",
    "server_error",
];

/// bank-api fact 4.2 leaves the shape of the list open: an array, or an object around one.
#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    Plain(Vec<Application>),
    Wrapped { applications: Vec<Application> },
}

impl Bank {
    /// The registration of this bank, as `serve` would reach it.
    pub(crate) fn registrar(&self) -> Registrar {
        let url = registration::beside(&self.provider.api_url);
        Registrar { client: self.line().form.clone(), url }
    }
}

impl Registrar {
    /// A client of the files as they are.
    pub fn new(registration: &Registration) -> Result<Self, Unusable> {
        let Registration { url, network, limits } = registration;
        let now = Ambient::system().now();
        let tls = network.files.read()?.settings()?.client_at(now);
        let client = token::client(&tls, network, *limits).map_err(|error| Unusable {
            key: "mutual_tls".to_owned(),
            what: format!("does not fit the HTTP client ({error})"),
            fix: "this build cannot speak TLS".to_owned(),
        })?;
        Ok(Self { client, url: url.clone() })
    }

    /// All applications of our licence.
    pub async fn list(&self) -> Result<Vec<Application>, RegistrationError> {
        let body = self.get(self.url.clone()).await?;
        match serde_json::from_slice(&body) {
            Ok(List::Plain(all) | List::Wrapped { applications: all }) => Ok(all),
            Err(_) => Err(Fault::Malformed("not a list of applications").into()),
        }
    }

    /// One of them.
    pub async fn detail(&self, client_id: &str) -> Result<Application, RegistrationError> {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(client_id);
        }
        let body = self.get(url).await?;
        let what = "not an application";
        serde_json::from_slice(&body).map_err(|_| Fault::Malformed(what).into())
    }

    async fn get(&self, url: url::Url) -> Result<Vec<u8>, RegistrationError> {
        let request = self.client.get(url).header("accept", "application/json");
        let mut answer = request.send().await.map_err(token::unreachable)?;
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(token::unreachable)? {
            if body.len() + piece.len() > LARGEST_REPLY {
                return Err(Fault::TooLarge.into());
            }
            body.extend_from_slice(&piece);
        }
        match status {
            _ if status.is_success() => Ok(body),
            _ if status.is_redirection() => Err(Fault::Redirect(status).into()),
            _ => Err(RegistrationError::Refused { status, code: code(&body) }),
        }
    }
}

fn code(body: &[u8]) -> &'static str {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let said = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.error);
    let known = said.ok().and_then(|said| CODES.into_iter().find(|c| said.eq_ignore_ascii_case(c)));
    known.unwrap_or("unknown_code")
}
