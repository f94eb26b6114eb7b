//! No request, however malformed, brings the bank down: it never answers 5xx but 501 (which the
//! standard has for what is not offered), and never drops a connection in a panic.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use reqwest::Method;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Runtime;

use crate::requests::{Asked, api_request, oauth_request};
use crate::world::World;

/// One bank for all cases: states that only many requests lead to are part of the search.
pub(crate) struct Bench {
    runtime: Runtime,
    pub(crate) world: World,
    /// An account that the sandbox's tokens open.
    pub(crate) iban: String,
    /// Names that the bank has given out: of accounts, payments, signings, applications.
    names: Mutex<Vec<String>>,
    /// How often it answered with each status.
    answers: Mutex<BTreeMap<u16, u32>>,
}

pub(crate) fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let runtime = Runtime::new().unwrap();
        let world = runtime.block_on(World::start());
        let accounts = runtime.block_on(async {
            let sandbox = world.bank.sandbox_addr().unwrap();
            let request = world.call_at(sandbox, &world.tpp, Method::GET, "/my/accounts");
            request.bearer_auth("token-aisp").send().await.unwrap().text().await.unwrap()
        });
        let accounts: Value = serde_json::from_str(&accounts).unwrap();
        let account = &accounts["accounts"][0];
        let iban = account["identification"]["iban"].as_str().unwrap().to_owned();
        let names = Mutex::new(vec![account["id"].as_str().unwrap().to_owned()]);
        Bench { runtime, world, iban, names, answers: Mutex::default() }
    })
}

#[test]
fn the_api_survives_any_request() {
    let sandbox = bench().world.bank.sandbox_addr().unwrap();
    search(2500, &api_request(), |asked| send(&format!("https://{sandbox}"), &asked));
    // a search that only knocks at closed doors would prove nothing
    let answers = bench().answers.lock().unwrap();
    for status in [200, 201, 400, 401, 403, 404, 501] {
        assert!(answers.get(&status).is_some_and(|count| *count > 5), "{status}: {answers:?}");
    }
}

#[test]
fn the_authorization_server_survives_any_request() {
    let door = bench().world.bank.tls_addr();
    search(800, &oauth_request(), |asked| send(&format!("https://{door}"), &asked));
}

#[test]
fn the_doors_survive_any_bytes() {
    let front = bench().world.bank.front_url();
    let front = front.strip_prefix("http://").unwrap();
    let lines = ["GET / HTTP/1.1\r\n", "POST /powerauth-webflow/oauth/token HTTP/1.1\r\n", ""];
    let bytes = proptest::collection::vec(any::<u8>(), 0..300);
    search(300, &(select(lines.to_vec()), bytes), |(line, bytes)| {
        bench().runtime.block_on(async {
            let mut stream = tokio::net::TcpStream::connect(front).await.unwrap();
            let _ = stream.write_all(&[line.as_bytes(), &bytes, b"\r\n\r\n"].concat()).await;
            let _ = stream.shutdown().await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            let failed = answer.starts_with(b"HTTP/1.1 5");
            if failed { Err(String::from_utf8_lossy(&answer).into_owned()) } else { Ok(()) }
        })
    });
}

/// What the library searches without being told.
const DEFAULT_CASES: u32 = 256;

fn search<S: Strategy>(cases: u32, strategy: &S, check: impl Fn(S::Value) -> Result<(), String>) {
    // the same cases in every run; PROPTEST_RNG_SEED and PROPTEST_CASES look elsewhere, and longer
    let usual = Config::default();
    let seed = match usual.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        chosen @ RngSeed::Fixed(_) => chosen,
    };
    let cases = cases * usual.cases / DEFAULT_CASES;
    let config = Config { cases, rng_seed: seed, failure_persistence: None, ..usual };
    TestRunner::new(config)
        .run(strategy, |value| check(value).map_err(TestCaseError::fail))
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Sends what is asked to `base`; an error tells how the bank misbehaved.
fn send(base: &str, asked: &Asked) -> Result<(), String> {
    let bench = bench();
    let mut names = asked.names.iter().map(|index| index.get(&bench.names.lock().unwrap()).clone());
    let mut fill = |text: &str| -> String {
        let parts: Vec<_> = text.split("{}").collect();
        let filled = parts.iter().skip(1).map(|part| names.next().unwrap_or_default() + part);
        parts[0].to_owned() + &filled.collect::<String>()
    };
    let url = format!("{base}{}", fill(&asked.path));
    let mut request = bench.world.tpp.request(asked.method.clone(), url).body(fill(&asked.body));
    for (name, value) in &asked.headers {
        request = request.header(*name, value);
    }
    // what the client's own library refuses to send never reaches the bank
    let Ok(request) = request.build() else { return Ok(()) };
    let answer = bench.runtime.block_on(async {
        let answer = bench.world.tpp.execute(request).await?;
        Ok::<_, reqwest::Error>((answer.status().as_u16(), answer.text().await?))
    });
    let (status, text) = answer.map_err(|error| format!("no answer ({error:?}) for {asked:?}"))?;
    *bench.answers.lock().unwrap().entry(status).or_default() += 1;
    remember(&serde_json::from_str(&text).unwrap_or_default());
    if status >= 500 && status != 501 { Err(format!("{status} for {asked:?}")) } else { Ok(()) }
}

/// Keeps the names in an answer, so that later requests can ask for what exists.
fn remember(answer: &Value) {
    let names = ["id", "signId", "transactionIdentification", "client_id", "consentId"];
    match answer {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if names.contains(&name.as_str()) => {
                        let mut known = bench().names.lock().unwrap();
                        if known.len() < 300 {
                            known.push(text.to_owned());
                        }
                    }
                    _ => remember(value),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(remember),
        _ => {}
    }
}
