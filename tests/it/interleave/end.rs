//! What must hold when a play is over: nothing that the bank gave is lost, and nothing lives that was ended.

use std::time::Duration;

use bank_sim::Refresh;

use super::house::{LEASE, OVER};
use super::play::Play;
use crate::common::accounts;

/// When the queue of revocations takes over, and once more after what a dead broker took out of it.
const QUEUE: Duration = Duration::from_secs(181);
/// A grant without connection is given up after that.
const UNCONNECTED: Duration = Duration::from_secs(901);

impl Play<'_> {
    /// Whether the bank itself may have ended the grant: a reply died with its process, or a process that had
    /// one stood still past its lease.
    fn may_be_lost(&self) -> bool {
        let detected = self.house.refresh == Refresh::RotateWithReuseDetection;
        self.rotates() && (self.lost || (self.overtaken && detected))
    }

    /// Lets everything that is due be done, and judges.
    pub(super) async fn finish(&mut self) {
        self.end();
        self.house.world.advance(LEASE);
        self.other_works().await;
        self.drain().await;
        let seen = self.look().await;
        if seen.gone {
            assert_eq!(accounts(&self.browser, &self.id).await.status, 401, "{}", self.told());
            let live = self.live();
            assert!(live == 0 || self.may_be_lost(), "{live} tokens live on: {}", self.told());
            assert_eq!(seen.grants, 0, "a grant lives on: {}", self.told());
        } else {
            self.works().await;
            self.leave().await;
        }
    }

    /// The grant holds what the bank takes: now, and at the next refresh.
    async fn works(&self) {
        for life in 0..2 {
            let mut answer = accounts(&self.browser, &self.id).await;
            if answer.code() == "bank_unavailable" && self.overtaken {
                // tokens of a reply that came late are found out by the first call
                answer = accounts(&self.browser, &self.id).await;
            }
            if answer.status != 200 {
                assert!(self.may_be_lost(), "{life}: {}: {}", answer.text, self.told());
                assert_eq!(answer.code(), "reconnect", "{}", self.told());
                return;
            }
            self.house.world.advance(OVER);
        }
    }

    /// The second connection is there for whoever asks for it, and works; or a new one does.
    async fn other_works(&self) {
        let Some((other, attempt, landing)) = &self.other else { return };
        let answer = other.finish(attempt, landing).await.unwrap();
        let id = answer.json()["id"].as_str().map(str::to_owned);
        let id = if let Some(id) = id {
            id
        } else {
            self.house.world.advance(UNCONNECTED);
            self.house.rounds.one().await;
            other.connect("cnb", "aisp").await.unwrap()
        };
        let answer = accounts(other, &id).await;
        let dead = answer.code() == "reconnect" && self.may_be_lost();
        assert!(answer.status == 200 || dead, "{}: {}", answer.text, self.told());
        assert_eq!(other.delete(&format!("/connections/{id}")).await.unwrap().status, 200);
    }

    /// Whatever is left is ended, and then the bank has nothing of it.
    async fn leave(&mut self) {
        let status =
            self.browser.delete(&format!("/connections/{}", self.id)).await.unwrap().status;
        assert!(status == 200 || status == 401, "{status}: {}", self.told());
        self.drain().await;
        let live = self.live();
        assert!(live == 0 || self.may_be_lost(), "{live} tokens live on: {}", self.told());
    }

    fn live(&self) -> usize {
        let all = self.house.world.bank.live_tokens().into_iter();
        all.filter(|token| token.user == self.user).count()
    }

    async fn drain(&mut self) {
        for _ in 0..5 {
            if self.look().await.waiting == 0 {
                return;
            }
            self.house.world.advance(QUEUE);
            self.house.rounds.one().await;
        }
        panic!("revocations wait for ever: {}", self.told());
    }
}
