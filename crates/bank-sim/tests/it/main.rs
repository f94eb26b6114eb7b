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
mod data;
mod faults;
mod foreign;
mod load;
mod login;
mod movements;
mod patience;
mod redirects;
mod revocation;
mod rotation;
mod sandbox;
mod token;
mod token_errors;
mod web_flow;
mod world;
