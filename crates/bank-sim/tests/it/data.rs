//! Account data: bank-api facts 2.2, 9.2 to 9.4, 10.10, 12.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::movements::code_of;
use crate::payer::reference;
use crate::world::{Answer, World, query};

pub(crate) struct Reader {
    world: World,
    token: String,
    pub(crate) ids: Vec<String>,
}

impl Reader {
    pub(crate) async fn start(user: &str) -> Self {
        let world = World::start().await;
        let token = world.connect(user, "aisp").await["access_token"].as_str().unwrap().to_owned();
        let accounts = world.api(&token, "/my/accounts").await.json();
        let ids = accounts["accounts"].as_array().unwrap().iter();
        let ids = ids.map(|account| account["id"].as_str().unwrap().to_owned()).collect();
        Self { world, token, ids }
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.api(&self.token, path).await
    }

    pub(crate) async fn transactions(&self, at: usize, query: &str) -> Answer {
        self.get(&format!("/my/accounts/{}/transactions?{query}", self.ids[at])).await
    }
}

#[tokio::test]
async fn accounts_are_listed_in_pages() {
    let reader = Reader::start("tomas").await;
    let all = reader.get("/my/accounts").await.json();
    assert_eq!(all["totalCount"], 4);
    assert_eq!(all["pageCount"], 1);
    assert_eq!(all["nextPage"], Value::Null);
    let account = &all["accounts"][0];
    assert_eq!(
        account["servicer"],
        json!({"bankCode": "0710", "countryCode": "CZ", "bic": "CNBACZPP"})
    );
    assert!(account["identification"]["other"].is_string());
    let currencies: Vec<_> =
        all["accounts"].as_array().unwrap().iter().map(|one| one["currency"].clone()).collect();
    assert_eq!(currencies, ["CZK", "CZK", "CZK", "EUR"]);

    let second = reader.get("/my/accounts?size=3&page=1").await.json();
    assert_eq!(second["pageNumber"], 1);
    assert_eq!(second["pageCount"], 2);
    assert_eq!(second["pageSize"], 1);
    assert_eq!(second["accounts"][0]["id"], reader.ids[3]);
    let first = reader.get("/my/accounts?size=3").await.json();
    assert_eq!(first["nextPage"], 1);

    let sorted = reader.get("/my/accounts?sort=currency,iban&order=DESC").await.json();
    assert_eq!(sorted["accounts"][0]["currency"], "EUR");
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let reader = Reader::start("jana").await;
    let id = reader.ids[0].clone();
    let invalid = |scope: &str| (400, "PARAMETER_INVALID".to_owned(), scope.to_owned());
    for (path, scope) in [
        ("/my/accounts?size=0", "size"),
        ("/my/accounts?size=x", "size"),
        ("/my/accounts?page=-1", "page"),
        ("/my/accounts?sort=colour", "sort"),
        ("/my/accounts?sort=id&order=up", "order"),
        ("/my/accounts?order=ASC", "order"),
        ("/my/accounts?fields=id", "fields"),
        ("/my/accounts?page=0&page=1", "page"),
    ] {
        assert_eq!(reader.get(path).await.error(), invalid(scope), "{path}");
    }
    let page = ("PAGE_NOT_FOUND".to_owned(), "page".to_owned());
    let refused = reader.get("/my/accounts?size=2&page=7").await.error();
    assert_eq!(refused, (400, page.0.clone(), page.1.clone()));
    let refused = reader.transactions(0, "size=2&page=7000").await.error();
    assert_eq!(refused, (404, page.0, page.1));

    let unknown = (404, "ID_NOT_FOUND".to_owned(), "id".to_owned());
    assert_eq!(reader.get("/my/accounts/acc-x/balance").await.error(), unknown);
    assert_eq!(reader.get("/my/accounts/acc-x/transactions").await.error(), unknown);
    assert_eq!(reader.get("/my/cards").await.error().0, 404);

    let balance = format!("/my/accounts/{id}/balance?currency=");
    let refused = reader.get(&format!("{balance}JPY")).await;
    assert_eq!(refused.error(), (400, "AC09".to_owned(), "currency".to_owned()));
    assert_eq!(
        refused.json()["errors"][0]["parameters"],
        json!({"CURRENCY": "JPY", "CURRENCY_ALLOWED": "CZK"})
    );
    assert_eq!(reader.get(&format!("{balance}czk")).await.error(), invalid("currency"));
    assert_eq!(reader.get(&format!("{balance}CZK")).await.status, 200);
}

#[tokio::test]
async fn periods_are_checked() {
    let reader = Reader::start("jana").await;
    let refused = async |query: &str| {
        let answer = reader.transactions(0, query).await;
        let parameters = answer.json()["errors"][0]["parameters"]["DATE"].clone();
        (answer.error(), parameters)
    };
    let dt01 = |scope: &str, why: &str| ((400, "DT01".to_owned(), scope.to_owned()), json!(why));
    assert_eq!(refused("fromDate=2019-01-01").await, dt01("fromDate", "DATE_TO_OLD"));
    assert_eq!(refused("toDate=2026-03-15").await, dt01("toDate", "DATE_IN_FUTURE"));
    let ((status, code, scope), _) = refused("fromDate=14.3.2026").await;
    assert_eq!((status, &*code, &*scope), (400, "PARAMETER_INVALID", "fromDate"));
    let ((_, code, scope), _) = refused("fromDate=2026-03-10&toDate=2026-03-09").await;
    assert_eq!((&*code, &*scope), ("PARAMETER_INVALID", "fromDate"));

    // the first is a Sunday
    let day =
        reader.transactions(0, "fromDate=2026-03-02T00:00:00.000%2B01&toDate=2026-03-02").await;
    let day = day.json();
    let rows = day["transactions"].as_array().unwrap();
    assert!(rows.iter().any(|row| code_of(row) == "10000105000"), "rent is paid on the first");
    assert!(rows.iter().all(|row| row["bookingDate"]["date"] == "2026-03-02"));
    let nothing = reader.transactions(1, "fromDate=2026-03-02&toDate=2026-03-03").await;
    assert_eq!(nothing.status, 200);
    assert_eq!(nothing.json()["transactions"], json!([]));
}

#[tokio::test]
async fn pages_of_transactions_make_up_the_whole() {
    let reader = Reader::start("jana").await;
    let whole = reader.transactions(0, "fromDate=2025-06-01").await.json();
    let whole = whole["transactions"].as_array().unwrap();
    assert!(whole.len() > 200, "{}", whole.len());
    let (mut page, mut rows) = (0, Vec::new());
    loop {
        let path = format!("fromDate=2025-06-01&size=50&page={page}");
        let part = reader.transactions(0, &path).await.json();
        assert_eq!(part["totalCount"], whole.len());
        rows.extend(part["transactions"].as_array().unwrap().clone());
        match part["nextPage"].as_u64() {
            Some(next) => page = next,
            None => break,
        }
    }
    assert_eq!(&rows, whole);
    for size in ["", "&size=100000"] {
        let first = reader.transactions(0, &format!("fromDate=2025-02-10{size}")).await.json();
        assert!(first["totalCount"].as_u64().unwrap() > 500, "{}", first["totalCount"]);
        assert_eq!((&first["pageSize"], &first["nextPage"]), (&json!(500), &json!(1)));
        let rest = reader.transactions(0, &format!("fromDate=2025-02-10{size}&page=1")).await;
        let rest = rest.json()["transactions"].as_array().unwrap().len();
        assert_eq!(first["totalCount"], 500 + rest);
    }

    let sorted = reader.transactions(0, "sort=amount&order=desc&size=2").await.json();
    let value = |at: usize| sorted["transactions"][at]["amount"]["value"].as_f64().unwrap();
    assert!(value(0) >= value(1));
}

#[tokio::test]
async fn balances_agree_with_the_transactions() {
    let reader = Reader::start("jana").await;
    for (at, id) in reader.ids.iter().enumerate() {
        let before = signed(&reader, id).await;
        reader.world.clock.advance(Duration::from_secs(0));
        let rows = reader.transactions(at, "fromDate=2025-04-01").await.json();
        let rows = rows["transactions"].as_array().unwrap().clone();
        let sum = |status: &str| -> i64 {
            let some = rows.iter().filter(|row| row["status"] == status);
            some.map(|row| cents(&row["amount"]["value"], &row["creditDebitIndicator"])).sum()
        };
        assert_eq!(before["ITBD"] + sum("PDNG"), before["CLAV"]);
        let today = rows
            .iter()
            .filter(|row| row["status"] == "BOOK" && row["bookingDate"]["date"] == "2026-03-14");
        let today: i64 =
            today.map(|row| cents(&row["amount"]["value"], &row["creditDebitIndicator"])).sum();
        assert_eq!(before["CLBD"] + today, before["ITBD"]);
    }
}

#[tokio::test]
async fn a_balance_is_of_the_day_of_its_movements() {
    let reader = Reader::start("jana").await;
    // 23:59:30 and 00:00:30 in Prague, in winter
    let path = format!("/my/accounts/{}/balance", reader.ids[0]);
    let tokens = reader.world.connect("jana", "aisp").await;
    for (step, expected) in [
        (13 * 3600 + 59 * 60 + 30, "2026-03-14T23:59:30.0+01:00"),
        (60, "2026-03-15T00:00:30.0+01:00"),
    ] {
        reader.world.clock.advance(Duration::from_secs(step));
        let tokens = reader.world.refresh(tokens["refresh_token"].as_str().unwrap()).await.json();
        let answer = reader.world.api(tokens["access_token"].as_str().unwrap(), &path).await.json();
        assert_eq!(answer["balances"][3]["date"]["dateTime"], expected);
    }
}

async fn signed(reader: &Reader, id: &str) -> std::collections::HashMap<String, i64> {
    let balances = reader.get(&format!("/my/accounts/{id}/balance")).await.json();
    let balances = balances["balances"].as_array().unwrap();
    let one = |balance: &Value| {
        let code = balance["type"]["codeOrProprietary"]["code"].as_str().unwrap().to_owned();
        (code, cents(&balance["amount"]["value"], &balance["creditDebitIndicator"]))
    };
    balances.iter().map(one).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "amounts are small")]
fn cents(value: &Value, indicator: &Value) -> i64 {
    let cents = (value.as_f64().unwrap() * 100.0).round() as i64;
    if indicator == "DBIT" { -cents } else { cents }
}

#[tokio::test]
async fn a_token_opens_only_the_chosen_accounts() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    browser.log_in(&world, "jana").await;
    browser.confirm_sms().await;
    let accounts = browser.values("account");
    browser.submit(&[("account", &accounts[1])]).await;
    browser.submit(&[("consent", "yes")]).await;
    let tokens = world.exchange(&query(&browser.left_to, "code").unwrap()).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let list = world.api(token, "/my/accounts").await.json();
    assert_eq!(list["totalCount"], 1);
    assert_eq!(list["accounts"][0]["id"], accounts[1]);
    let closed = world.api(token, &format!("/my/accounts/{}/balance", accounts[0])).await;
    assert_eq!(closed.error().1, "ID_NOT_FOUND");
}

#[tokio::test]
async fn funds_are_confirmed_or_declined() {
    let reader = Reader::start("jana").await;
    let accounts = reader.get("/my/accounts").await.json();
    let iban = accounts["accounts"][0]["identification"]["iban"].clone();
    let tokens = reader.world.connect("jana", "pisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let check = async |iban: &Value, currency: &str, amount: Value| {
        let body = json!({
            "exchangeIdentification": reference(),
            "debtorAccount": { "identification": { "iban": iban } },
            "transactionDetails": { "currency": currency, "totalAmount": amount },
        });
        let path = "/my/payments/balanceCheck";
        let request = reader.world.call(&reader.world.tpp, Method::POST, path).bearer_auth(token);
        Answer::read(request.body(body.to_string()).send().await.unwrap()).await
    };
    assert_eq!(check(&iban, "CZK", json!(1)).await.json()["response"], "APPR");
    assert_eq!(check(&iban, "CZK", json!(1e9)).await.json()["response"], "DECL");
    assert_eq!(check(&json!("CZ0708000000001019540081"), "CZK", json!(1)).await.error().1, "AC02");
    assert_eq!(check(&iban, "EUR", json!(1)).await.error().1, "AM11");
    assert_eq!(check(&iban, "CZK", json!(-1)).await.error().1, "AM12");
    let missing = check(&iban, "CZK", Value::Null).await.error();
    let scope = "transactionDetails.totalAmount".to_owned();
    assert_eq!(missing, (400, "FIELD_MISSING".to_owned(), scope));

    let path = "/my/payments/balanceCheck";
    let send = async |body: &'static str| {
        let request = reader.world.call(&reader.world.tpp, Method::POST, path).bearer_auth(token);
        Answer::read(request.body(body).send().await.unwrap()).await
    };
    let all = send(r#"{"transactionDetails":{"currency":"CZK"}}"#).await.json();
    let scopes = all["errors"].as_array().unwrap().iter().map(|error| error["scope"].clone());
    let expected = [
        "exchangeIdentification",
        "debtorAccount.identification.iban",
        "transactionDetails.totalAmount",
    ];
    assert_eq!(scopes.collect::<Vec<_>>(), expected);
    let broken = &send("{").await.json()["errors"][0];
    assert_eq!((&broken["error"], &broken["scope"]), (&json!("FF01"), &Value::Null));
}

#[tokio::test]
async fn there_are_customers_enough() {
    let world = World::start().await;
    let credentials = world.bank.credentials();
    assert!(credentials.len() >= 3);
    assert!(credentials.iter().all(|one| one.password.len() > 6 && !one.display_name.is_empty()));
}
