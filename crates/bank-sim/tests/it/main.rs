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
mod funds;
mod login;
mod money;
mod movements;
mod payer;
mod payments_admission;
mod payments_business;
mod payments_fields;
mod payments_life;
mod payments_table;
mod revocation;
mod sandbox;
mod signing;
mod signing_pages;
mod standing_orders;
mod token;
mod world;
