//! The sandbox's certificates (bank-api facts 1.3 and 7): words in `X-Client-Certificate`; without
//! the header, the one with both roles.

use http::HeaderMap;

use crate::pki::Role;
use crate::proxy;

/// What a word stands for.
pub(crate) enum Symbol {
    /// A certificate of a licensed third party.
    Licensed {
        /// The word, which also tells whose it is.
        word: &'static str,
        roles: Vec<Role>,
    },
    /// A certificate without PSD2 licence.
    Unlicensed,
    /// No certificate.
    Unknown,
}

/// The certificate of a sandbox call.
pub(crate) fn certificate(headers: &HeaderMap) -> Symbol {
    let (accounts, payments) = (Role::AccountInformation, Role::PaymentInitiation);
    let mut words = headers.get_all(proxy::HEADER).iter();
    let word = words.next().map_or(&b"certificate-all"[..], |word| word.as_bytes());
    let (word, roles) = match word {
        _ if words.next().is_some() => return Symbol::Unknown,
        b"certificate-all" => ("certificate-all", vec![accounts, payments]),
        b"certificate-aisp" => ("certificate-aisp", vec![accounts]),
        b"certificate-pisp" => ("certificate-pisp", vec![payments]),
        b"certificate-no-psd" => return Symbol::Unlicensed,
        _ => return Symbol::Unknown,
    };
    Symbol::Licensed { word, roles }
}
