//! The house in which plays are given: a bank, a store, a broker with gates for each actor, and one that looks on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bank_sim::{Knobs, Population, Refresh};
use broker::ambient::Pause;
use demo::browser::Browser;
use demo::node::Node;
use demo::{Options, World};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::stage::Stage;
use crate::cli::run;
use crate::common::start;
use crate::database::Database;
use crate::rounds::Rounds;

/// The access token is over.
pub(super) const OVER: Duration = Duration::from_secs(301);
/// Longer than a lease lasts: the limits of a world and the slack of a lease.
pub(super) const LEASE: Duration = Duration::from_secs(30 + 15 + 1);
/// As many plays as one exploration may take: each has a customer of its own.
const MOST_PLAYS: u32 = 4000;

pub(super) struct House {
    pub(super) world: World,
    pub(super) refresh: Refresh,
    /// One for each actor.
    pub(super) stages: Vec<(Stage, Node)>,
    /// Its background work goes by a test.
    pub(super) rounds: Rounds,
    onlooker: Node,
    customers: Vec<(String, String)>,
    plays: AtomicUsize,
    database: Mutex<Database>,
}

/// What there is to see of a grant.
pub(super) struct Seen {
    /// All of it that makes a difference.
    pub(super) text: String,
    /// What an actor remembers of it.
    pub(super) versions: String,
    pub(super) at_bank: String,
    /// A lease is held.
    pub(super) leased: bool,
    /// The connection is gone.
    pub(super) gone: bool,
    /// How many grants there are of this play.
    pub(super) grants: usize,
    /// Revocations that wait.
    pub(super) waiting: usize,
}

impl House {
    pub(super) async fn open(refresh: Refresh, actors: usize) -> Self {
        let population = Population { crowd: MOST_PLAYS, ..Population::default() };
        let knobs = Knobs { refresh: refresh.into(), ..Knobs::default() };
        let world = start(Options { knobs, population, ..Options::stepped() }).await;
        world.stop_broker().await; // its background work would go by itself
        let mut stages = Vec::new();
        for _ in 0..actors {
            let stage = Stage::new();
            stages.push((stage.clone(), world.join_with(stage).await.unwrap()));
        }
        let rounds = Rounds::of(Pause::Round);
        let onlooker = world.join_with(rounds.clone()).await.unwrap();
        let credentials = world.bank.credentials().into_iter();
        let customers = credentials.map(|one| (one.username, one.password)).collect();
        let database = Mutex::new(Database::of(&world).await);
        let plays = AtomicUsize::new(0);
        Self { world, refresh, stages, rounds, onlooker, customers, plays, database }
    }

    /// A browser in front of somebody who has nothing here yet, led to the onlooker; and who it is.
    pub(super) fn next_customer(&self) -> (Browser, String) {
        let (user, password) = &self.customers[self.plays.fetch_add(1, Ordering::Relaxed)];
        let browser = self.world.browser().as_customer(user, password);
        (browser.through(self.onlooker.address), user.clone())
    }

    /// Another key of the ring seals from here on, at all brokers.
    pub(super) async fn rotate(&self) {
        assert_eq!(run(&self.world.folder, &["keys", "rotate"]).await.code, 0);
        // who is told first waits until the others have it
        for _ in 0..2 {
            for node in self.stages.iter().map(|(_, node)| node).chain([&self.onlooker]) {
                node.reload().await;
            }
        }
    }

    /// Another browser of the same customer.
    pub(super) fn again(&self, user: &str) -> Browser {
        let (user, password) = self.customers.iter().find(|one| one.0 == user).unwrap();
        self.world.browser().as_customer(user, password).through(self.onlooker.address)
    }

    /// Looks at the store and at the bank.
    pub(super) async fn look(
        &self,
        id: &str,
        user: &str,
        begun_at: u64,
        tokens: &mut Tokens,
    ) -> Seen {
        let live = self.world.bank.live_tokens().into_iter().filter(|token| token.user == user);
        let live = live.filter_map(|token| token.refresh_token);
        let at_bank = live.map(|token| tokens.number(&sha256(&token))).collect::<Vec<_>>();
        let mut database = self.database.lock().await;
        let rows = format!("grants where received_at >= {begun_at} order by id");
        let grants = parsed(&database.dump(&format!("(select * from {rows}) g"), COLUMNS).await);
        let connections = format!("connections where id = '{id}'");
        let gone = parsed(&database.dump(&connections, "id").await).is_empty();
        let waiting = parsed(&database.dump("revocations", "hex(fingerprint), attempts").await);
        drop(database);
        let (mut told, mut leased) = (Vec::new(), false);
        for row in &grants {
            let held = row[3].as_u64().is_some_and(|until| until > self.world.now());
            leased |= held;
            let hashes = row[5..].iter().filter_map(Value::as_str);
            let hashes: Vec<_> = hashes.map(|hex| tokens.number(hex)).collect();
            let [ended, judged, version, _, lease, newest, ..] = &row[..] else { continue };
            told.push(format!("{ended} {judged} {version} {lease} {held} {newest} {hashes:?}"));
        }
        // plays before may have left theirs behind
        let ours = |row: &Vec<Value>| Some((tokens.known(row[0].as_str()?)?, row[1].as_u64()));
        let waiting: Vec<_> = waiting.iter().filter_map(ours).collect();
        Seen {
            text: format!("{told:?} {gone} {waiting:?} {at_bank:?}"),
            versions: grants.iter().map(|row| row[2].to_string()).collect::<Vec<_>>().join(","),
            at_bank: format!("{at_bank:?}"),
            leased,
            gone,
            grants: grants.len(),
            waiting: waiting.len(),
        }
    }
}

/// What makes a difference in a grant.
const COLUMNS: &str = "ended, unjudged is null, version, leased_until, lease, \
    kek = (select id from seal_keys where number = (select max(number) from seal_keys)), \
    coalesce(hex(fingerprint), ''), coalesce(hex(presented), ''), \
    coalesce(hex(next_fingerprint), ''), coalesce(hex(earlier_fingerprint), '')";

/// Refresh tokens by their hashes, numbered as they appear in a play.
#[derive(Default)]
pub(super) struct Tokens(Vec<String>);

impl Tokens {
    fn known(&self, hex: &str) -> Option<usize> {
        self.0.iter().position(|token| token.eq_ignore_ascii_case(hex))
    }

    fn number(&mut self, hex: &str) -> usize {
        self.known(hex).unwrap_or_else(|| {
            self.0.push(hex.to_owned());
            self.0.len() - 1
        })
    }
}

fn parsed(text: &str) -> Vec<Vec<Value>> {
    serde_json::from_str(text).unwrap_or_default()
}

/// As the store has tokens, in hexadecimal digits.
fn sha256(token: &str) -> String {
    Sha256::digest(token).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
