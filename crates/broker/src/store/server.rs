//! A store in a PostgreSQL database, which brokers of many machines share.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};

use super::engine::Pool;
use super::{OpenError, Store, schema};
use crate::secret::Secret;

/// Connections of one broker.
const MOST_CONNECTIONS: u32 = 16;
/// How long a call waits for one of them.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a URL is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsafe {
    /// It is no `postgres://…`.
    NoUrl,
    /// The way to another machine would not be proven and sealed.
    Plain,
}

/// Looks at the URL of a database; nobody is asked.
pub fn check_url(url: &Secret) -> Result<(), Unsafe> {
    options(url).map(drop)
}

/// Opens the database and brings its schema up to date; brokers that start together take turns at that.
pub(super) async fn open(url: &Secret) -> Result<Store, OpenError> {
    // found good when the configuration was
    let options = options(url).map_err(|_| sqlx::Error::Configuration("the URL".into()))?;
    let pool = PgPoolOptions::new()
        .max_connections(MOST_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    schema::of_servers().run(&pool).await?;
    Ok(Store { pool: Pool::Postgres(pool), lock: None })
}

/// Never without TLS to another machine, whose name has to be proven: there go cookies' hashes and sealed
/// tokens, and back come connections.
pub(super) fn options(url: &Secret) -> Result<PgConnectOptions, Unsafe> {
    let text = url.expose();
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return Err(Unsafe::NoUrl);
    }
    let options = PgConnectOptions::from_str(text).map_err(|_| Unsafe::NoUrl)?;
    let host = options.get_host();
    let is_here = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match options.get_ssl_mode() {
        PgSslMode::VerifyFull => {}
        _ if is_here => {}
        _ => return Err(Unsafe::Plain),
    }
    Ok(options.application_name("bankconnect"))
}
