//! What a command says: sentences and tables to people, one JSON object to programs, never both.
//!
//! Answers go to standard output, everything beside them to standard error. Colours and bold are taken
//! out where the stream is no terminal or the person wants none (`NO_COLOR`).

use std::io::{ErrorKind, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};

use super::Stopped;

/// Colour of what is as it should be.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// Colour of what somebody should look at.
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
/// Colour of what is wrong.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();

/// How one run of the program answers.
#[derive(Clone, Copy)]
pub(super) struct Terminal {
    /// One object on standard output instead of sentences.
    pub(super) json: bool,
}

impl Terminal {
    /// What was asked for: `text` for people, or the value for programs.
    pub(super) fn answer(self, text: &str, value: &Value) {
        if self.json { print(&value.to_string()) } else { print(text) }
    }

    /// A line for people while the work goes on; programs get it with the answer.
    pub(super) fn line(self, text: &str) {
        if !self.json {
            print(text);
        }
    }

    /// Why nothing came of it; answers the exit code.
    pub(super) fn stopped(self, stopped: &Stopped) -> u8 {
        say(&format!("{}: {}", paint(BAD, "error"), stopped.sentence));
        if self.json {
            print(&json!({ "error": stopped.word, "detail": stopped.sentence }).to_string());
        }
        stopped.code
    }
}

/// The text in a style.
pub(super) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Columns below their heads, as wide as the terminal lets them be.
pub(super) fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head.to_vec()).add_rows(rows);
    table.trim_fmt()
}

/// Beside the answer: progress, questions, errors. Where nobody can hear them, the work goes on.
pub(super) fn say(text: &str) {
    drop(writeln!(anstream::stderr(), "{text}"));
}

/// A question, which the answer is written behind.
pub(super) fn ask(text: &str) {
    drop(write!(anstream::stderr(), "{text}"));
}

/// Whether an answer could not be written, on a full disk for instance.
static UNWRITTEN: AtomicBool = AtomicBool::new(false);

/// The exit code, once everything is done: an answer that nobody got is a failure.
pub(super) fn exit_code(code: u8) -> u8 {
    if code == 0 && UNWRITTEN.load(Ordering::Relaxed) { 1 } else { code }
}

fn print(text: &str) {
    let mut out = anstream::stdout();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => {}
        // the reader has enough, as `head` has
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            let what = "standard output cannot be written; what was asked for is done all the same";
            say(&format!("{}: {what} ({error})", paint(BAD, "error")));
            UNWRITTEN.store(true, Ordering::Relaxed);
        }
    }
}
