//! The `bankconnect` program once more, where the tests of this folder find it.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    broker::program::run().await
}
