//! Checks `[admin]`: on loopback in clear, elsewhere only for whom shows a certificate; always with a key.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;

use super::check::Check;
use super::{Admin, AdminKeys, file, tls};

/// Characters of the shortest key: 128 bits in hexadecimal.
const SHORTEST_KEY: usize = 32;

impl Check<'_> {
    /// The private door; `None` where none is written, or where something is wrong with it.
    pub(super) fn admin(&mut self, written: Option<&file::Admin>) -> Option<Admin> {
        let written = written?;
        let address = written.address.as_deref().unwrap_or("127.0.0.1:4301");
        let Ok(address) = address.parse::<SocketAddr>() else {
            let fix = "address and port, e.g. \"127.0.0.1:4301\"";
            return self.wrong("admin.address", "is no address with a port", fix);
        };
        let keys = self.keys(written)?;
        let authorities = "PEM of the authorities that sign the backend's client certificate";
        let tls = match (&written.tls, written.client_ca_file.as_deref()) {
            (None, None) => None,
            (Some(tls), Some(clients)) => Some(self.admin_tls(tls, clients)?),
            (Some(_), None) => {
                let what = "is missing beside admin.tls";
                return self.wrong("admin.client_ca_file", what, authorities);
            }
            (None, Some(_)) => {
                let what = "has no meaning without admin.tls";
                return self.wrong("admin.client_ca_file", what, "write admin.tls, or take it out");
            }
        };
        if tls.is_none() && !address.ip().is_loopback() {
            let what = "can be reached from other machines, in clear and without a certificate";
            let fix = "listen on 127.0.0.1, or write admin.tls and admin.client_ca_file";
            return self.wrong("admin.address", what, fix);
        }
        Some(Admin { address, tls, keys })
    }

    fn keys(&mut self, written: &file::Admin) -> Option<AdminKeys> {
        let key = "admin.api_key_file";
        let fix = "a file with a random key, e.g. of `openssl rand -hex 32`; a second line while keys \
                   are changed";
        let file = self.need(key, written.api_key_file.as_deref(), fix)?;
        let text = self.secret(key, file)?;
        let long = |line: &str| {
            line.len() >= SHORTEST_KEY && line.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !text.expose().lines().all(long) {
            let what = format!("has a line that is no key of {SHORTEST_KEY} visible characters");
            return self.wrong(key, &what, fix);
        }
        Some(AdminKeys::new(&text))
    }

    fn admin_tls(&mut self, tls: &file::Tls, clients: &Path) -> Option<Arc<ServerConfig>> {
        let chain = self.contents("admin.tls.certificate_file", &tls.certificate_file);
        let key = self.private_key("admin.tls.private_key_file", &tls.private_key_file);
        let clients = self.contents("admin.client_ca_file", clients);
        match tls::server(&chain?, &key?, Some(&clients?)) {
            Ok(tls) => Some(tls),
            Err(unusable) => {
                let table = if unusable.key == "client_ca_file" { "admin" } else { "admin.tls" };
                let key = format!("{table}.{}", unusable.key);
                self.wrong(&key, &unusable.what, &unusable.fix)
            }
        }
    }
}
