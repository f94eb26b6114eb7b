//! A store of a million connections beside one of a thousand: the same calls, renewals, orders and rounds of the
//! sweep by the real program, and how much of the database they touch. No time is measured.

use std::process::Stdio;
use std::time::{Duration, Instant};

use demo::browser::Browser;
use demo::seed::{self, Seeded};
use demo::{Options, World};
use serde_json::json;
use tokio::process::{Child, Command};

use crate::common::{accounts, start};
use crate::database::Database;
use crate::payer::{ELSEWHERE, connect};

const FEW: u64 = 1_000;
const MANY: u64 = 1_000_000;
/// Pages of the database: what SQLite reads at a time; PostgreSQL's are twice as large.
const PAGE: u64 = 4096;
/// Lists and lookups of people who were not there for long.
const CALLS: u64 = 300;
/// Renewals, and as many orders.
const ACTS: u64 = 10;
/// Rounds of the sweep with next to nothing to do.
const ROUNDS: u64 = 3;
/// Pages that one of them may touch more in a tall index than in a low one. One look at every row of one table
/// is some ten thousand.
const MORE: u64 = 24;
/// The program's memory at the most; its build is not the released one.
const MEMORY_KIB: u64 = 64 * 1024;

/// DESIGN, "one million connections in the store": lookup, list, renewal, order and sweep cost as at one thousand.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn a_million_connections_cost_what_a_thousand_do() {
    let few = measured(FEW).await;
    let many = measured(MANY).await;
    println!("pages and memory: {few:?} with {FEW} connections, {many:?} with {MANY}");
    assert!(many.calls <= few.calls + 2 * CALLS * MORE, "lists and lookups");
    assert!(many.acts <= few.acts + 2 * ACTS * MORE * 4, "renewals and orders");
    assert!(many.rounds <= few.rounds + ROUNDS * MORE * 16, "rounds of the sweep");
    assert!(many.memory_kib <= MEMORY_KIB, "memory");
}

/// Pages that each part has touched, the start and the stop of the program included; and its memory.
#[derive(Debug)]
struct Measured {
    calls: u64,
    acts: u64,
    rounds: u64,
    memory_kib: u64,
}

async fn measured(connections: u64) -> Measured {
    let world = start(Options { second_provider: false, ..Options::default() }).await;
    let person = world.browser();
    let reading = connect(&person, "aisp").await;
    let paying = connect(&person, "pisp").await;
    world.stop_broker().await;
    let known = seed::fill(&world.folder, connections, world.now(), &|_| ()).await.unwrap();
    let program = Program::start(&world).await;
    call(&world, &known).await;
    let (calls, first) = program.stop(&world).await;
    let program = Program::start(&world).await;
    act(&world, &person, &reading, &paying).await;
    let (acts, second) = program.stop(&world).await;
    let program = Program::start(&world).await;
    sweep(&world).await;
    let (rounds, third) = program.stop(&world).await;
    Measured { calls, acts, rounds, memory_kib: first.max(second).max(third) }
}

/// Lists and lookups, of one person after the other.
async fn call(world: &World, known: &[Seeded]) {
    for seeded in known.iter().cycle().take(usize::try_from(CALLS).unwrap()) {
        let browser = world.browser();
        seeded.enter(&browser);
        let list = browser.get("/connections").await.unwrap();
        assert!(list.text.contains(&seeded.connection), "{}", list.text);
        let one = browser.get(&format!("/connections/{}", seeded.connection)).await.unwrap();
        assert_eq!(one.status, 200, "{}", one.text);
    }
}

/// Renewals, each under a lease, and orders, each under its key.
async fn act(world: &World, person: &Browser, reading: &str, paying: &str) {
    let over = format!(
        "update grants set refresh_at = 1, access_ends_at = 1 where id = \
         (select grant_id from connections where id = '{reading}')"
    );
    let list = accounts(person, reading).await.json();
    let iban = list["accounts"][0]["identification"]["iban"].clone();
    let mut database = Database::of(world).await;
    for number in 0..ACTS {
        assert_eq!(database.execute(&over).await, 1);
        let answer = accounts(person, reading).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let order = json!({
            "paymentIdentification": { "instructionIdentification": format!("TPP-{number}") },
            "amount": { "instructedAmount": { "value": 1.50, "currency": "CZK" } },
            "debtorAccount": { "identification": { "iban": iban } },
            "creditorAccount": { "identification": { "iban": ELSEWHERE } },
        });
        let path = format!("/connections/{paying}/api/my/payments");
        let request = person.request(&reqwest::Method::POST, &path);
        let request = request.header("content-type", "application/json");
        let request = request.header("idempotency-key", format!("one-order-of-many-{number}"));
        let answer = person.send(request.body(order.to_string())).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert!(crate::common::refreshes(world).len() >= usize::try_from(ACTS).unwrap());
}

/// Rounds of the sweep: an authorization that has ended is put into each, to see that there was one.
async fn sweep(world: &World) {
    let mut database = Database::of(world).await;
    for _ in 0..ROUNDS {
        let ended = "insert into authorizations \
                     (state_hash, session, provider, scopes, redirect_uri, code_challenge, ends_at) \
                     select $1, min(session), 'cnb', 'aisp', '', '', 1 from connections";
        assert_eq!(database.set(ended, b"of a round").await, 1);
        // seldom, for looking touches pages as well
        while database.rows("authorizations where ends_at = 1").await > 0 {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}

/// The program in the place of a world's broker.
struct Program {
    process: Child,
    before: u64,
}

impl Program {
    async fn start(world: &World) -> Self {
        let before = if is_file(world) { 0 } else { touched(world).await };
        let mut command = Command::new(env!("CARGO_BIN_EXE_program"));
        command.arg("serve").current_dir(&world.folder).kill_on_drop(true);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while world.browser().get("/health/ready").await.is_err() {
            assert!(begun.elapsed().as_secs() < 60, "the program never serves");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { process, before }
    }

    /// Stops it as a service manager would. Pages that it has touched, and its memory at the most.
    async fn stop(mut self, world: &World) -> (u64, u64) {
        let id = self.process.id().unwrap();
        let line = |file: &str, name: &str| {
            let text = std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap();
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
        };
        let (read, memory_kib) = (line("io", "rchar:"), line("status", "VmHWM:"));
        let told = Command::new("kill").arg(id.to_string()).status().await.unwrap();
        assert!(told.success());
        assert!(self.process.wait().await.unwrap().success());
        if is_file(world) {
            return (read / PAGE, memory_kib);
        }
        (touched(world).await - self.before, memory_kib)
    }
}

fn is_file(world: &World) -> bool {
    !world.folder.join("store.url").exists()
}

/// Pages that were touched in a database of a server since it was made. Who has left has told all of it.
async fn touched(world: &World) -> u64 {
    let mut database = Database::of(world).await;
    let others = "(select pid from pg_stat_activity where application_name = 'bankconnect' \
                  and datname = current_database()) as others";
    while database.rows(others).await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let pages = "select cast(sum(coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0) \
                 + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)) as bigint) from pg_statio_user_tables";
    u64::try_from(database.number(pages).await).unwrap()
}
