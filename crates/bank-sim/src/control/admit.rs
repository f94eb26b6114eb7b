//! Who may turn knobs: programs, not pages. A page from anywhere can send requests to loopback, and
//! by DNS rebinding even read the answers; but its requests carry `Origin`, or name a foreign host.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::uri::Authority;
use http::{HeaderMap, StatusCode, Uri, header};

use super::Problem;

const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Middleware: refuses pages.
pub(super) async fn admit(anywhere: bool, request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ORIGIN) {
        let detail = "requests with Origin are refused: a page must not turn knobs";
        return Problem::new(StatusCode::FORBIDDEN, detail).into_response();
    }
    if !anywhere && !is_loopback(request.headers(), request.uri()) {
        let detail = "this host name is not one of loopback";
        return Problem::new(StatusCode::FORBIDDEN, detail).allowing(HOSTS).into_response();
    }
    next.run(request).await
}

/// Whether every name the client calls us by is one of loopback.
fn is_loopback(headers: &HeaderMap, uri: &Uri) -> bool {
    let named = headers.get_all(header::HOST).iter();
    let mut named = named.map(|host| Authority::try_from(host.as_bytes()).ok());
    let by_uri = uri.authority().cloned().map(Some);
    let mut all = named.by_ref().chain(by_uri).peekable();
    all.peek().is_some()
        && all.all(|authority| {
            authority.is_some_and(|authority| {
                let host = authority.host();
                HOSTS.contains(&host.to_ascii_lowercase().as_str())
                    || host.parse::<std::net::Ipv4Addr>().is_ok_and(|host| host.is_loopback())
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_loopback_are_taken() {
        let taken = |host: &'static str| {
            let headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
            is_loopback(&headers, &Uri::from_static("/knobs"))
        };
        assert!(
            ["localhost:4210", "LOCALHOST", "127.0.0.1:1", "127.9.9.9", "[::1]:4"].map(taken)
                == [true; 5]
        );
        for host in ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", "localhost.", "", "a b"] {
            assert!(!taken(host), "{host}");
        }
        assert!(!is_loopback(&HeaderMap::new(), &Uri::from_static("/knobs")));
        assert!(!is_loopback(&HeaderMap::new(), &Uri::from_static("http://evil.example/")));
    }
}
