//! A door for tests in a browser, on its own loopback port: what the bank saw, what lives there.
//!
//! It shows tokens, so it exists only when asked for, and only for the simulated bank.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::{Failure, World};

/// Opens the door; answers its address.
pub async fn open(world: &Arc<World>) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/tokens", get(tokens))
        .route("/requests", get(requests))
        .route("/violations", get(violations))
        .route("/withdraw", post(withdraw))
        .with_state(Arc::downgrade(world));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// The world may be gone while the door still stands open.
type Present = State<Weak<World>>;

/// Every token that is good at the bank now: none of them may turn up in a page.
async fn tokens(State(world): Present) -> Json<Value> {
    let tokens = world.upgrade().map(|world| world.bank.live_tokens()).unwrap_or_default();
    let pairs = tokens.into_iter().map(|token| [token.access_token, token.refresh_token]);
    Json(pairs.flatten().flatten().map(Value::from).collect())
}

/// Method, path and `Action-ID` of every request the bank got.
async fn requests(State(world): Present) -> Json<Value> {
    let requests = world.upgrade().map(|world| world.bank.requests()).unwrap_or_default();
    let brief = |r: &bank_sim::RecordedRequest| {
        let action = r.header("action-id");
        json!({ "method": r.method, "path": r.path(), "action_id": action })
    };
    Json(requests.iter().map(brief).collect())
}

/// Every breach of protocol the bank noticed.
async fn violations(State(world): Present) -> Json<Value> {
    Json(json!(world.upgrade().map(|world| world.bank.violations())))
}

/// Every customer withdraws every consent at the bank itself.
async fn withdraw(State(world): Present) {
    let Some(world) = world.upgrade() else { return };
    for credential in world.bank.credentials() {
        world.bank.revoke_consent(&credential.username);
    }
}
