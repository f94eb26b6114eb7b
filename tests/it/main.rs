//! Behaviour through the front door: real HTTP, real mutual TLS, a bank that shares no code with us.
//!
//! Each test starts its own world (`demo::World`) and names the requirement it proves.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helper stops the test as the test itself would"
)]

mod answers;
mod bodies;
mod certificates;
mod common;
mod config;
mod connect;
mod disconnect;
mod forgery;
mod hostile_cluster;
mod hostile_crash;
mod hostile_refresh;
mod hostile_trust;
mod logs;
mod openapi;
mod own_tls;
mod proxy_headers;
mod proxy_paths;
mod proxy_replies;
mod refresh;
mod refusals;
mod sandbox;
mod sessions;
mod store;
mod token_replies;
mod types;
