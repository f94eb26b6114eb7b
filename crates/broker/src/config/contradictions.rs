//! Keys of a provider that contradict each other: the broker refuses rather than guesses.

use protocol::provider::Connect;

use super::check::Check;
use super::check_provider::mutual_tls;
use super::file;
use super::preset::Preset;

/// Names keys of one provider.
pub(super) struct At<'a> {
    pub(super) id: &'a str,
}

impl At<'_> {
    pub(super) fn key(&self, name: &str) -> String {
        format!("providers.{}.{name}", self.id)
    }
}

/// Keys that cannot mean anything beside the others are mistakes, not decoration.
pub(super) fn contradictions(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: &file::Provider,
    preset: Option<&Preset>,
) {
    let connect = written.connect.or_else(|| preset.map(|p| p.connect));
    let prepared = connect == Some(Connect::PreparedToken);
    let login_only = [
        ("authorization_url", written.authorization_url.is_some()),
        ("token_url", written.token_url.is_some()),
        ("revocation_url", written.revocation_url.is_some()),
        ("issuer", written.issuer.is_some()),
        ("pkce", written.pkce.is_some()),
        ("redirect_uri", written.redirect_uri.is_some()),
        ("client_id", written.client_id.is_some()),
        ("client_id_file", written.client_id_file.is_some()),
        ("client_secret_file", written.client_secret_file.is_some()),
        ("client_authentication", written.client_authentication.is_some()),
    ];
    let prepared_only = [
        ("prepared_tokens", written.prepared_tokens.is_some()),
        ("prepared_certificates", written.prepared_certificates.is_some()),
    ];
    let (foreign, what): (&[_], _) = if prepared {
        (&login_only, "has no meaning where tokens are handed out by name")
    } else {
        (&prepared_only, "has no meaning where people log in")
    };
    for (key, _) in foreign.iter().filter(|(_, there)| *there) {
        check.wrong::<()>(&at.key(key), what, "take it out, or change `connect`");
    }
    let mutual = mutual_tls(written, preset);
    let identity = [
        ("certificate_file", written.certificate_file.is_some()),
        ("private_key_file", written.private_key_file.is_some()),
        ("certificates", written.certificates.is_some()),
    ];
    for (key, _) in identity.iter().filter(|(_, there)| *there && !mutual) {
        let fix = "take it out, or set mutual_tls = true";
        check.wrong::<()>(&at.key(key), "has no meaning without mutual TLS", fix);
    }
    for key in ["issuer", "client_id"] {
        let empty = match key {
            "issuer" => written.issuer.as_deref() == Some(""),
            _ => written.client_id.as_deref() == Some(""),
        };
        if empty {
            check.wrong::<()>(&at.key(key), "is empty", "write its value, or take it out");
        }
    }
}
