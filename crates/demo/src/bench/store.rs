//! The last table of the bench: the same work on a store of a thousand connections and on a full one.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::process::Command;

use super::{Bench, out, serve};
use crate::seed::{self, Seeded};
use crate::world::Failure;

/// Renewals that are timed.
const REFRESHES: usize = 30;
/// Rounds of the sweep: one every five seconds.
const ROUNDS: u32 = 4;

/// What one store costs.
struct Costs {
    lookup: Duration,
    list: Duration,
    refresh: Duration,
    round: Duration,
    peak_kib: u64,
    file_mib: u64,
}

/// How one of the costs is written.
type Column = fn(&Costs) -> String;

/// Measures and prints both side by side.
pub(super) async fn run(many: u64) -> Result<(), Failure> {
    let few = measure(1000).await?;
    let full = measure(many).await?;
    out(&format!("\n{:<52} {:>12} {:>12}", "connections in the store", 1000, many));
    let rows: [(&str, Column); 6] = [
        ("one connection of a browser, median", |costs| micros(costs.lookup)),
        ("list of a browser's connections, median", |costs| micros(costs.list)),
        ("account list with a refresh before it, median", |costs| micros(costs.refresh)),
        ("a round of the sweep with nothing due, CPU", |costs| micros(costs.round)),
        ("peak memory of the broker", |costs| format!("{} KiB", costs.peak_kib)),
        ("size of the store", |costs| format!("{} MiB", costs.file_mib)),
    ];
    for (what, of) in rows {
        out(&format!("{what:<52} {:>12} {:>12}", of(&few), of(&full)));
    }
    Ok(())
}

async fn measure(connections: u64) -> Result<Costs, Failure> {
    let mut bench = Bench::start().await?;
    let own = bench.browser.connect("cnb", "aisp").await?;
    bench.browser.get(&format!("/connections/{own}")).await?; // shows the cookie
    let folder = bench.folder.path().to_owned();
    bench.stop().await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let known = seed::fill(&folder, connections, now, &progress).await?;
    bench.broker = serve(&folder)?;
    bench.until_ready().await?;
    let refresh = bench.refreshes(&own).await?;
    let lookup = bench.each(&known, |one| format!("/connections/{}", one.connection)).await?;
    let list = bench.each(&known, |_| "/connections".to_owned()).await?;
    let before = bench.cpu()?;
    tokio::time::sleep(Duration::from_secs(5) * ROUNDS).await;
    let round = bench.cpu()?.saturating_sub(before) / ROUNDS;
    let peak_kib = bench.peak_kib()?;
    bench.stop().await?;
    let file_mib = std::fs::metadata(folder.join("bankconnect.db"))?.len() / 1024 / 1024;
    Ok(Costs { lookup, list, refresh, round, peak_kib, file_mib })
}

impl Bench {
    /// Stops the broker as a service manager would.
    async fn stop(&mut self) -> Result<(), Failure> {
        Command::new("kill").arg(self.pid()?.to_string()).status().await?;
        self.broker.wait().await?;
        Ok(())
    }

    /// Asks once for each, none of whom was there before.
    async fn each(
        &self,
        known: &[Seeded],
        path: impl Fn(&Seeded) -> String,
    ) -> Result<Duration, Failure> {
        let mut times = Vec::new();
        for seeded in known {
            seeded.enter(&self.browser);
            let begun = Instant::now();
            let answer = self.browser.get(&path(seeded)).await?;
            times.push(begun.elapsed());
            if !answer.text.contains(&seeded.connection) {
                return Err(format!("{} {}", answer.status, answer.text).into());
            }
        }
        Ok(median(times))
    }

    async fn refreshes(&self, own: &str) -> Result<Duration, Failure> {
        let mut times = Vec::new();
        for _ in 0..REFRESHES {
            seed::expire(self.folder.path()).await?;
            let begun = Instant::now();
            let path = format!("/connections/{own}/api/my/accounts");
            let answer = self.browser.get(&path).await?;
            times.push(begun.elapsed());
            if !answer.status.is_success() {
                return Err(format!("{} {}", answer.status, answer.text).into());
            }
        }
        Ok(median(times))
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn micros(time: Duration) -> String {
    format!("{} µs", time.as_micros())
}

/// Tells how far the seeding is, in one line of the terminal.
#[expect(clippy::print_stderr, reason = "for the person who waits")]
fn progress(told: &str) {
    eprint!("\r{told:<60}\r");
}
