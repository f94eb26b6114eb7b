//! Sends chosen host names to chosen addresses, as `curl --connect-to` does.
//!
//! The name in the URL, in SNI and in the certificate check stays; so a test reaches a simulated
//! bank with nothing else changed from production.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower::Service;

/// The system's resolver behind a list of exceptions.
#[derive(Clone)]
pub(super) struct Resolver {
    exceptions: Arc<[(String, SocketAddr)]>,
    system: GaiResolver,
}

impl Resolver {
    pub(super) fn new(exceptions: &[(String, SocketAddr)]) -> Self {
        Self { exceptions: exceptions.into(), system: GaiResolver::new() }
    }
}

type Addresses = std::vec::IntoIter<SocketAddr>;

impl Service<Name> for Resolver {
    type Response = Addresses;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Addresses, std::io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), std::io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let exception = self.exceptions.iter().find(|(host, _)| host == name.as_str());
        if let Some((_, address)) = exception {
            let addresses = vec![*address].into_iter();
            return Box::pin(std::future::ready(Ok(addresses)));
        }
        let answer = self.system.call(name);
        Box::pin(async move { Ok(answer.await?.collect::<Vec<_>>().into_iter()) })
    }
}
