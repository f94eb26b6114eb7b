//! The `bankconnect` program, as operators install it; what it does stands in `program.rs`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    broker::program::run().await
}
