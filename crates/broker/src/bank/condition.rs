//! How a bank and we stand to each other, as its last answers showed: whether it takes us at all, and how
//! far its clock is off. For the operator, by log and `GET /health/providers`; it decides nothing.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::DATE;
use rustls::{CertificateError, Error as Tls};

use super::{Bank, BankError, Fault};

/// Seconds of difference between two clocks that the operator is told of.
const NOTEWORTHY: u64 = 30;

/// What the operator has to mend before the bank takes us again. No consent is lost by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The token endpoint refuses our client id or secret, or our certificate.
    ClientRefused,
    /// The bank says that our certificate has expired.
    CertificateExpired,
    /// The bank does not know who issued our certificate.
    CertificateUnknownAuthority,
    /// The bank asks for a certificate and got none.
    CertificateMissing,
    /// The bank says that our certificate was revoked.
    CertificateRevoked,
    /// The bank refuses our certificate for something else.
    CertificateRefused,
    /// The bank's certificate has expired.
    BankCertificateExpired,
    /// The bank's certificate comes from an authority that `ca_file` does not name.
    BankCertificateUnknownAuthority,
    /// The bank's certificate is for another name.
    BankCertificateWrongName,
    /// The bank's certificate is bad for something else.
    BankCertificateRefused,
}

impl Trouble {
    /// As logs and health have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientRefused => "client_refused",
            Self::CertificateExpired => "certificate_expired",
            Self::CertificateUnknownAuthority => "certificate_unknown_authority",
            Self::CertificateMissing => "certificate_missing",
            Self::CertificateRevoked => "certificate_revoked",
            Self::CertificateRefused => "certificate_refused",
            Self::BankCertificateExpired => "bank_certificate_expired",
            Self::BankCertificateUnknownAuthority => "bank_certificate_unknown_authority",
            Self::BankCertificateWrongName => "bank_certificate_wrong_name",
            Self::BankCertificateRefused => "bank_certificate_refused",
        }
    }

    /// What to do about it.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::ClientRefused => "compare client_id and client_secret_file with the registration",
            Self::CertificateExpired => "put a new certificate in place of certificate_file",
            Self::CertificateUnknownAuthority => {
                "write the whole chain into certificate_file, or ask the bank which authorities it knows"
            }
            Self::CertificateMissing => "set mutual_tls = true, with certificate_file",
            Self::CertificateRevoked => "the certificate was revoked: get a new one",
            Self::CertificateRefused => {
                "the bank dislikes the certificate: is it a QWAC for client authentication, and valid yet?"
            }
            Self::BankCertificateExpired => "the bank's certificate has expired: tell the bank",
            Self::BankCertificateUnknownAuthority => {
                "write the bank's authority into ca_file, once you have it from the bank itself"
            }
            Self::BankCertificateWrongName => "check the host in the provider's URLs and `resolve`",
            Self::BankCertificateRefused => "the bank's certificate is bad: tell the bank",
        }
    }

    /// The trouble behind a failed connection, if a certificate is the cause.
    pub(super) fn behind(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(Tls::InvalidCertificate(bad)) = error.downcast_ref() {
                return Some(Self::of_bank(bad));
            }
            // an error of the system may carry one of TLS, which it does not name as its source
            let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            next = match (inner, error.source()) {
                (Some(inner), _) => Some(inner),
                (None, Some(source)) => Some(source),
                (None, None) => return Self::of_alert(&error.to_string()),
            };
        }
        None
    }

    /// What the bank's TLS said to our certificate. By text: a connection that breaks under HTTP/2 keeps
    /// nothing else of its cause.
    fn of_alert(text: &str) -> Option<Self> {
        let (_, alert) = text.split_once("received fatal alert: ")?;
        Some(match alert {
            "CertificateExpired" => Self::CertificateExpired,
            "UnknownCA" => Self::CertificateUnknownAuthority,
            "CertificateRequired" => Self::CertificateMissing,
            "CertificateRevoked" => Self::CertificateRevoked,
            "BadCertificate" | "UnsupportedCertificate" | "CertificateUnknown" | "AccessDenied" => {
                Self::CertificateRefused
            }
            _ => return None,
        })
    }

    fn of_bank(bad: &CertificateError) -> Self {
        use CertificateError as Bad;
        match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => Self::BankCertificateExpired,
            // a new key under the old name counts as a new authority
            Bad::UnknownIssuer | Bad::BadSignature => Self::BankCertificateUnknownAuthority,
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                Self::BankCertificateWrongName
            }
            _ => Self::BankCertificateRefused,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Fault {
    /// The same; a certificate that is the cause is named.
    pub(super) fn with_cause(self) -> Self {
        let trouble = match &self {
            Self::Unreachable(source) | Self::Broken(source) => Trouble::behind(&**source),
            _ => None,
        };
        match (trouble, self) {
            (Some(trouble), Self::Unreachable(source) | Self::Broken(source)) => {
                Self::Certificate { trouble, source }
            }
            (_, fault) => fault,
        }
    }
}

/// What is known of one bank.
#[derive(Default)]
pub struct Condition(Mutex<Known>);

#[derive(Default)]
struct Known {
    trouble: Option<(Trouble, i64)>,
    skew: Option<i64>,
    files_refused: Option<String>,
    /// Days that our certificate had left when it was last spoken of.
    told_day: Option<i64>,
}

impl Condition {
    /// The trouble and since when.
    pub fn trouble(&self) -> Option<(Trouble, i64)> {
        self.lock().trouble
    }

    /// Seconds by which the bank's clock is ahead of ours.
    pub fn skew(&self) -> Option<i64> {
        self.lock().skew
    }

    /// The key of the file that keeps new certificate files from being used, where one does.
    pub fn files_refused(&self) -> Option<String> {
        self.lock().files_refused.clone()
    }

    pub(super) fn refuse_files(&self, key: Option<String>) {
        self.lock().files_refused = key;
    }

    /// What is to be told of our certificate is told anew.
    pub(super) fn forget_told_day(&self) {
        self.lock().told_day = None;
    }

    /// Whether nothing was told yet with so many days left; from now on it was.
    pub(super) fn tell_day(&self, days: i64) -> bool {
        self.lock().told_day.replace(days) != Some(days)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bank {
    /// The bank refuses us, or we refuse it: an alarm for the operator.
    pub(super) fn alarm(&self, trouble: Trouble) {
        let now = self.ambient.now().as_second();
        let since = match self.condition.trouble() {
            Some((known, since)) if known == trouble => since,
            _ => now,
        };
        self.condition.lock().trouble = Some((trouble, since));
        let (provider, trouble) = (&self.provider.id, trouble.as_str());
        tracing::error!(
            event = "bank_trouble",
            provider,
            trouble,
            since,
            "no consent is lost by it"
        );
    }

    /// No answer came: where a certificate is the cause, that is told.
    pub(super) fn unanswered(&self, fault: Fault) -> BankError {
        let fault = fault.with_cause();
        if let Fault::Certificate { trouble, .. } = &fault {
            self.alarm(*trouble);
        }
        fault.into()
    }

    /// The bank has answered. That mends every trouble with certificates; trouble with our registration
    /// only where the token endpoint took us.
    pub(super) fn at_peace(&self, as_client: bool) {
        let mut known = self.condition.lock();
        let Some((trouble, since)) = known.trouble else { return };
        if as_client || trouble != Trouble::ClientRefused {
            known.trouble = None;
            drop(known);
            let (provider, trouble) = (&self.provider.id, trouble.as_str());
            tracing::warn!(event = "bank_trouble_over", provider, trouble, since, "mended");
        }
    }

    /// Compares the bank's clock with ours (RFC 9110 §6.6.1).
    pub(super) fn compare_clocks(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
        let Ok(date) = jiff::Timestamp::try_from(date) else { return };
        let skew = date.as_second() - self.ambient.now().as_second();
        let before = self.condition.lock().skew.replace(skew);
        let told = before.is_some_and(|before| before.abs_diff(skew) < NOTEWORTHY);
        if skew.unsigned_abs() >= NOTEWORTHY && !told {
            let provider = &self.provider.id;
            tracing::warn!(event = "clock_skew", provider, skew, "the bank's clock or ours is off");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::AlertDescription as Alert;

    /// What the TLS library writes is what `of_alert` reads.
    #[test]
    fn alerts_are_read_as_they_are_written() {
        for (alert, trouble) in [
            (Alert::CertificateExpired, Some(Trouble::CertificateExpired)),
            (Alert::UnknownCA, Some(Trouble::CertificateUnknownAuthority)),
            (Alert::CertificateRequired, Some(Trouble::CertificateMissing)),
            (Alert::BadCertificate, Some(Trouble::CertificateRefused)),
            (Alert::UnsupportedCertificate, Some(Trouble::CertificateRefused)),
            (Alert::CertificateRevoked, Some(Trouble::CertificateRevoked)),
            (Alert::CertificateUnknown, Some(Trouble::CertificateRefused)),
            (Alert::AccessDenied, Some(Trouble::CertificateRefused)),
            (Alert::InternalError, None),
        ] {
            assert_eq!(Trouble::behind(&Tls::AlertReceived(alert)), trouble, "{alert:?}");
        }
    }
}
