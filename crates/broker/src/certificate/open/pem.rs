//! PEM with everything that is found in it: text around the blocks, keys of every age, encrypted keys.
//!
//! The TLS library's reader passes encrypted keys over in silence, so the blocks are taken apart here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Item, KeyBytes, Refusal, keys};
use crate::certificate::Certificate;
use crate::secret::Secret;

pub(super) const BEGIN: &str = "-----BEGIN ";

/// One block, and whether its key is encrypted as OpenSSL did before PKCS#8 (RFC 1421).
struct Block<'a> {
    label: &'a str,
    traditional: bool,
    der: KeyBytes,
}

/// Certificates and keys of a text, in its order; blocks of other kinds are passed over.
pub(super) fn read(text: &str, passphrase: Option<&Secret>) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    for block in blocks(text)? {
        items.extend(item(block, passphrase)?);
    }
    Ok(items)
}

fn item(block: Block<'_>, passphrase: Option<&Secret>) -> Result<Option<Item>, Refusal> {
    let Block { label, traditional, der } = block;
    if traditional {
        return Err(Refusal::new(
            "the key is encrypted in the old way of OpenSSL (Proc-Type: 4,ENCRYPTED)",
            "openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out FILE.pk8, then name FILE.pk8 as the key",
        ));
    }
    let key = match label {
        "CERTIFICATE" | "X509 CERTIFICATE" => {
            let certificate = Certificate::read(&der).ok_or_else(|| damaged(label))?;
            return Ok(Some(Item::Certificate(certificate.into())));
        }
        "PRIVATE KEY" => pkcs8::PrivateKeyInfoRef::try_from(der.as_slice()).is_ok().then_some(der),
        "ENCRYPTED PRIVATE KEY" => Some(keys::decrypted(&der, passphrase)?),
        "RSA PRIVATE KEY" => keys::of_rsa(&der),
        "EC PRIVATE KEY" => keys::of_ec(&der),
        "TRUSTED CERTIFICATE" => {
            let what = "holds a certificate with OpenSSL's own additions";
            return Err(Refusal::new(what, "openssl x509 -in FILE -out FILE.crt"));
        }
        "PKCS7" | "CMS" => {
            let what = "holds its certificates in a PKCS#7 envelope";
            let fix = "openssl pkcs7 -print_certs -in FILE -out FILE.crt, then name FILE.crt";
            return Err(Refusal::new(what, fix));
        }
        _ => return Ok(None),
    };
    key.map(|key| Some(Item::Key(key))).ok_or_else(|| damaged(label))
}

fn damaged(label: &str) -> Refusal {
    let what = format!("its {label} is damaged");
    Refusal::new(&what, "copy the file once more from where it was made")
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, Refusal> {
    let (mut rest, mut blocks) = (text, Vec::new());
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (label, after) = after.split_once("-----").ok_or_else(|| damaged("first line"))?;
        let end = format!("-----END {label}-----");
        let (body, after) = after.split_once(&end).ok_or_else(|| damaged(label))?;
        rest = after;
        let traditional = body.contains("Proc-Type:");
        let der = if traditional { Zeroizing::default() } else { decoded(label, body)? };
        blocks.push(Block { label, traditional, der });
    }
    Ok(blocks)
}

fn decoded(label: &str, body: &str) -> Result<KeyBytes, Refusal> {
    let plain: Zeroizing<Vec<u8>> =
        Zeroizing::new(body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    STANDARD.decode(&*plain).map(Zeroizing::new).map_err(|_| damaged(label))
}
