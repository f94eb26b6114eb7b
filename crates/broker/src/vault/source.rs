//! Where the key ring comes from: a file, or a command that prints it, such as one that has a key management
//! service decrypt it (requirement T04).

use std::fmt;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::{Ring, VaultError};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any ring has.
const MOST_BYTES: u64 = 1024 * 1024;

/// Where a key ring comes from.
#[derive(Clone)]
pub enum RingSource {
    /// A file, `store.key_file`.
    File(PathBuf),
    /// A program and its arguments, `store.key_command`; it prints the ring on its standard output.
    Command(Vec<String>),
}

impl RingSource {
    /// Reads it; blocks while a command runs, 30 seconds at most.
    pub(crate) fn read(&self) -> Result<Ring, VaultError> {
        let place = self.to_string();
        let wrong = |what: String| VaultError::KeyRing { place: place.clone(), what };
        let text = match self {
            Self::File(path) => {
                std::fs::read_to_string(path).map_err(|error| wrong(error.kind().to_string()))?
            }
            Self::Command(words) => run(words).map_err(&wrong)?,
        };
        Ring::parse(&Zeroizing::new(text), &place)
    }

    /// Whether looking at it again costs next to nothing.
    pub(crate) fn is_cheap(&self) -> bool {
        matches!(self, Self::File(_))
    }
}

/// As messages name it. Arguments may be secret.
impl fmt::Display for RingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Command(words) => {
                let program = words.first().map(String::as_str).unwrap_or_default();
                write!(f, "of store.key_command ({program} …)")
            }
        }
    }
}

/// What a command prints. Its own complaints go to our standard error.
fn run(words: &[String]) -> Result<String, String> {
    let [program, arguments @ ..] = words else { return Err("no command".to_owned()) };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child =
        command.spawn().map_err(|error| format!("the command does not start: {}", error.kind()))?;
    let out = child.stdout.take();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = out.map(|out| out.take(MOST_BYTES).read_to_string(&mut text));
        drop(tell.send(matches!(read, Some(Ok(_))).then_some(text)));
    });
    let end = Instant::now() + PATIENCE;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
            _ => {
                drop(child.kill());
                drop(child.wait());
                return Err(format!("the command takes longer than {} s", PATIENCE.as_secs()));
            }
        }
    };
    if !status.success() {
        return Err(format!("the command fails ({status})"));
    }
    let text = told.recv_timeout(end.saturating_duration_since(Instant::now()));
    text.ok().flatten().ok_or_else(|| "the command prints no text".to_owned())
}
