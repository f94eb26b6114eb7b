//! Explored interleavings (T30): the brokers' own code, a real store and a bank of its own are led through every
//! order in which two or three actors can go from gate to gate, die at one, or stand still past their lease.
//!
//! The invariants: never two presenters; never a received token thrown away; a disconnect wins, and nothing
//! comes back after it; when all is done the grant holds what the bank takes, or the bank has nothing of it.
//! A play that breaks one tells its schedule; `INTERLEAVE="0 0 + 1" cargo test … NAME` plays it once more.

use std::time::Instant;

use bank_sim::Refresh;

mod end;
mod explore;
mod house;
mod play;
mod stage;

use explore::{again, explore};
use house::House;
use play::Mishaps;
use play::Part::{self, Again, Leave, Read, Rewrap};

/// Explores, and tells how much there was to see: at least `least` states.
#[expect(clippy::print_stdout, reason = "how much was explored is part of the result")]
async fn all(refresh: Refresh, parts: &[Part], mishaps: Mishaps, least: usize) {
    let house = House::open(refresh, parts.len()).await;
    if let Ok(schedule) = std::env::var("INTERLEAVE") {
        return again(&house, parts, mishaps, &schedule).await;
    }
    let begun = Instant::now();
    let explored = explore(&house, parts, mishaps).await;
    println!("{parts:?} {refresh:?} {mishaps:?}: {explored:?} in {:?}", begun.elapsed());
    assert!(explored.states >= least, "{explored:?}");
    assert!(explored.ended > 0, "{explored:?}");
}
const NOTHING: Mishaps = Mishaps { deaths: 0, clocks: 0 };
const DEATH: Mishaps = Mishaps { deaths: 1, clocks: 0 };
const CLOCK: Mishaps = Mishaps { deaths: 0, clocks: 1 };
const BOTH: Mishaps = Mishaps { deaths: 1, clocks: 1 };

/// T07, T08, T09: two refreshes, one of which may stand still past its lease.
#[tokio::test]
async fn two_refreshes_and_a_clock() {
    all(Refresh::Rotate, &[Read, Read], CLOCK, 100).await;
}

/// The same, one of which may die.
#[tokio::test]
async fn two_refreshes_and_a_death() {
    all(Refresh::RotateWithReuseDetection, &[Read, Read], DEATH, 50).await;
}

/// T16, T17: a refresh and a disconnect.
#[tokio::test]
async fn a_refresh_and_a_disconnect() {
    all(Refresh::Rotate, &[Read, Leave], CLOCK, 100).await;
}

/// T06: a refresh, and a second authorization, which brings the same tokens.
#[tokio::test]
async fn a_refresh_and_a_second_authorization() {
    all(Refresh::Rotate, &[Read, Again], NOTHING, 50).await;
}

/// T03, T06: a refresh, and a change of the key that seals, one of which may die.
#[tokio::test]
async fn a_refresh_and_a_change_of_keys() {
    all(Refresh::Rotate, &[Read, Rewrap], DEATH, 30).await;
}

/// Two refreshes with every mishap, at a bank that keeps its token.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn two_refreshes_at_a_bank_that_keeps() {
    all(Refresh::Keep, &[Read, Read], BOTH, 100).await;
}

/// At one that rotates.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn two_refreshes_at_a_bank_that_rotates() {
    all(Refresh::Rotate, &[Read, Read], BOTH, 100).await;
}

/// At one that ends the consent of whoever shows an old token.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn two_refreshes_at_a_bank_that_detects_reuse() {
    all(Refresh::RotateWithReuseDetection, &[Read, Read], BOTH, 100).await;
}

/// A refresh and a disconnect with every mishap.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn a_disconnect_with_every_mishap() {
    all(Refresh::Rotate, &[Read, Leave], BOTH, 100).await;
}

/// A refresh and a second authorization, one of which may stand still past its lease.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn a_second_authorization_and_a_clock() {
    all(Refresh::Rotate, &[Read, Again], CLOCK, 300).await;
}

/// The same, one of which may die.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn a_second_authorization_and_a_death() {
    all(Refresh::Rotate, &[Read, Again], DEATH, 300).await;
}

/// Three refreshes, one of which may stand still past its lease.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn three_refreshes() {
    all(Refresh::Rotate, &[Read, Read, Read], CLOCK, 1000).await;
}

/// A refresh, a disconnect and a change of the key that seals.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn a_refresh_a_disconnect_and_a_change_of_keys() {
    all(Refresh::Rotate, &[Read, Leave, Rewrap], NOTHING, 100).await;
}

/// Two refreshes and a disconnect.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn two_refreshes_and_a_disconnect() {
    all(Refresh::Rotate, &[Read, Read, Leave], NOTHING, 300).await;
}
