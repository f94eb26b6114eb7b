//! What the store has to do with, once more: brokers that keep things in PostgreSQL instead of a file.
//!
//! The tests are those of `it`, word for word; each world has a database of its own on a server that this
//! process starts. Only `replicas` is about the server itself.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helper stops the test as the test itself would"
)]
#![allow(dead_code, reason = "helpers that only other tests of `it` call")]

#[path = "../it/acts.rs"]
mod acts;
#[path = "../it/admin.rs"]
mod admin;
#[path = "../it/cli.rs"]
mod cli;
#[path = "../it/common.rs"]
mod common;
#[path = "../it/connect.rs"]
mod connect;
mod crashes;
#[path = "../it/database.rs"]
mod database;
#[path = "../it/disconnect.rs"]
mod disconnect;
#[path = "../it/doomed.rs"]
mod doomed;
#[path = "../it/door.rs"]
mod door;
#[path = "../it/forgery.rs"]
mod forgery;
#[path = "../it/freeze.rs"]
mod freeze;
mod gates;
#[path = "../it/hostile_callback.rs"]
mod hostile_callback;
#[path = "../it/hostile_cluster.rs"]
mod hostile_cluster;
#[path = "../it/hostile_crash.rs"]
mod hostile_crash;
#[path = "../it/hostile_kills.rs"]
mod hostile_kills;
#[path = "../it/hostile_refresh.rs"]
mod hostile_refresh;
#[path = "../it/hostile_resource.rs"]
mod hostile_resource;
#[path = "../it/hostile_token.rs"]
mod hostile_token;
#[path = "../it/idempotency.rs"]
mod idempotency;
#[path = "../it/incidents.rs"]
mod incidents;
#[path = "../it/isolation.rs"]
mod isolation;
#[path = "../it/keys.rs"]
mod keys;
#[path = "../it/load.rs"]
mod load;
#[path = "../it/logs.rs"]
mod logs;
#[path = "../it/million.rs"]
mod million;
#[path = "../it/orders.rs"]
mod orders;
#[path = "../it/payer.rs"]
mod payer;
mod place;
#[path = "../it/plans.rs"]
mod plans;
#[path = "../it/probe_kept.rs"]
mod probe_kept;
#[path = "../it/probing.rs"]
mod probing;
#[path = "../it/receipts.rs"]
mod receipts;
#[path = "../it/refresh.rs"]
mod refresh;
mod replicas;
mod server;
#[path = "../it/sessions.rs"]
mod sessions;
#[path = "../it/statements.rs"]
mod statements;
#[path = "../it/store.rs"]
mod store;
#[path = "../it/subjects.rs"]
mod subjects;
#[path = "../it/sweep.rs"]
mod sweep;
#[path = "../it/token_replies.rs"]
mod token_replies;
#[path = "../it/unattended.rs"]
mod unattended;
