//! The resources on one page: method and path to what is asked for, by version of the standard
//! (bank-api facts 9.1, 10.1 and 13).

use http::{Method, StatusCode};

use super::Refusal;
use crate::Role;

const BASE: &str = "/psd2-cobs/cobs/";

/// A version of the standard, as the path names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// `2.0`.
    V2,
    /// `5.0`.
    V5,
}

/// What a call asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    Accounts,
    Balance(String),
    Transactions(String),
    StandingOrders,
    BalanceCheck,
    /// The same for card issuers.
    CardBalanceCheck,
    Initiate,
    PaymentStatus(String),
    PaymentDetail(String),
    PaymentDeletion(String),
    /// Step 0 of the signing of an order.
    SignStart(String),
    /// Steps I to III: the order, its signing, and what is done with it.
    Sign(String, String, SignStep),
}

/// A step of a signing (bank-api fact 10.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignStep {
    /// I: what can be chosen.
    Show,
    /// II: a method is begun.
    Begin,
    /// III: a method is ended, or its state asked for.
    End,
}

/// What a caller has to prove for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Role `PSP_AI` and a token with the scope `aisp`.
    Accounts,
    /// Role `PSP_PI` and a token with the scope `pisp`.
    Payments,
    /// Role `PSP_PI`; the token is not looked at.
    PaymentsAlone,
    /// Role `PSP_IC`; the token is not looked at.
    CardsAlone,
}

impl Need {
    /// The role that the certificate must have.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Accounts => Role::AccountInformation,
            Self::Payments | Self::PaymentsAlone => Role::PaymentInitiation,
            Self::CardsAlone => Role::CardInstruments,
        }
    }

    /// The scope that the token must have; `None` where no token is looked at.
    pub(super) fn scope(self) -> Option<&'static str> {
        match self {
            Self::Accounts => Some("aisp"),
            Self::Payments => Some("pisp"),
            Self::PaymentsAlone | Self::CardsAlone => None,
        }
    }
}

impl Resource {
    /// The resource of a call.
    ///
    /// Errors: 404 `NOT_FOUND` for a path that the version does not have, 501 `NOT_IMPLEMENTED`
    /// for a method that the path does not have.
    pub(super) fn of(method: &Method, path: &str) -> Result<(Version, Self), Refusal> {
        let rest = path.strip_prefix(BASE).ok_or_else(Refusal::not_found)?;
        let (version, rest) = rest.split_once('/').ok_or_else(Refusal::not_found)?;
        let version = match version {
            "2.0" => Version::V2,
            "5.0" => Version::V5,
            _ => return Err(Refusal::not_found()),
        };
        let segments: Vec<_> = rest.split('/').collect();
        if is_direct_debit(&segments) {
            return Err(Refusal::unsupported());
        }
        let methods = Self::by_method(version, &segments);
        if methods.is_empty() {
            return Err(Refusal::not_found());
        }
        let found = methods.into_iter().find(|(known, _)| known == method);
        found.map(|(_, resource)| (version, resource)).ok_or_else(Refusal::unsupported)
    }

    /// What the path is for each method it has; empty for an unknown path.
    fn by_method(_version: Version, segments: &[&str]) -> Vec<(Method, Self)> {
        let (get, post) = (Method::GET, Method::POST);
        match *segments {
            ["my", "accounts"] => vec![(get, Self::Accounts)],
            ["my", "accounts", id, "balance"] => vec![(get, Self::Balance(id.to_owned()))],
            ["my", "accounts", id, "transactions"] => {
                vec![(get, Self::Transactions(id.to_owned()))]
            }
            ["accounts", "balanceCheck"] => vec![(post, Self::CardBalanceCheck)],
            ["my", "standingorders"] => vec![(get, Self::StandingOrders)],
            ["my", "payments", "balanceCheck"] => vec![(post, Self::BalanceCheck)],
            ["my", "payments"] => vec![(post, Self::Initiate)],
            ["my", "payments", "awaiting"] => Vec::new(),
            // with and without `my`, and with a slash at the end: the standard is not of one mind
            ["my", ref payments @ ..] | ref payments => Self::of_payment(payments),
        }
    }

    fn of_payment(segments: &[&str]) -> Vec<(Method, Self)> {
        let (get, post) = (Method::GET, Method::POST);
        match *segments {
            ["payments", id] => vec![
                (get, Self::PaymentDetail(id.to_owned())),
                (Method::DELETE, Self::PaymentDeletion(id.to_owned())),
            ],
            ["payments", id, "status"] => vec![(get, Self::PaymentStatus(id.to_owned()))],
            ["payments", id, "sign"] | ["payments", id, "sign", ""] => {
                vec![(post, Self::SignStart(id.to_owned()))]
            }
            ["payments", id, "sign", sign] | ["payments", id, "sign", sign, ""] => {
                let step = |step| Self::Sign(id.to_owned(), sign.to_owned(), step);
                vec![
                    (get, step(SignStep::Show)),
                    (post, step(SignStep::Begin)),
                    (Method::PUT, step(SignStep::End)),
                ]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn need(&self) -> Need {
        match self {
            Self::Accounts | Self::Balance(_) | Self::Transactions(_) | Self::StandingOrders => {
                Need::Accounts
            }
            Self::PaymentStatus(_) => Need::PaymentsAlone,
            Self::CardBalanceCheck => Need::CardsAlone,
            Self::BalanceCheck
            | Self::Initiate
            | Self::PaymentDetail(_)
            | Self::PaymentDeletion(_)
            | Self::SignStart(_)
            | Self::Sign(..) => Need::Payments,
        }
    }

    /// Status without a certificate: 401, but 403 where the literal tables have it so (bank-api
    /// facts 7.1, 10.6 and 10.7).
    pub(super) fn without_certificate(&self) -> StatusCode {
        match self {
            Self::PaymentDeletion(_) | Self::SignStart(_) | Self::Sign(..) => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    /// Whether a header without a name of the third party will do (bank-api fact 8.1).
    pub(super) fn is_nameless(&self) -> bool {
        matches!(self, Self::PaymentDeletion(_) | Self::CardBalanceCheck)
    }
}

/// The bank has no direct debits (bank-api facts 1.5 and 13.7).
fn is_direct_debit(segments: &[&str]) -> bool {
    matches!(
        segments,
        ["my", "accounts", _, "directdebits", ..] | ["my", "payments", "directdebitorder", ..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_resources_exist() {
        let of = |method, path: &str| {
            let found = Resource::of(&method, &format!("{BASE}2.0/{path}")).ok();
            found.map(|(_, resource)| resource)
        };
        assert_eq!(of(Method::GET, "my/accounts"), Some(Resource::Accounts));
        assert_eq!(of(Method::GET, "my/accounts/x/balance"), Some(Resource::Balance("x".into())));
        assert_eq!(of(Method::POST, "my/payments/balanceCheck"), Some(Resource::BalanceCheck));
        let id = || "p".to_owned();
        for path in ["my/payments/p", "payments/p"] {
            assert_eq!(of(Method::GET, path), Some(Resource::PaymentDetail(id())));
            let status = format!("{path}/status");
            assert_eq!(of(Method::GET, &status), Some(Resource::PaymentStatus(id())));
            for slash in ["", "/"] {
                let sign = format!("{path}/sign{slash}");
                assert_eq!(of(Method::POST, &sign), Some(Resource::SignStart(id())));
                let sign = format!("{path}/sign/s{slash}");
                let end = Resource::Sign(id(), "s".to_owned(), SignStep::End);
                assert_eq!(of(Method::PUT, &sign), Some(end));
            }
        }
        assert_eq!(of(Method::POST, "my/accounts/balanceCheck"), None);
        assert_eq!(of(Method::POST, "my/payments/"), None);
        assert_eq!(of(Method::POST, "my/accounts"), None);
        assert_eq!(of(Method::GET, "my/accounts/"), None);
        assert_eq!(of(Method::GET, "/my/accounts"), None);
        assert_eq!(of(Method::GET, "my/accounts/x/y/balance"), None);
        assert_eq!(of(Method::GET, "my/cards"), None);
    }
}
