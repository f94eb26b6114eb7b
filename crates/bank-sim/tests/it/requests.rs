//! Requests for the search in `arbitrary`: right in most respects, wrong in one, or anything at all.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use reqwest::Method;
use serde_json::{Value, json};

use crate::arbitrary::bench;
use crate::world::{CALLBACK, CLIENT, SECRET, basic, form, http_date, request_id};

/// A request. `{}` in path and body stands for a name that the bank has given out before.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    /// Which of those names, in turn.
    pub(crate) names: Vec<Index>,
}

/// A resource: method, path below the version, number of its body.
type Known = (Method, &'static str, usize);

fn known() -> Vec<Known> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    vec![
        (get.clone(), "my/accounts", 0),
        (get.clone(), "my/accounts/{}/balance", 0),
        (get.clone(), "my/accounts/{}/transactions", 0),
        (get.clone(), "my/accounts/{}/payments/awaiting", 0),
        (get.clone(), "my/payments/awaiting", 0),
        (post.clone(), "my/payments", 0),
        (get.clone(), "my/payments/{}", 0),
        (delete.clone(), "my/payments/{}", 0),
        (get.clone(), "my/payments/{}/status", 0),
        (get.clone(), "payments/{}/status", 0),
        (post.clone(), "my/payments/{}/sign", 3),
        (get.clone(), "my/payments/{}/sign/{}", 0),
        (post.clone(), "my/payments/{}/sign/{}", 3),
        (put.clone(), "my/payments/{}/sign/{}", 3),
        (post.clone(), "my/payments/balanceCheck", 1),
        (post.clone(), "accounts/balanceCheck", 1),
        (get.clone(), "my/standingorders", 0),
        (post.clone(), "my/standingorders", 2),
        (get.clone(), "my/standingorders/{}", 0),
        (put.clone(), "my/standingorders/{}", 2),
        (delete.clone(), "my/standingorders/{}", 0),
        (get.clone(), "my/standingorders/{}/status", 0),
        (get.clone(), "my/standingorders/{}/sign/{}", 0),
        (post.clone(), "my/standingorders/{}/sign/{}", 3),
        (put.clone(), "my/standingorders/{}/sign/{}", 3),
        (post.clone(), "my/batchpayments", 5),
        (get.clone(), "my/batchpayments/{}/status", 0),
        (delete.clone(), "my/batchpayments/{}", 0),
        (post.clone(), "my/batchpayments/{}/sign/{}", 3),
        (get.clone(), "my/authorizations", 0),
        (get.clone(), "my/consents", 0),
        (delete.clone(), "my/consents/{}", 0),
        (post.clone(), "applications", 4),
        (get.clone(), "applications", 0),
        (get, "applications/{}", 0),
        (put, "applications/{}", 4),
        (post, "applications/{}/renewSecret", 0),
        (delete, "applications/{}", 0),
    ]
}

/// A call of the API.
pub(crate) fn api_request() -> impl Strategy<Value = Asked> {
    let body = prop_oneof![
        2 => Just(None),
        1 => anything().prop_map(Some),
    ];
    let spoilt = proptest::option::weighted(0.6, (any::<Index>(), value()));
    let query = prop_oneof![Just(String::new()), query()];
    let version = select(vec!["2.0", "5.0"]);
    let resource = (version, select(known()), query, spoilt, body);
    let resource = resource.prop_map(|(version, (method, path, which), query, spoilt, body)| {
        let right = template(which);
        let right = || spoilt.map_or(right.clone(), |(at, value)| spoil(right, at, value));
        let body = body.unwrap_or_else(|| right().to_string());
        (method, format!("/psd2-cobs/cobs/{version}/{path}{query}"), body)
    });
    let method = select(vec![Method::GET, Method::POST, Method::PATCH, Method::OPTIONS]);
    let free = (method, "\\PC{0,40}", anything()).prop_map(|(method, path, body)| {
        (method, format!("/psd2-cobs/cobs/2.0/my/{}", escaped(&path)), body)
    });
    let names = proptest::collection::vec(any::<Index>(), 3);
    (prop_oneof![9 => resource, 1 => free], headers(), names).prop_map(
        |((method, path, body), headers, names)| Asked { method, path, headers, body, names },
    )
}

fn query() -> impl Strategy<Value = String> {
    let names = ["size", "page", "sort", "order", "fromDate", "toDate", "currency", "x"];
    let usual = ["0", "1", "-1", "99999999999999999999", "2026-03-01", "asc", "amount", "CZK"];
    let values = prop_oneof![
        3 => select(usual.to_vec()).prop_map(ToOwned::to_owned),
        1 => "\\PC{0,20}".prop_map(|text| escaped(&text)),
    ];
    let pair = (select(names.to_vec()), values).prop_map(|(name, value)| format!("{name}={value}"));
    proptest::collection::vec(pair, 1..4).prop_map(|pairs| format!("?{}", pairs.join("&")))
}

/// The common headers, now and then one that is wrong, or doubled.
fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let tokens = ["token-aisp", "token-pisp", "token-pisp", "token-pisp", "token-no-scope", "x"];
    let spoilt = proptest::option::weighted(0.2, (0..6_usize, "[ -~]{0,70}", any::<bool>()));
    (select(tokens.to_vec()), spoilt).prop_map(|(token, spoilt)| {
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("x-request-id", request_id()),
            ("date", http_date(bench().world.clock.now())),
            ("user-involved", "true".to_owned()),
            ("tpp-name", "Ukazka".to_owned()),
            ("authorization", format!("Bearer {token}")),
        ];
        match spoilt {
            Some((at, value, true)) => headers.push((headers[at].0, value)),
            Some((at, value, false)) => headers[at].1 = value,
            None => {}
        }
        headers
    })
}

/// A body that has nothing to do with what is asked.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "\\PC{0,80}",
        3 => value().prop_map(|value| value.to_string()),
        1 => Just(format!("{}1{}", "[".repeat(5000), "]".repeat(5000))),
        1 => Just("{\"a\":".repeat(3000)),
    ]
}

/// The body of a resource as it should be.
fn template(which: usize) -> Value {
    let own = json!({ "identification": { "iban": bench().iban }, "currency": "CZK" });
    let theirs = json!({ "identification": { "iban": "CZ7508000000002108589434" } });
    let amount = json!({ "instructedAmount": { "value": 150.5, "currency": "CZK" } });
    let label = &request_id()[20..];
    match which {
        0 => json!({
            "paymentIdentification": { "instructionIdentification": label },
            "paymentTypeInformation": { "instructionPriority": "NORM" },
            "amount": amount,
            "requestedExecutionDate": "2026-03-16",
            "debtorAccount": own,
            "creditorAccount": theirs,
            "remittanceInformation": {
                "unstructured": "/VS/1",
                "structured": { "creditorReferenceInformation": { "reference": ["VS:1", "SS:2"] } },
            },
        }),
        1 => json!({
            "exchangeIdentification": label,
            "card": { "cardholderName": "A", "maskedPan": "****1234" },
            "debtorAccount": own,
            "authenticationMethod": "NPIN",
            "merchant": {
                "identification": "1", "shortName": "a", "commonName": "b", "merchantCategoryCode": "5411",
            },
            "transactionDetails": { "currency": "CZK", "totalAmount": 10 },
        }),
        2 => json!({
            "standingOrderIdentification": { "instructionIdentification": label },
            "amount": amount,
            "requestedExecutionDate": "2026-03-16",
            "standingOrder": {
                "alias": "a",
                "execution": {
                    "mode": "UNTIL_DATE", "modeDue": "DUE_DAY_OF_MONTH", "interval": "MONTHLY", "intervalDue": 5,
                },
                "validity": { "lastExecutionDate": "2026-12-31" },
                "exceptions": {
                    "stoppages": ["JANUARY"],
                    "breaks": { "validFromDate": "2026-05-01", "validToDate": "2026-06-01" },
                },
            },
            "debtorAccount": own,
            "creditorAccount": theirs,
        }),
        3 => json!({ "authorizationType": "SMS", "oneTimePassword": "1", "redirectUrl": CALLBACK }),
        4 => json!({
            "application_type": "web",
            "redirect_uris": [CALLBACK],
            "client_name": label,
            "client_name#en-US": "a",
            "logo_uri": "https://a.example/l",
            "contact": "a@a.example",
            "scopes": ["aisp", "pisp"],
        }),
        _ => json!({
            "exchangeIdentification": label, "instructionName": "a", "payments": [{ "signId": "{}" }],
        }),
    }
}

/// Values that readers stumble over.
fn value() -> impl Strategy<Value = Value> {
    let odd = [
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!(""),
        json!(0),
        json!(-0.001),
        json!(1e300),
        json!("1e999"),
        json!("é".repeat(300)),
        json!("\u{0}"),
        json!("2026-02-30"),
        json!(u64::MAX),
        json!("9999-12-31T23:59:59+23:59"),
        json!([[[]]]),
        json!("CZ"),
        json!("ČČ"),
        json!("SMS"),
    ];
    prop_oneof![
        3 => select(odd.to_vec()),
        1 => "\\PC{0,40}".prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
    ]
}

/// `body` with the element at one place replaced, or gone where `value` is null.
fn spoil(mut body: Value, at: Index, value: Value) -> Value {
    let mut places = Vec::new();
    collect(&body, "", &mut places);
    let place = at.get(&places).clone();
    let (parent, name) = place.rsplit_once('/').unwrap();
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) if value.is_null() => drop(fields.remove(name)),
        _ => *body.pointer_mut(&place).unwrap() = value,
    }
    body
}

fn collect(value: &Value, place: &str, places: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, one)| (name.clone(), one)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, one)| (at.to_string(), one)).collect()
        }
        _ => Vec::new(),
    };
    for (name, child) in children {
        let place = format!("{place}/{name}");
        collect(child, &place, places);
        places.push(place);
    }
}

/// A call of the authorization server, a login page's included.
pub(crate) fn oauth_request() -> impl Strategy<Value = Asked> {
    let paths = [
        "oauth/authorize",
        "oauth/token",
        "oauth/token/revoke",
        "oauth/check_token",
        "oauth/token_key",
        "oauth2/authorize",
        "oauth2/token",
        "oauth2/revoke",
        "oauth2/introspect",
        "oauth/error",
        "authenticate",
        "authenticate/continue",
        "authenticate/cancel",
        "resources/style.css",
    ];
    let names = [
        "grant_type",
        "code",
        "refresh_token",
        "client_id",
        "client_secret",
        "redirect_uri",
        "scope",
        "state",
        "response_type",
        "token",
        "code_verifier",
        "code_challenge",
        "operation_id",
        "lang",
        "csrf",
        "step",
        "action",
    ];
    let usual = ["authorization_code", "refresh_token", "code", "aisp", "pisp", CLIENT, CALLBACK];
    let values =
        prop_oneof![2 => select(usual.to_vec()).prop_map(ToOwned::to_owned), 1 => "\\PC{0,30}"];
    let fields = proptest::collection::vec((select(names.to_vec()), values), 0..7);
    let methods = vec![Method::GET, Method::POST, Method::POST, Method::HEAD, Method::DELETE];
    let cookie = proptest::option::of("[ -~]{0,60}");
    (select(methods), select(paths.to_vec()), fields, any::<bool>(), cookie).prop_map(
        |(method, path, fields, known, cookie)| {
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let body = form(&fields);
            let mut headers =
                vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
            headers.extend(known.then(|| ("authorization", basic(CLIENT, SECRET))));
            headers.extend(cookie.map(|cookie| ("cookie", format!("webflow_session={cookie}"))));
            let query = if method == Method::POST { String::new() } else { format!("?{body}") };
            let path = format!("/powerauth-webflow/{path}{query}");
            Asked { method, path, headers, body, names: Vec::new() }
        },
    )
}

/// Text as a path or query may carry it.
fn escaped(text: &str) -> String {
    form(&[("x", text)])[2..].to_owned()
}
