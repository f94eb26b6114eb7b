//! One play: a fresh grant whose tokens are over, and actors who all want something of it.

use std::sync::Arc;

use bank_sim::Refresh;
use broker::ambient::Waypoint;
use demo::browser::{Attempt, Browser};
use reqwest::Url;

use super::house::{House, LEASE, OVER, Seen, Tokens};
use super::stage::{Actor, Place};
use crate::common::{accounts, refreshes};

/// What an actor wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// To read, for which the tokens have to be renewed.
    Read,
    /// To end the connection.
    Leave,
    /// To connect once more in another browser, which brings the same tokens.
    Again,
    /// To wrap the data keys anew, for another key of the ring seals.
    Rewrap,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// The actor goes on to its next gate.
    Step(usize),
    /// It dies where it stands.
    Die(usize),
    /// The clock goes on past every lease.
    Clock,
}

/// How much may go wrong in one play.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mishaps {
    pub(super) deaths: u32,
    pub(super) clocks: u32,
}

pub(super) struct Play<'a> {
    pub(super) house: &'a House,
    pub(super) parts: Vec<Part>,
    actors: Vec<Arc<Actor>>,
    /// What each actor has in memory, as far as it matters: what it saw last of the grant and of the bank.
    memories: Vec<(String, String)>,
    pub(super) browser: Browser,
    pub(super) other: Option<(Browser, Attempt, Url)>,
    pub(super) id: String,
    pub(super) user: String,
    begun_at: u64,
    mishaps: Mishaps,
    /// Refresh tokens and their hashes, in the order in which the bank gave them.
    tokens: Tokens,
    pub(super) schedule: Vec<Choice>,
    /// A process died with a reply of the bank in memory only.
    pub(super) lost: bool,
    /// The clock went past the lease of one that had sent, and not yet kept what came.
    pub(super) overtaken: bool,
    violations: usize,
}

impl<'a> Play<'a> {
    pub(super) async fn begin(house: &'a House, parts: &[Part], mishaps: Mishaps) -> Self {
        let (browser, user) = house.next_customer();
        let id = browser.connect("cnb", "aisp").await.unwrap();
        assert_eq!(browser.get(&format!("/connections/{id}")).await.unwrap().status, 200);
        let mut other = None;
        if parts.contains(&Part::Again) {
            let again = house.again(&user);
            let attempt = again.start("cnb", "aisp").await.unwrap();
            let landing = again.consent(&attempt).await.unwrap();
            other = Some((again, attempt, landing));
        }
        if parts.contains(&Part::Rewrap) {
            house.rotate().await;
        }
        let begun_at = house.world.now();
        house.world.advance(OVER);
        house.world.bank.clear_requests();
        let actors =
            house.stages.iter().take(parts.len()).map(|(stage, _)| stage.enter()).collect();
        let violations = house.world.bank.violations().len();
        let memories = vec![Default::default(); parts.len()];
        let (tokens, schedule, lost, overtaken) = (Tokens::default(), Vec::new(), false, false);
        let parts = parts.to_vec();
        Self {
            house,
            parts,
            actors,
            memories,
            browser,
            other,
            id,
            user,
            begun_at,
            mishaps,
            tokens,
            schedule,
            lost,
            overtaken,
            violations,
        }
    }

    pub(super) fn places(&self) -> Vec<Place> {
        self.actors.iter().map(|actor| actor.place()).collect()
    }

    /// Everything that can happen now; nothing, where all is over, or waits for what will never come.
    pub(super) fn choices(&self, seen: &Seen) -> Vec<Choice> {
        let places = self.places();
        let mut choices = Vec::new();
        for (number, place) in places.iter().enumerate() {
            // of equals in the wings, one enters first
            let twin = |other: usize| {
                places[other] == Place::Wings && self.parts[other] == self.parts[number]
            };
            if matches!(place, Place::At(_) | Place::Waiting)
                || (*place == Place::Wings && !(0..number).any(twin))
            {
                choices.push(Choice::Step(number));
            }
        }
        if self.mishaps.deaths > 0 {
            let stands = |number: &usize| matches!(places[*number], Place::At(_));
            choices.extend((0..places.len()).filter(stands).map(Choice::Die));
        }
        if self.mishaps.clocks > 0 && seen.leased {
            choices.push(Choice::Clock);
        }
        let in_vain =
            |choice: &Choice| matches!(choice, Choice::Step(one) if places[*one] == Place::Waiting);
        if seen.leased && choices.iter().all(in_vain) { Vec::new() } else { choices }
    }

    /// Has it happen, and looks at what must always hold.
    pub(super) async fn act(&mut self, choice: Choice) -> Seen {
        self.schedule.push(choice);
        let (before, asked) = (self.places(), refreshes(&self.house.world).len());
        match choice {
            Choice::Step(number) => self.actors[number].step(self.call(number)).await,
            Choice::Die(number) => {
                self.mishaps.deaths -= 1;
                self.lost |= matches!(
                    before[number],
                    Place::At(Waypoint::Received | Waypoint::CodeReceived)
                );
                self.actors[number].die();
            }
            Choice::Clock => {
                self.mishaps.clocks -= 1;
                self.overtaken |= before.contains(&Place::At(Waypoint::Received));
                self.house.world.advance(LEASE);
            }
        }
        let seen = self.look().await;
        if let Choice::Step(number) | Choice::Die(number) = choice {
            self.remember(number, before[number] == Place::Wings, &seen);
        }
        self.always(&before, asked, &seen);
        seen
    }

    /// What an actor has in memory that decides how it goes on: the version that it read when it entered, what it
    /// saw since, the tokens in a reply. Who is over, or dead, remembers nothing, and who leaves has all of it in the store.
    fn remember(&mut self, number: usize, entered: bool, seen: &Seen) {
        let (part, place) = (self.parts[number], self.places()[number]);
        let (read, last) = &mut self.memories[number];
        if entered {
            read.clone_from(&seen.versions);
        }
        match (part, place) {
            (_, Place::Wings | Place::Over(_) | Place::Dead(_)) | (Part::Leave, _) => {
                (*read, *last) = (String::new(), String::new());
            }
            (_, Place::At(Waypoint::Received | Waypoint::CodeReceived)) => {
                *last = format!("{}/{}", seen.versions, seen.at_bank);
            }
            (Part::Read, Place::At(Waypoint::Leased | Waypoint::Intended | Waypoint::Kept)) => {
                last.clone_from(&seen.versions);
            }
            _ => {}
        }
    }

    /// What must hold after every step.
    fn always(&self, before: &[Place], asked: usize, seen: &Seen) {
        let excused = self.lost || self.overtaken;
        if refreshes(&self.house.world).len() > asked {
            let sent = |place: &&Place| {
                matches!(place, Place::At(Waypoint::Received) | Place::Dead(Waypoint::Received))
            };
            assert!(
                excused || before.iter().filter(sent).count() == 0,
                "two presenters: {}",
                self.told()
            );
        }
        let violations = self.house.world.bank.violations();
        assert!(
            excused || violations.len() == self.violations,
            "{:?}: {}",
            violations.last(),
            self.told()
        );
        assert!(
            !(seen.gone && seen.grants > 0 && self.other.is_none()),
            "resurrection: {}",
            self.told()
        );
    }

    /// The state, for telling it from others: the same key goes the same ways.
    pub(super) fn key(&self, seen: &Seen) -> String {
        let mut actors: Vec<_> = self.parts.iter().zip(self.places()).zip(&self.memories).collect();
        actors.sort();
        let Mishaps { deaths, clocks } = self.mishaps;
        let flags = (self.lost, self.overtaken);
        format!("{actors:?} {} {deaths} {clocks} {flags:?}", seen.text)
    }

    pub(super) async fn look(&mut self) -> Seen {
        self.house.look(&self.id, &self.user, self.begun_at, &mut self.tokens).await
    }

    /// The call of an actor, at the broker that is his.
    fn call(&self, number: usize) -> impl Future<Output = u16> + Send + 'static {
        let address = self.house.stages[number].1.address;
        let (part, id) = (self.parts[number], self.id.clone());
        let rewrap = self.house.stages[number].1.rewrap();
        let browser = self.browser.through(address);
        let again = self.other.as_ref().map(|(other, attempt, landing)| {
            let Attempt { state, verifier, url } = attempt;
            let (state, verifier, url) = (state.clone(), verifier.clone(), url.clone());
            (other.through(address), Attempt { state, verifier, url }, landing.clone())
        });
        async move {
            if part == Part::Rewrap {
                return if rewrap.await { 200 } else { 500 };
            }
            let answer = match (part, again) {
                (Part::Read, _) => accounts(&browser, &id).await,
                (Part::Leave, _) => browser.delete(&format!("/connections/{id}")).await.unwrap(),
                (Part::Again, Some((other, attempt, landing))) => {
                    other.finish(&attempt, &landing).await.unwrap()
                }
                (Part::Again, None) | (Part::Rewrap, _) => {
                    unreachable!("it was at the bank before")
                }
            };
            answer.status.as_u16()
        }
    }

    /// Who is still there goes no further.
    pub(super) fn end(&self) {
        self.actors.iter().for_each(|actor| actor.die());
    }

    pub(super) fn rotates(&self) -> bool {
        self.house.refresh != Refresh::Keep
    }

    /// How it came to this, for a person and for [`super::explore::again`].
    pub(super) fn told(&self) -> String {
        let one = |choice: &Choice| match choice {
            Choice::Step(number) => number.to_string(),
            Choice::Die(number) => format!("{number}x"),
            Choice::Clock => "+".to_owned(),
        };
        let schedule: Vec<_> = self.schedule.iter().map(one).collect();
        let (parts, refresh) = (&self.parts, self.house.refresh);
        let places = self.places();
        format!("{parts:?} {refresh:?} INTERLEAVE=\"{}\" {places:?}", schedule.join(" "))
    }
}
