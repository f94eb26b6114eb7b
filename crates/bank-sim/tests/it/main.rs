//! The bank, driven over its real doors as people and third parties drive it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail as tests do"
)]

mod admission;
mod arbitrary;
mod arguments;
mod authorization;
mod authorizations;
mod awaiting;
mod batch_refusals;
mod batches;
mod browser;
mod calls;
mod certificates;
mod certificates_header;
mod certificates_server;
mod clock;
mod cobs5;
mod consents;
mod contract;
mod control;
mod data;
mod faults;
mod foreign;
mod funds;
mod journal;
mod knobs_api;
mod knobs_json;
mod knobs_rules;
mod knobs_tls;
mod knobs_token;
mod later;
mod load;
mod login;
mod money;
mod movements;
mod openapi;
mod patience;
mod payer;
mod payments_admission;
mod payments_business;
mod payments_fields;
mod payments_life;
mod payments_table;
mod peers;
mod phone;
mod readme;
mod redirects;
mod registration_body;
mod registration_life;
mod registration_party;
mod requests;
mod revocation;
mod rotation;
mod sandbox;
mod signing;
mod signing_pages;
mod standing_change;
mod standing_fields;
mod standing_life;
mod standing_orders;
mod strictness;
mod token;
mod token_errors;
mod violations;
mod violations_api;
mod violations_authorization;
mod violations_tls;
mod violations_token;
mod web_flow;
mod world;
