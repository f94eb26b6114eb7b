//! A broker in a process of its own, which a test can kill: `stepped_broker FOLDER ADDRESS NOW WAYPOINT`.
//!
//! Its clock stands at NOW, seconds since 1970. It says `serving` and where; what comes to WAYPOINT says
//! `there` and goes no further. The process ends with its standard input, so that none is left
//! over when a test fails.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;

use broker::Broker;
use broker::ambient::{Ambient, Gates, Held, Waypoint};
use broker::config::Config;
use broker::serve::{Handle, Listener};
use jiff::Timestamp;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, address, now, waypoint] = &arguments[..] else {
        return Err("FOLDER ADDRESS NOW WAYPOINT".into());
    };
    let now = Timestamp::from_second(now.parse()?)?;
    let ambient = Ambient::system().with_clock(move || now).with_gates(StopAt(waypoint.clone()));
    std::thread::spawn(|| {
        drop(std::io::stdin().read_to_end(&mut Vec::new()));
        std::process::exit(0);
    });
    let listener = Listener::bind(address.parse()?, None)?;
    let address = listener.address()?;
    let config = Config::load(&Path::new(folder).join("bankconnect.toml"))?;
    let (_broker, router) = Broker::start(config, ambient).await?;
    say(&format!("serving {address}"));
    Ok(listener.serve(router, Handle::<SocketAddr>::new()).await?)
}

/// The name of the waypoint that nothing passes.
struct StopAt(String);

impl Gates for StopAt {
    fn pass(&self, waypoint: Waypoint) -> Held<'_> {
        if format!("{waypoint:?}") != self.0 {
            return Box::pin(std::future::ready(()));
        }
        say("there");
        Box::pin(std::future::pending())
    }
}

/// A line for the test; nobody may be reading any more.
fn say(word: &str) {
    let mut out = std::io::stdout();
    drop(writeln!(out, "{word}").and_then(|()| out.flush()));
}
