//! The bank, driven over its real doors as people and third parties drive it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail as tests do"
)]

mod admission;
mod authorization;
mod browser;
mod control;
mod data;
mod faults;
mod journal;
mod knobs_api;
mod knobs_json;
mod knobs_tls;
mod knobs_token;
mod login;
mod movements;
mod revocation;
mod sandbox;
mod token;
mod violations;
mod violations_api;
mod violations_authorization;
mod violations_tls;
mod violations_token;
mod world;
