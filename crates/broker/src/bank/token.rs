//! The token endpoint (RFC 6749 §3.2): a code becomes tokens, a refresh token becomes fresh ones.
//!
//! The `oauth2` crate shapes the requests and reads the errors; `reqwest` carries them over mutual
//! TLS. Between the two, every successful reply is kept, sealed, before anything judges it: a late
//! check must never cost the person a consent (requirement T11).

use std::pin::Pin;
use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    StandardRevocableToken, TokenUrl,
};
use protocol::pkce::CodeVerifier;
use reqwest::StatusCode;
use rustls::ClientConfig;

use super::breaker::Call;
use super::line::Line;
use super::reply::TokenReply;
use super::{Bank, BankError, Fault, Rejected, Trouble};
use crate::callback::VerifiedCode;
use crate::config::{ClientAuthentication, Limits, Network, OAuth};
use crate::error::Error;
use crate::grant::hash;
use crate::secret::Secret;
use crate::store::Hash;

mod refusal;

use refusal::{into_error, verdict, wordless};

/// Bytes of a token reply: Web Flow's has some 300 (requirement K18).
const LARGEST_REPLY: usize = 64 * 1024;
/// A provider without login has no token endpoint, so nobody asks it.
const NO_SECRET: Error = Error::Internal("no client secret");

/// A boxed future: the `oauth2` crate is generic over its HTTP client, and the compiler cannot prove
/// an unboxed one `Send` through it.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where a raw reply goes before it is judged.
pub trait Keep: Sync {
    /// Keeps the reply, and under which certificate of ours it came; when the future is done, both are on the disk.
    fn keep<'a>(&'a self, raw: &'a [u8], under: Option<Hash>) -> Boxed<'a, Result<(), Error>>;

    /// Whether the call may be made again, with another secret; fails where it may not.
    fn may_repeat(&self) -> Boxed<'_, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Carries requests of the `oauth2` crate, and keeps what comes back.
struct Wire<'a> {
    bank: &'a Bank,
    inbox: &'a dyn Keep,
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = Error;
    type Future = Boxed<'c, Result<HttpResponse, Error>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let line = self.bank.open_line()?;
            let reply = self.bank.post_form(&line, request).await?;
            if reply.status().is_success() {
                self.inbox.keep(reply.body(), line.certificate).await?;
            }
            if reply.status() == StatusCode::UNAUTHORIZED && wordless(reply.body()) {
                return Err(BankError::ClientRejected { rejected: Rejected::Wordless }.into());
            }
            Ok(reply)
        })
    }
}

/// The client for form posts: HTTP/2 or 1.1, no redirects, no proxy, no retries of its own.
pub(super) fn client(
    tls: &ClientConfig,
    network: &Network,
    limits: Limits,
) -> Result<reqwest::Client, reqwest::Error> {
    let mut tls = tls.clone();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(limits.connect)
        .timeout(limits.first_byte)
        .pool_idle_timeout(Duration::from_secs(30));
    for (host, address) in &network.resolve {
        builder = builder.resolve(host, *address);
    }
    builder.build()
}

type Client = oauth2::Client<
    BasicErrorResponse,
    TokenReply,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The `oauth2` crate's client for our registration at the bank.
pub(super) fn registered(oauth: &OAuth, secret: &Secret) -> Client {
    let secret = ClientSecret::new(secret.expose().to_owned());
    oauth2::Client::new(ClientId::new(oauth.client_id.clone()))
        .set_client_secret(secret)
        .set_auth_type(match oauth.client_authentication {
            ClientAuthentication::Basic => AuthType::BasicAuth,
            ClientAuthentication::Form => AuthType::RequestBody,
        })
        .set_token_uri(TokenUrl::from_url(oauth.token_url.clone()))
}

impl Bank {
    /// Exchanges a code that a verified callback brought (RFC 6749 §4.1.3). It is sent once: a reply
    /// that got lost is [`BankError::ExchangeUnknown`], never a second try (requirement K12).
    pub async fn exchange(
        &self,
        oauth: &OAuth,
        code: VerifiedCode,
        inbox: &dyn Keep,
    ) -> Result<TokenReply, Error> {
        let _admitted = self.admit(Call::Exchange)?;
        let (code, verifier) = code.into_parts();
        match self.send_code(oauth, code, &verifier, &oauth.redirect_uri, inbox).await {
            Err(Error::Bank(BankError::Fault(fault))) if !fault.never_arrived() => {
                Err(BankError::ExchangeUnknown(fault).into())
            }
            other => other,
        }
    }

    /// Sends a code with a verifier and a redirect URI, whatever they are.
    pub(super) async fn send_code(
        &self,
        oauth: &OAuth,
        code: String,
        verifier: &CodeVerifier,
        redirect_uri: &str,
        inbox: &dyn Keep,
    ) -> Result<TokenReply, Error> {
        let redirect_uri = RedirectUrl::new(redirect_uri.to_owned())
            .map_err(|_| Error::Internal("redirect URI"))?;
        let wire = Wire { bank: self, inbox };
        let mut attempt = self.attempt().ok_or(NO_SECRET)?;
        loop {
            let client = registered(oauth, attempt.secret());
            let request = client
                .exchange_code(AuthorizationCode::new(code.clone()))
                .set_redirect_uri(std::borrow::Cow::Borrowed(&redirect_uri))
                .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
            let reply: Boxed<'_, _> = Box::pin(request.request_async(&wire));
            let reply = reply.await.map_err(into_error).and_then(checked);
            if !attempt.again(verdict(&reply)).await {
                return self.noted(Call::Exchange, reply);
            }
            inbox.may_repeat().await?;
        }
    }

    /// Refreshes (RFC 6749 §6).
    pub async fn refresh(
        &self,
        oauth: &OAuth,
        refresh_token: &Secret,
        inbox: &dyn Keep,
    ) -> Result<TokenReply, Error> {
        let call = Call::Refresh(hash(refresh_token.expose().as_bytes()));
        let _admitted = self.admit(call)?;
        let refresh_token = RefreshToken::new(refresh_token.expose().to_owned());
        let wire = Wire { bank: self, inbox };
        let mut attempt = self.attempt().ok_or(NO_SECRET)?;
        loop {
            let client = registered(oauth, attempt.secret());
            let request = client.exchange_refresh_token(&refresh_token);
            let reply: Boxed<'_, _> = Box::pin(request.request_async(&wire));
            let reply = reply.await.map_err(into_error).and_then(checked);
            if !attempt.again(verdict(&reply)).await {
                return self.noted(call, reply);
            }
            inbox.may_repeat().await?;
        }
    }

    /// Notes whether the bank takes us as its client.
    fn noted(&self, call: Call, reply: Result<TokenReply, Error>) -> Result<TokenReply, Error> {
        self.heard(call, &reply);
        match &reply {
            Ok(_) | Err(Error::Bank(BankError::TokenRefused(_))) => self.at_peace(true),
            Err(Error::Bank(BankError::ClientRejected { .. })) => {
                self.alarm(Trouble::ClientRefused);
            }
            Err(_) => {}
        }
        reply
    }

    /// Sends a form and reads the whole answer, bounded.
    pub(super) async fn post_form(
        &self,
        line: &Line,
        request: HttpRequest,
    ) -> Result<HttpResponse, BankError> {
        let request = reqwest::Request::try_from(request).map_err(unreachable)?;
        let mut answer = line
            .form
            .execute(request)
            .await
            .map_err(|error| self.unanswered(unreachable(error)))?;
        self.at_peace(false);
        self.compare_clocks(answer.headers());
        let status = answer.status();
        if status.is_redirection() {
            return Err(Fault::Redirect(status).into());
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(BankError::RateLimited {
                retry_after: super::api::retry_after(answer.headers()),
            });
        }
        if status.is_server_error() {
            let retry_after = super::api::retry_after(answer.headers());
            return Err(Fault::Status { status, retry_after }.into());
        }
        let mut body = Vec::new();
        while let Some(piece) =
            answer.chunk().await.map_err(|error| self.unanswered(unreachable(error)))?
        {
            if body.len() + piece.len() > LARGEST_REPLY {
                return Err(Fault::TooLarge.into());
            }
            body.extend_from_slice(&piece);
        }
        let mut reply = HttpResponse::new(body);
        *reply.status_mut() = status;
        *reply.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(reply)
    }
}

fn checked(reply: TokenReply) -> Result<TokenReply, Error> {
    reply.check().map_err(|what| BankError::from(Fault::Malformed(what)).into())
}

/// `without_url`: the URL is the operator's own, and the chain goes to the log.
pub(super) fn unreachable(error: reqwest::Error) -> Fault {
    if error.is_timeout() && !error.is_connect() {
        return Fault::TimedOut;
    }
    let sent = !error.is_connect() && !error.is_builder();
    let error = error.without_url().into();
    if sent { Fault::Broken(error) } else { Fault::Unreachable(error) }
}
