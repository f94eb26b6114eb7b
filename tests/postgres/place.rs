//! Where the brokers of these worlds keep things: a database each, on a server that all tests share.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use demo::World;
use tokio::sync::OnceCell;

use crate::server::{Server, find};

static SERVER: OnceCell<Server> = OnceCell::const_new();
static MADE: AtomicU32 = AtomicU32::new(0);

/// The URL of an empty database.
pub(crate) async fn store_url() -> Option<String> {
    let server = SERVER.get_or_init(|| Box::pin(Server::start())).await;
    let name = format!("world_{}", MADE.fetch_add(1, Ordering::Relaxed));
    Some(server.database(&name).await)
}

/// All that the store of a world has written down.
pub(crate) fn contents(world: &World) -> Vec<u8> {
    dump(&std::fs::read_to_string(world.folder.join("store.url")).unwrap())
}

/// All of a database as text; what its columns hold as bytes stands behind it, as it is.
fn dump(url: &str) -> Vec<u8> {
    let dumped = Command::new(find("pg_dump")).arg("--inserts").arg(url).output().unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let text = String::from_utf8(dumped.stdout).unwrap();
    let digit =
        |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = text.clone().into_bytes();
    for column in text.split("'\\x").skip(1) {
        let digits: Vec<u8> = column.as_bytes().iter().map_while(digit).collect();
        bytes.extend(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]));
    }
    bytes
}
