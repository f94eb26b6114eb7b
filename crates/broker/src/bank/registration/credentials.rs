//! What a bank answers where it makes a secret (bank-api fact 4.2: create and renewSecret): read so that nothing
//! beside the secret can cost it, for it is told this once.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::bank::Fault;
use crate::secret::Secret;

/// A client id with its secret.
pub struct Credentials {
    /// Who we are to the authorization server.
    pub client_id: String,
    /// What proves it.
    pub client_secret: Secret,
    /// Seconds since 1970, 0 is never; `None`: the bank does not say.
    pub expires_at: Option<i64>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "client_id", default)]
    id: Value,
    #[serde(rename = "client_secret")]
    secret: Wiped,
    #[serde(rename = "client_secret_expires_at", default)]
    expires_at: Value,
}

struct Wiped(Secret);

impl<'de> Deserialize<'de> for Wiped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

impl Credentials {
    /// Reads the body; refuses what could not stand in a file and be presented (RFC 6749 appendix A). The client
    /// id that was `asked` about need not be said again.
    pub(super) fn read(body: &[u8], asked: Option<&str>) -> Result<Self, Fault> {
        let answer = serde_json::from_slice::<Answer>(body);
        let answer = answer.map_err(|_| Fault::Malformed("holds no client_secret"))?;
        let Answer { id, secret: Wiped(client_secret), expires_at } = answer;
        if !presentable(client_secret.expose()) {
            return Err(Fault::Malformed("client_secret cannot be one"));
        }
        let client_id = asked.or_else(|| id.as_str().filter(|id| presentable(id)));
        let client_id = client_id.ok_or(Fault::Malformed("holds no client_id"))?.to_owned();
        Ok(Self { client_id, client_secret, expires_at: expires_at.as_i64() })
    }
}

/// Visible ASCII on one line, which a file gives back as it was.
fn presentable(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && text.bytes().all(|b| (b' '..=b'~').contains(&b))
}
