//! The bank, driven over its real doors as people and third parties drive it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail as tests do"
)]

mod admission;
mod arbitrary;
mod authorization;
mod browser;
mod data;
mod faults;
mod foreign;
mod knobs_api;
mod knobs_json;
mod knobs_tls;
mod knobs_token;
mod load;
mod login;
mod movements;
mod requests;
mod revocation;
mod sandbox;
mod token;
mod world;
