//! Paths to resources, by version of the standard.

use http::Method;

use super::{Resource, SignStep, Version};
use crate::orders::OrderKind;

type Methods = Vec<(Method, Resource)>;

/// What the path is for each method it has; empty for an unknown path.
pub(super) fn methods(version: Version, segments: &[&str]) -> Methods {
    let (get, post) = (Method::GET, Method::POST);
    let segments = if version == Version::V2 { without_slash(segments) } else { segments };
    match *segments {
        ["my", "accounts"] => vec![(get, Resource::Accounts)],
        ["my", "accounts", id, "balance"] => vec![(get, Resource::Balance(id.to_owned()))],
        ["my", "accounts", id, "transactions"] => {
            vec![(get, Resource::Transactions(id.to_owned()))]
        }
        ["accounts", "balanceCheck"] => vec![(post, Resource::CardBalanceCheck)],
        ["my", "payments", "balanceCheck"] => vec![(post, Resource::BalanceCheck)],
        ["my", "payments"] => vec![(post, Resource::Initiate)],
        _ => match version {
            Version::V2 => early(segments),
            Version::V5 => later(segments),
        },
    }
}

/// Payments without the slash at the end that the standard writes here and there (bank-api fact
/// 10.1).
fn without_slash<'a, 'b>(segments: &'a [&'b str]) -> &'a [&'b str] {
    match segments {
        [before @ .., last, ""] if !last.is_empty() => match before {
            [] | ["my"] if *last == "payments" => &segments[..segments.len() - 1],
            ["payments", ..] | ["my", "payments", ..] => &segments[..segments.len() - 1],
            _ => segments,
        },
        _ => segments,
    }
}

/// What only 2.0 has: payments with and without `my`, for the standard is not of one mind (bank-api
/// fact 10.1).
fn early(segments: &[&str]) -> Methods {
    let segments = segments.strip_prefix(&["my"]).unwrap_or(segments);
    match *segments {
        ["standingorders"] => vec![(Method::GET, Resource::StandingOrders)],
        ["payments", "awaiting"] => Vec::new(),
        ["payments", id, "status"] => vec![(Method::GET, Resource::PaymentStatus(id.to_owned()))],
        _ => of_payment(segments),
    }
}

/// What only 5.0 has (bank-api facts 13.2 to 13.6 and 14).
fn later(segments: &[&str]) -> Methods {
    let (get, post) = (Method::GET, Method::POST);
    let Some(segments) = segments.strip_prefix(&["my"]) else { return Vec::new() };
    match *segments {
        ["payments", "awaiting"] => vec![(get, Resource::Awaiting(None))],
        ["accounts", id, "payments", "awaiting"] => {
            vec![(get, Resource::Awaiting(Some(id.to_owned())))]
        }
        ["standingorders"] => {
            vec![(get, Resource::StandingOrders), (post, Resource::StandingOrderEntry)]
        }
        ["standingorders", id] => vec![
            (get, Resource::StandingOrderDetail(id.to_owned())),
            (Method::PUT, Resource::StandingOrderChange(id.to_owned())),
            (Method::DELETE, Resource::StandingOrderDeletion(id.to_owned())),
        ],
        ["batchpayments"] => vec![(post, Resource::BatchEntry)],
        ["batchpayments", id] => vec![(Method::DELETE, Resource::BatchDeletion(id.to_owned()))],
        ["authorizations"] => vec![(get, Resource::Authorizations)],
        ["consents"] => vec![(get, Resource::Consents)],
        ["consents", id] => vec![(Method::DELETE, Resource::ConsentWithdrawal(id.to_owned()))],
        [name, id, "status"] => match kind(name) {
            Some(kind) => vec![(get, Resource::OrderStatus(kind, id.to_owned()))],
            None => Vec::new(),
        },
        [name, id, "sign", sign] if !sign.is_empty() => {
            kind(name).map(|kind| steps(kind, id, sign)).unwrap_or_default()
        }
        ["payments", _, "sign", _] => Vec::new(),
        _ => of_payment(segments),
    }
}

fn of_payment(segments: &[&str]) -> Methods {
    match *segments {
        ["payments", id] => vec![
            (Method::GET, Resource::PaymentDetail(id.to_owned())),
            (Method::DELETE, Resource::PaymentDeletion(id.to_owned())),
        ],
        ["payments", id, "sign"] => vec![(Method::POST, Resource::SignStart(id.to_owned()))],
        ["payments", id, "sign", sign] => steps(OrderKind::Payment, id, sign),
        _ => Vec::new(),
    }
}

/// Steps I to III of a signing.
fn steps(kind: OrderKind, id: &str, sign: &str) -> Methods {
    let step = |step| Resource::Sign(kind, id.to_owned(), sign.to_owned(), step);
    vec![
        (Method::GET, step(SignStep::Show)),
        (Method::POST, step(SignStep::Begin)),
        (Method::PUT, step(SignStep::End)),
    ]
}

fn kind(name: &str) -> Option<OrderKind> {
    match name {
        "payments" => Some(OrderKind::Payment),
        "standingorders" => Some(OrderKind::StandingOrder),
        "batchpayments" => Some(OrderKind::Batch),
        _ => None,
    }
}
