//! The private door, as an operator's own programs ask at it.

use demo::browser::Answer;
use demo::{ADMIN_KEY, Options, World};
use reqwest::Method;
use serde_json::Value;

use crate::common::start;

/// A world with a private door and a clock that stands still.
pub(crate) async fn world() -> World {
    start(options()).await
}

/// Of such a world.
pub(crate) fn options() -> Options {
    let admin_settings = Some("address = \"127.0.0.1:0\"".to_owned());
    Options { admin_settings, ..Options::stepped() }
}

/// Asks with a key.
pub(crate) async fn ask(world: &World, method: Method, path: &str, body: Option<Value>) -> Answer {
    let client = demo::world::http_client(&world.bank);
    let url = format!("http://{}{path}", world.admin().unwrap());
    let mut request = client.request(method, url).bearer_auth(ADMIN_KEY);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    world.browser().send(request).await.unwrap()
}

/// Asks for what there is.
pub(crate) async fn get(world: &World, path: &str) -> Answer {
    ask(world, Method::GET, path, None).await
}
