//! The resources on one page: method and path to what is asked for, by version of the standard
//! (bank-api facts 9.1, 10.1 and 13).

use http::Method;

use super::Refusal;

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
    BalanceCheck,
}

/// What a caller has to prove for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Role `PSP_AI` and a token with the scope `aisp`.
    Accounts,
    /// Role `PSP_PI` and a token with the scope `pisp`.
    Payments,
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
            ["my", "payments", "balanceCheck"] => vec![(post, Self::BalanceCheck)],
            _ => Vec::new(),
        }
    }

    pub(super) fn need(&self) -> Need {
        match self {
            Self::Accounts | Self::Balance(_) | Self::Transactions(_) => Need::Accounts,
            Self::BalanceCheck => Need::Payments,
        }
    }
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
        assert_eq!(of(Method::POST, "my/accounts"), None);
        assert_eq!(of(Method::GET, "my/accounts/"), None);
        assert_eq!(of(Method::GET, "/my/accounts"), None);
        assert_eq!(of(Method::GET, "my/accounts/x/y/balance"), None);
        assert_eq!(of(Method::GET, "my/cards"), None);
    }
}
