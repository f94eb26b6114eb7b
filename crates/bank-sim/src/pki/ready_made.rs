//! Identities for every case that a bank and a third party have to tell apart.

use super::{CertificateRequest, Identity, Pki, Role};

/// The licence of another third party.
const OTHER: &str = "PSDCZ-CNB-87654321";

impl Pki {
    /// Identities of a third party with this licence, each with its name: `aisp`, `pisp`, `all`,
    /// `ic` and `as` differ by their roles, `other` is another third party's, `no-psd` has neither
    /// licence nor PSD2 statement, and `expired`, `not-yet-valid`, `untrusted` and `revoked` do not pass the handshake. The last
    /// one is for the caller to revoke.
    pub(crate) fn ready_made(&self, licence: &str) -> Vec<(&'static str, Identity)> {
        let (accounts, payments) = (Role::AccountInformation, Role::PaymentInitiation);
        let request = |roles: &[Role]| ready(licence, roles);
        vec![
            ("aisp", self.issue(request(&[accounts]))),
            ("pisp", self.issue(request(&[payments]))),
            ("all", self.issue(request(&[accounts, payments]))),
            ("other", self.issue(ready(OTHER, &[accounts, payments]))),
            ("no-psd", self.issue(request(&[]))),
            ("ic", self.issue(request(&[Role::CardInstruments]))),
            ("as", self.issue(request(&[Role::AccountServicing]))),
            ("expired", self.issue_expired(request(&[accounts, payments]))),
            ("not-yet-valid", self.issue_not_yet_valid(request(&[accounts, payments]))),
            ("untrusted", self.issue_untrusted(request(&[accounts, payments]))),
            ("revoked", self.issue(request(&[accounts, payments]))),
        ]
    }
}

fn ready(licence: &str, roles: &[Role]) -> CertificateRequest {
    let number = licence.rsplit('-').next().unwrap_or(licence);
    CertificateRequest {
        roles: roles.to_vec(),
        licence: (!roles.is_empty()).then(|| licence.to_owned()),
        organisation: "Ukázková aplikace s.r.o.".to_owned(),
        common_name: "tpp.example".to_owned(),
        serial_number: Some(number.to_owned()),
        street: Some("Zkušební 12/3".to_owned()),
        locality: Some("Praha 1".to_owned()),
        postal_code: Some("11000".to_owned()),
        region: Some("Hlavní město Praha".to_owned()),
    }
}
