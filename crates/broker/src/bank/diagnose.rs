//! What `bankconnect doctor` asks of a bank: each step of reaching it by itself, so that what is wrong is
//! named where it begins. Nothing here touches a grant.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{Request, StatusCode, Uri};
use protocol::pkce::CodeVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use url::Url;

use super::api::unreachable;
use super::dial::{self, Dial};
use super::{Bank, BankError, Fault, Presented};
use crate::config::OAuth;
use crate::error::Error;

/// A TLS handshake that came to its end.
pub(crate) struct Handshake {
    /// `1.2` or `1.3`.
    pub(crate) protocol: &'static str,
    /// The key exchange, as TLS names it, e.g. `X25519MLKEM768`.
    pub(crate) group: String,
    stream: TlsStream<TcpStream>,
}

/// Which key exchanges are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// All, as `serve` does: with the hybrid post-quantum share first.
    All,
    /// Classical ones only.
    Classical,
}

impl Offer {
    fn provider(self) -> CryptoProvider {
        let mut provider = aws_lc_rs::default_provider();
        if self == Self::Classical {
            provider.kx_groups.retain(|group| !format!("{:?}", group.name()).contains("MLKEM"));
        }
        provider
    }
}

impl Bank {
    fn dialling(&self) -> Dial<'_> {
        let (network, limit) = (&self.provider.network, self.limits.connect);
        Dial { network, limit, now: self.ambient.now() }
    }

    /// Where a host is: by the system's resolver, or as `resolve` has it.
    pub(crate) async fn addresses(
        &self,
        host: &str,
        port: u16,
    ) -> std::io::Result<Vec<SocketAddr>> {
        self.dialling().addresses(host, port).await
    }

    /// A TCP connection to the first address that gives one.
    pub(crate) async fn dial(&self, addresses: &[SocketAddr]) -> std::io::Result<TcpStream> {
        self.dialling().connect(addresses).await
    }

    /// A handshake over a connection. Whether the bank takes our certificate, TLS 1.3 tells afterwards:
    /// [`Bank::verdict`].
    pub(crate) async fn handshake(
        &self,
        url: &Url,
        connection: TcpStream,
        offer: Offer,
    ) -> Result<Handshake, Error> {
        let done = self.dialling().handshake(url, connection, offer.provider()).await;
        let stream = done.map_err(|fault| self.unanswered(fault))?;
        let (_, session) = stream.get_ref();
        let group = session.negotiated_key_exchange_group();
        let protocol = match session.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_2) => "1.2",
            _ => "1.3",
        };
        let group = group.map(|group| format!("{:?}", group.name())).unwrap_or_default();
        Ok(Handshake { protocol, group, stream })
    }

    /// Whether the bank takes our certificate, or our having none: a bank that does has nothing to say.
    pub(crate) async fn verdict(&self, mut handshake: Handshake) -> Result<(), Error> {
        let verdict = dial::verdict(&mut handshake.stream).await;
        verdict.map_err(|fault| self.unanswered(fault).into())
    }

    /// What the API answers to a call without a token: that it refuses is what is hoped for.
    pub(crate) async fn ask_api(&self) -> Result<StatusCode, Error> {
        let uri = format!("{}/my/accounts", self.provider.api_url.as_str().trim_end_matches('/'));
        let uri: Uri = uri.parse().map_err(|_| Error::Internal("API address"))?;
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri;
        *request.headers_mut() = self.standing.bare(&self.ambient.uuid()?, self.ambient.now());
        let answer = self.line().api.request(request);
        let answer = tokio::time::timeout(self.limits.first_byte, answer).await;
        let answer = answer.map_err(|_| BankError::from(Fault::TimedOut))?;
        let answer = answer.map_err(|error| self.unanswered(unreachable(error)))?;
        self.compare_clocks(answer.headers());
        Ok(answer.status())
    }

    /// What the token endpoint says to a code that nobody was given: `invalid_grant` from a bank that knows us.
    pub(crate) async fn ask_token(&self, oauth: &OAuth) -> Result<Presented, Error> {
        let verifier = CodeVerifier::from_random(&self.ambient.random()?);
        self.present(oauth, "doctor", &verifier, &oauth.redirect_uri).await
    }
}
