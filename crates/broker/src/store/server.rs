//! A store in a PostgreSQL database, which brokers of many machines share.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions, PgSslMode};
use sqlx::{Connection as _, Row as _};
use url::{Host, Url};

use super::engine::Pool;
use super::{OpenError, Store, StoreError, schema};
use crate::ambient::Ambient;
use crate::secret::Secret;

/// Connections of one broker.
const MOST_CONNECTIONS: u32 = 16;
/// How long a call waits for one of them.
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds that the clocks of a broker and of the server may be apart: leases and times of others are read by
/// each broker's own.
const MOST_SKEW: i64 = 5;
/// What the server ends by itself, so that a broker which is gone holds nothing: statements, waits for a lock,
/// transactions that nobody goes on with, connections that lead nowhere; and how it reads.
const BOUNDS: [(&str, &str); 8] = [
    ("statement_timeout", "10s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("tcp_keepalives_idle", "15"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
    // every statement has its index; a look at a whole small table would be in the way of all who write there
    ("enable_seqscan", "off"),
];
/// What may stand behind `?`. Others would be passed over, and sqlx writes them to the log with their values.
const PARAMETERS: [&str; 5] = ["host", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/// Why a URL is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsafe {
    /// It is no `postgres://…`.
    NoUrl,
    /// It has a parameter that is not known.
    Parameter,
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
    // without bounds: another broker may be at the schema for long
    let mut first = PgConnection::connect_with(&options).await?;
    let skew = skew(&mut first).await?;
    if skew.abs() > MOST_SKEW {
        return Err(OpenError::Skew(skew));
    }
    schema::of_servers().run(&mut first).await?;
    first.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(MOST_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(bounded(options))
        .await?;
    Ok(Store { pool: Pool::Postgres(pool), lock: None })
}

/// Seconds that the server's clock is ahead of this machine's.
async fn skew(connection: &mut PgConnection) -> Result<i64, StoreError> {
    // by its plain name, and not of `pg_catalog`: a test sets the clock
    let now = "select cast(extract(epoch from clock_timestamp()) as bigint)";
    let row = sqlx::query(now).fetch_one(connection).await?;
    Ok(row.try_get::<i64, _>(0)? - Ambient::system().now().as_second())
}

/// The same, with an end to everything.
fn bounded(options: PgConnectOptions) -> PgConnectOptions {
    options.options(BOUNDS)
}

/// Never without TLS to another machine, whose name has to be proven: there go cookies' hashes and sealed
/// tokens, and back come connections.
pub(super) fn options(text: &Secret) -> Result<PgConnectOptions, Unsafe> {
    let url = Url::parse(text.expose()).map_err(|_| Unsafe::NoUrl)?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(Unsafe::NoUrl);
    }
    if !url.query_pairs().all(|(name, _)| PARAMETERS.contains(&&*name)) {
        return Err(Unsafe::Parameter);
    }
    let options = PgConnectOptions::from_str(text.expose()).map_err(|_| Unsafe::NoUrl)?;
    let is_here = options.get_socket().is_some() || is_here(options.get_host());
    match options.get_ssl_mode() {
        PgSslMode::VerifyFull => {}
        _ if is_here => {}
        _ => return Err(Unsafe::Plain),
    }
    Ok(options.application_name("bankconnect"))
}

/// Whether a host is this machine: a socket's folder, `localhost`, 127.0.0.0/8, `::1`.
fn is_here(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Ok(Host::Domain(name)) => name == "localhost",
        Err(_) => host.starts_with('/'),
    }
}
