//! Calls without pause while something changes below them, and what the bank saw of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use demo::browser::Browser;
use demo::{Options, World};
use tokio::task::JoinHandle;

use crate::common::{REVOKE, TOKEN, accounts, eventually, start};

/// A world whose second provider can connect: its secret does not fit Web Flow's reading of Basic.
pub(crate) async fn two_banks(options: Options) -> World {
    let mut world = start(options).await;
    let path = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let table = "[providers.other]\nclient_authentication = \"form\"";
    std::fs::write(&path, text.replacen("[providers.other]", table, 1)).unwrap();
    world.restart_broker().await.unwrap();
    world
}

/// Names in the certificates of the broker's own calls since the record was cleared, each once.
pub(crate) fn presented(world: &World) -> Vec<String> {
    let ours = |path: &str| path.starts_with("/psd2-cobs/") || [TOKEN, REVOKE].contains(&path);
    let calls = world.bank.requests().into_iter().filter(|request| ours(request.path()));
    let names = calls.map(|call| call.peer.and_then(|peer| peer.common_name).unwrap_or_default());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.dedup();
    names
}

/// Callers that go on until they are stopped; not one call may fail.
pub(crate) struct Load {
    stopped: Arc<AtomicBool>,
    rounds: Vec<Arc<AtomicUsize>>,
    callers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Six read accounts at each of two providers; one more connects and disconnects all the time.
    pub(crate) async fn start(world: &World) -> Self {
        let mut load = Self::of_readers(world, &["cnb", "other"]).await;
        let browser = world.browser();
        load.caller(async move || come_and_go(&browser).await);
        load
    }

    /// Six read accounts at each of these providers.
    pub(crate) async fn of_readers(world: &World, providers: &[&str]) -> Self {
        let mut load = Self { stopped: Arc::default(), rounds: Vec::new(), callers: Vec::new() };
        for provider in providers {
            let reader = Arc::new(world.browser());
            let id = reader.connect(provider, "aisp").await.unwrap();
            for _ in 0..6 {
                let (reader, id) = (reader.clone(), id.clone());
                load.caller(async move || assert_eq!(accounts(&reader, &id).await.status, 200));
            }
        }
        load
    }

    fn caller(&mut self, round: impl AsyncFn() + 'static) {
        let (stopped, rounds) = (self.stopped.clone(), Arc::new(AtomicUsize::new(0)));
        self.rounds.push(rounds.clone());
        self.callers.push(tokio::task::spawn_local(async move {
            while !stopped.load(Ordering::Relaxed) {
                round().await;
                rounds.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }

    /// Waits until every call that is under way now is over, and one more of each caller.
    pub(crate) async fn goes_on(&self) {
        let count = || self.rounds.iter().map(|rounds| rounds.load(Ordering::Relaxed));
        let goal: Vec<_> = count().map(|done| done + 2).collect();
        let dead = || self.callers.iter().any(JoinHandle::is_finished);
        eventually("everybody goes on", || {
            dead() || count().zip(&goal).all(|(done, goal)| done >= *goal)
        })
        .await;
        assert!(!dead(), "a call failed");
    }

    pub(crate) async fn stop(self) {
        self.stopped.store(true, Ordering::Relaxed);
        for caller in self.callers {
            caller.await.unwrap();
        }
    }
}

async fn come_and_go(browser: &Browser) {
    let id = browser.connect("cnb", "pisp").await.unwrap();
    let receipt = browser.delete(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(receipt["at_bank"], "revoked");
}
