//! A door for tests in a browser, on its own loopback port: what the bank saw, what lives there, and how
//! it behaves.
//!
//! It shows tokens, so it exists only when asked for, and only for the simulated bank.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
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
        .route("/sms", get(sms))
        .route("/knobs", patch(turn))
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

/// By user the code on the phone, where one is waited for.
async fn sms(State(world): Present) -> Json<Value> {
    let Some(world) = world.upgrade() else { return Json(json!({})) };
    let users = world.bank.credentials().into_iter().map(|credential| credential.username);
    Json(users.map(|user| (user.clone(), json!(world.bank.sms_code(&user)))).collect())
}

/// Turns knobs of the bank, or none and 400 with the reason if one of them cannot be turned.
async fn turn(
    State(world): Present,
    Json(changes): Json<Map<String, Value>>,
) -> Result<(), (StatusCode, String)> {
    let Some(world) = world.upgrade() else { return Ok(()) };
    let knobs = world.bank.knobs().patched(&changes);
    let knobs = knobs.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    world.bank.set_knobs(knobs);
    Ok(())
}
