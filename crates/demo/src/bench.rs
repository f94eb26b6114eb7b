//! `./just bench`: what a proxied call and a connect cost the broker, and what a full store adds to that.
//!
//! The broker runs as a process of its own, so that its processor time and memory are told apart
//! from the bank's and the caller's, which share this process.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bank_sim::BankSim;
use clap::Args;
use tokio::process::{Child, Command};

use crate::browser::Browser;
use crate::world::{Failure, Options};
use crate::{setup, world};

mod store;

/// How much to measure.
#[derive(Args)]
pub struct Settings {
    /// Calls at a time.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Seconds of load per figure.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Whole connects to measure.
    #[arg(long, default_value_t = 50)]
    connects: u32,
    /// Connections in the store for the last table, beside a thousand; 0 leaves it out.
    #[arg(long, default_value_t = 1_000_000)]
    store: u64,
}

/// Measures and prints a table.
pub async fn run(settings: &Settings) -> Result<(), Failure> {
    let bench = Bench::start().await?;
    let id = bench.browser.connect("cnb", "aisp").await?;
    out("what                                    calls    CPU/call   calls/s   peak memory");
    let accounts = bench.browser.get(&format!("/connections/{id}/api/my/accounts")).await?;
    bench.load("account list", &format!("/connections/{id}/api/my/accounts"), settings).await?;
    let account = accounts.json()["accounts"][0]["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/connections/{id}/api/my/accounts/{account}/transactions");
    bench.load("a year of transactions", &path, settings).await?;
    bench.load("no bank: list of connections", "/connections", settings).await?;
    bench.connects(settings.connects).await?;
    drop(bench);
    if settings.store > 0 {
        store::run(settings.store).await?;
    }
    Ok(())
}

struct Bench {
    _bank: BankSim,
    broker: Child,
    browser: Arc<Browser>,
    folder: tempfile::TempDir,
}

impl Bench {
    async fn start() -> Result<Self, Failure> {
        let options = Options { second_provider: false, ..Options::default() };
        let origin = "https://app.example";
        let bank = BankSim::start(bank_sim::Options {
            clients: setup::clients(origin, &options),
            ..bank_sim::Options::default()
        })
        .await?;
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address: SocketAddr = free.local_addr()?;
        drop(free);
        let folder = tempfile::tempdir()?;
        setup::write(folder.path(), &options, &bank, address, origin)?;
        let broker = serve(folder.path())?;
        let credential = bank.credentials().into_iter().next().ok_or("no customer")?;
        let credential = (credential.username, credential.password);
        let client = world::http_client(&bank);
        let browser = Arc::new(Browser::new(client, address, origin.to_owned(), credential));
        let bench = Self { _bank: bank, broker, browser, folder };
        bench.until_ready().await?;
        Ok(bench)
    }

    async fn until_ready(&self) -> Result<(), Failure> {
        for _ in 0..200 {
            if self.browser.get("/health/ready").await.is_ok_and(|a| a.status.is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("the broker does not get ready".into())
    }

    async fn load(&self, what: &str, path: &str, settings: &Settings) -> Result<(), Failure> {
        let done = Arc::new(AtomicU64::new(0));
        let (begun, before) = (Instant::now(), self.cpu()?);
        let until = begun + Duration::from_secs(settings.seconds);
        let callers = (0..settings.connections).map(|_| {
            let (browser, path, done) = (self.browser.clone(), path.to_owned(), done.clone());
            tokio::spawn(async move {
                while Instant::now() < until {
                    let answer = browser.get(&path).await?;
                    if !answer.status.is_success() {
                        return Err(format!("{} {}", answer.status, answer.text).into());
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<(), Failure>(())
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await??;
        }
        let (spent, calls) =
            (self.cpu()?.saturating_sub(before), done.load(Ordering::Relaxed).max(1));
        out(&format!(
            "{what:<36} {calls:>8} {:>8} µs {:>9} {:>9} KiB",
            spent.as_micros() / u128::from(calls),
            u128::from(calls) * 1000 / begun.elapsed().as_millis().max(1),
            self.peak_kib()?,
        ));
        Ok(())
    }

    async fn connects(&self, count: u32) -> Result<(), Failure> {
        let mut own = Vec::new();
        let before = self.cpu()?;
        for _ in 0..count {
            let begun = Instant::now();
            let attempt = self.browser.start("cnb", "aisp").await?;
            let start = begun.elapsed();
            let landing = self.browser.consent(&attempt).await?;
            let begun = Instant::now();
            self.browser.finish(&attempt, &landing).await?;
            own.push(start + begun.elapsed());
        }
        let spent = self.cpu()?.saturating_sub(before) / count.max(1);
        own.sort();
        let median = own.get(own.len() / 2).copied().unwrap_or_default();
        out(&format!(
            "connect: start and callback, bank's token reply included: median {} µs; \
             broker's CPU {} µs",
            median.as_micros(),
            spent.as_micros()
        ));
        Ok(())
    }

    /// User and system time of the broker so far, in ticks of 10 ms.
    fn cpu(&self) -> Result<Duration, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid()?))?;
        let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split(' ').collect();
        let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
        Ok(Duration::from_millis((ticks(12) + ticks(13)) * 10))
    }

    fn peak_kib(&self) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        Ok(line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0))
    }

    fn pid(&self) -> Result<u32, Failure> {
        self.broker.id().ok_or_else(|| "the broker has ended".into())
    }
}

/// Starts the program on the files in `folder`.
fn serve(folder: &Path) -> Result<Child, Failure> {
    let mut command = Command::new(beside_this_program()?);
    command.arg("serve").arg("--config").arg(folder.join("bankconnect.toml"));
    Ok(command.stdout(Stdio::null()).kill_on_drop(true).spawn()?)
}

/// The `bankconnect` program of the same build.
fn beside_this_program() -> Result<PathBuf, Failure> {
    let path = std::env::current_exe()?.with_file_name("bankconnect");
    if path.exists() {
        return Ok(path);
    }
    Err("build the broker first: cargo build --release --package broker".into())
}

#[expect(clippy::print_stdout, reason = "the program's own output")]
fn out(text: &str) {
    println!("{text}");
}
