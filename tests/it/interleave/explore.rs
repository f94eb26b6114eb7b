//! All the ways a play can go, depth first: each is played from its beginning, and one that comes to a state
//! which was seen before ends there.

use std::collections::HashSet;

use super::house::House;
use super::play::{Choice, Mishaps, Part, Play};

/// What an exploration has seen.
#[derive(Debug, Default)]
pub(super) struct Explored {
    /// States that differ.
    pub(super) states: usize,
    /// Plays.
    pub(super) schedules: usize,
    /// Of them to their end.
    pub(super) ended: usize,
}

/// Plays every way. A play that breaks a rule panics with the schedule that leads there.
pub(super) async fn explore(house: &House, parts: &[Part], mishaps: Mishaps) -> Explored {
    let mut known = HashSet::new();
    let mut explored = Explored::default();
    let mut open = vec![Vec::new()];
    while let Some(way) = open.pop() {
        explored.schedules += 1;
        let mut play = Play::begin(house, parts, mishaps).await;
        let mut seen = play.look().await;
        for choice in &way {
            seen = play.act(*choice).await;
        }
        while known.insert(play.key(&seen)) {
            let choices = play.choices(&seen);
            let Some((first, others)) = choices.split_first() else {
                explored.ended += 1;
                play.finish().await;
                break;
            };
            for other in others {
                let mut way = play.schedule.clone();
                way.push(*other);
                open.push(way);
            }
            seen = play.act(*first).await;
        }
        play.end();
    }
    explored.states = known.len();
    explored
}

/// Plays one way once more, as a failed play has told it, and to its end.
#[expect(clippy::print_stdout, reason = "whoever plays a schedule once more wants to see it")]
pub(super) async fn again(house: &House, parts: &[Part], mishaps: Mishaps, schedule: &str) {
    let mut play = Play::begin(house, parts, mishaps).await;
    for word in schedule.split_whitespace() {
        let number = |word: &str| word.parse().unwrap();
        let choice = match (word, word.strip_suffix('x')) {
            ("+", _) => Choice::Clock,
            (_, Some(word)) => Choice::Die(number(word)),
            (word, None) => Choice::Step(number(word)),
        };
        let seen = play.act(choice).await;
        println!("{word:>3}  {:?}  {}", play.places(), seen.text);
    }
    play.finish().await;
}
