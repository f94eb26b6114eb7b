//! The resources on one page: what can be asked for, and what a caller has to prove for it (bank-api
//! facts 9.1, 10.1, 13 and 14).

mod paths;

use http::{Method, StatusCode};

use super::Refusal;
use crate::Role;
use crate::orders::OrderKind;

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
    /// Of one account, or of all.
    Awaiting(Option<String>),
    StandingOrders,
    BalanceCheck,
    /// The same for card issuers.
    CardBalanceCheck,
    Initiate,
    /// Where the certificate is enough.
    PaymentStatus(String),
    PaymentDetail(String),
    PaymentDeletion(String),
    StandingOrderEntry,
    StandingOrderDetail(String),
    StandingOrderChange(String),
    StandingOrderDeletion(String),
    BatchEntry,
    BatchDeletion(String),
    /// Where the person has to have allowed it.
    OrderStatus(OrderKind, String),
    Authorizations,
    Consents,
    ConsentWithdrawal(String),
    /// Step 0 of the signing of a payment.
    SignStart(String),
    /// Steps I to III: the order, its signing, and what is done with it.
    Sign(OrderKind, String, String, SignStep),
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
    /// Either of them: the scope of the token says which role.
    Either,
    /// Role `PSP_PI`; the token is not looked at.
    PaymentsAlone,
    /// Role `PSP_IC`; the token is not looked at.
    CardsAlone,
}

impl Need {
    /// The need itself, or of either that of a token with `scope`.
    pub(super) fn for_scope(self, scope: &str) -> Self {
        match self {
            Self::Either if scope == "pisp" => Self::Payments,
            Self::Either => Self::Accounts,
            need => need,
        }
    }

    /// The role that the certificate must have.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Accounts | Self::Either => Role::AccountInformation,
            Self::Payments | Self::PaymentsAlone => Role::PaymentInitiation,
            Self::CardsAlone => Role::CardInstruments,
        }
    }

    /// The scope that the token must have; `None` where no token is looked at.
    pub(super) fn scope(self) -> Option<&'static str> {
        match self {
            Self::Accounts | Self::Either => Some("aisp"),
            Self::Payments => Some("pisp"),
            Self::PaymentsAlone | Self::CardsAlone => None,
        }
    }

    /// Whether bad headers are refused as fields; otherwise as parameters (bank-api fact 8.2).
    pub(super) fn speaks_of_fields(self) -> bool {
        !matches!(self, Self::Accounts | Self::Either)
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
        let methods = paths::methods(version, &segments);
        if methods.is_empty() {
            return Err(Refusal::not_found());
        }
        // a GET whose body stays behind (RFC 9110, 9.3.2)
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let found = methods.into_iter().find(|(known, _)| known == method);
        found.map(|(_, resource)| (version, resource)).ok_or_else(Refusal::unsupported)
    }

    pub(super) fn need(&self) -> Need {
        match self {
            Self::Accounts
            | Self::Balance(_)
            | Self::Transactions(_)
            | Self::Awaiting(_)
            | Self::StandingOrders => Need::Accounts,
            Self::StandingOrderDetail(_) | Self::Consents | Self::ConsentWithdrawal(_) => {
                Need::Either
            }
            Self::PaymentStatus(_) => Need::PaymentsAlone,
            Self::CardBalanceCheck => Need::CardsAlone,
            Self::BalanceCheck
            | Self::Initiate
            | Self::PaymentDetail(_)
            | Self::PaymentDeletion(_)
            | Self::StandingOrderEntry
            | Self::StandingOrderChange(_)
            | Self::StandingOrderDeletion(_)
            | Self::BatchEntry
            | Self::BatchDeletion(_)
            | Self::OrderStatus(..)
            | Self::Authorizations
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

    /// Whether a header without a name of the third party will do: for two resources of 2.0; later
    /// versions have one set of headers for all (bank-api facts 8.1 and 8.2).
    pub(super) fn is_nameless(&self, version: Version) -> bool {
        let nameless = matches!(self, Self::PaymentDeletion(_) | Self::CardBalanceCheck);
        nameless && version == Version::V2
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
            for slash in ["", "/"] {
                let detail = of(Method::GET, &format!("{path}{slash}"));
                assert_eq!(detail, Some(Resource::PaymentDetail(id())));
                let status = of(Method::GET, &format!("{path}/status{slash}"));
                assert_eq!(status, Some(Resource::PaymentStatus(id())));
                let sign = format!("{path}/sign{slash}");
                assert_eq!(of(Method::POST, &sign), Some(Resource::SignStart(id())));
                let sign = format!("{path}/sign/s{slash}");
                let end = Resource::Sign(OrderKind::Payment, id(), "s".to_owned(), SignStep::End);
                assert_eq!(of(Method::PUT, &sign), Some(end));
            }
        }
        for later in ["my/payments/awaiting", "my/batchpayments", "my/authorizations"] {
            assert_eq!(of(Method::GET, later), None);
        }
        assert_eq!(of(Method::POST, "my/accounts/balanceCheck"), None);
        assert_eq!(of(Method::POST, "my/payments/"), Some(Resource::Initiate));
        assert_eq!(of(Method::POST, "my/payments/balanceCheck/"), Some(Resource::BalanceCheck));
        assert_eq!(of(Method::GET, "my/payments/p//"), None);
        assert_eq!(of(Method::GET, "payments/"), None);
        assert_eq!(of(Method::POST, "my/accounts"), None);
        assert_eq!(of(Method::GET, "my/accounts/"), None);
        assert_eq!(of(Method::GET, "/my/accounts"), None);
        assert_eq!(of(Method::GET, "my/accounts/x/y/balance"), None);
        assert_eq!(of(Method::GET, "my/cards"), None);
    }

    #[test]
    fn the_later_version_has_more_resources_and_one_spelling() {
        let of = |method, path: &str| {
            let found = Resource::of(&method, &format!("{BASE}5.0/{path}")).ok();
            found.map(|(_, resource)| resource)
        };
        let id = || "x".to_owned();
        for (kind, path) in [
            (OrderKind::Payment, "my/payments/x"),
            (OrderKind::StandingOrder, "my/standingorders/x"),
            (OrderKind::Batch, "my/batchpayments/x"),
        ] {
            let status = of(Method::GET, &format!("{path}/status"));
            assert_eq!(status, Some(Resource::OrderStatus(kind, id())));
            let sign = of(Method::POST, &format!("{path}/sign/s"));
            let expected = Resource::Sign(kind, id(), "s".to_owned(), SignStep::Begin);
            assert_eq!(sign, Some(expected));
            assert_eq!(of(Method::POST, &format!("{path}/sign/s/")), None);
        }
        assert_eq!(of(Method::GET, "my/payments/awaiting"), Some(Resource::Awaiting(None)));
        let of_one = of(Method::GET, "my/accounts/x/payments/awaiting");
        assert_eq!(of_one, Some(Resource::Awaiting(Some(id()))));
        assert_eq!(of(Method::GET, "payments/x/status"), None);
        assert_eq!(of(Method::POST, "my/standingorders/x/sign"), None);
        assert_eq!(of(Method::GET, "my/batchpayments/x"), None);
    }
}
