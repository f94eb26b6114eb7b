//! Where the brokers of these worlds keep things: a file each. The tests `postgres` have databases in its place.

use demo::World;

/// The URL of a database; none.
#[expect(clippy::unused_async, reason = "a server has to be asked for one")]
pub(crate) async fn store_url() -> Option<String> {
    None
}

/// Every byte that the store of a world has written down.
pub(crate) fn contents(world: &World) -> Vec<u8> {
    let files = ["bankconnect.db", "bankconnect.db-wal", "bankconnect.db-shm"];
    let bytes = files.map(|file| std::fs::read(world.folder.join(file)).unwrap_or_default());
    bytes.concat()
}
