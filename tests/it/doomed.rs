//! A broker in a process of its own, beside the one of a world and on the same store, to be killed.

use std::net::SocketAddr;
use std::process::Stdio;

use demo::World;
use demo::browser::Browser;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A broker that is going to be killed.
pub(crate) struct Doomed {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Led to it.
    pub(crate) browser: Browser,
}

impl Doomed {
    /// Starts beside the world's own broker; stops by itself at `waypoint`.
    pub(crate) async fn start(world: &World, browser: &Browser, waypoint: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_stepped_broker"))
            .arg(&world.folder)
            .args(["127.0.0.1:0", &world.now().to_string(), waypoint])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = said.next_line().await.unwrap().expect("it starts");
        let address: SocketAddr = line.strip_prefix("serving ").unwrap().parse().unwrap();
        Self { process, said, address, browser: browser.through(address) }
    }

    /// Waits until it stands at its waypoint.
    pub(crate) async fn arrives(&mut self) {
        assert_eq!(self.said.next_line().await.unwrap().as_deref(), Some("there"));
    }

    /// SIGKILL, and waits until it is gone.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}
