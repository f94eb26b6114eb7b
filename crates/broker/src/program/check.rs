//! `bankconnect check`: is the configuration good, and which guarantees hold under it, by what probes found of the
//! banks? Nothing is started, written or asked of anybody.
//!
//! The report is the same for the same configuration and findings, so two of them can be compared line by line, and it is
//! signed with a key that only the key ring gives (requirement K52): an auditor sees that it was not edited.

use std::path::{Path, PathBuf};

use anstyle::Style;
use serde_json::{Value, json};

use super::Stopped;
use super::terminal::{BAD, GOOD, Terminal, WARN, paint, say};
use crate::ambient::Ambient;
use crate::config::Config;
use crate::report_key::{self, ReportKey};
use crate::store::Store;
use crate::vault::VaultError;

mod guarantees;

use guarantees::{Guarantee, Holds};

/// What to check.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
    /// Instead: whether this report, as `--json` printed it, is of this configuration's key ring and unchanged.
    #[arg(long, value_name = "REPORT")]
    verify: Option<PathBuf>,
    /// With --verify: the public key that the report is to be signed by, as a report of the same ring names it;
    /// neither configuration nor key ring is needed then.
    #[arg(long, value_name = "PUBLIC", requires = "verify")]
    key: Option<String>,
}

/// A guarantee does not hold.
const WEAK: u8 = 3;
/// The command line is wrong.
const COMMAND_LINE: u8 = 2;
/// A report is not what it says.
const FORGED: u8 = 4;

/// Checks a configuration, or a report on one.
pub(super) async fn check(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    if let (Some(report), Some(key)) = (&arguments.verify, &arguments.key) {
        if !report_key::is_public(key) {
            let sentence = "--key: is no key as a report names it: 32 bytes in base64".to_owned();
            return Err(Stopped { code: COMMAND_LINE, word: "command_line", sentence });
        }
        return verify(report, std::slice::from_ref(key), "key", terminal);
    }
    let config = Config::load(&arguments.config);
    let config = config.map_err(|invalid| Stopped::failed(invalid.to_string()))?;
    let unfit = |error: VaultError| Stopped::failed(error.to_string());
    let ring = config.store.ring.read().map_err(unfit)?;
    if let Some(report) = &arguments.verify {
        return verify(report, &ReportKey::publics(&ring).map_err(unfit)?, "key ring", terminal);
    }
    let key = ReportKey::of_ring(&ring).map_err(unfit)?;
    let kept = match Store::inspect(&config.store.place).await {
        Ok(inspected) => inspected.findings,
        Err(error) => {
            let warning = paint(WARN, "warning");
            say(&format!("{warning}: {}: {error}", config.store.place.key()));
            Err("the store is no database that can be opened")
        }
    };
    let now = Ambient::system().now().as_second();
    let guarantees = guarantees::of(&config, &ring, &kept, now);
    let weak = guarantees.iter().any(|one| one.holds == Holds::No);
    let mut report = json!({
        "program": concat!("bankconnect ", env!("CARGO_PKG_VERSION")),
        "guarantees": guarantees.iter().map(Guarantee::json).collect::<Vec<_>>(),
        "key": key.public(),
    });
    report["signature"] = Value::String(key.sign(report.to_string().as_bytes()));
    terminal.answer(&text(&guarantees, &report), &report);
    Ok(if weak { WEAK } else { 0 })
}

/// A line per guarantee, what it depends on below it.
fn text(guarantees: &[Guarantee], report: &Value) -> String {
    let mut lines: Vec<_> = guarantees
        .iter()
        .map(|Guarantee { about, name, holds, why }| {
            let style = match holds {
                Holds::Yes => GOOD,
                Holds::Depends => WARN,
                Holds::No => BAD,
                Holds::Set => Style::new(),
            };
            let word = paint(style, &format!("{:7}", holds.word()));
            format!("{word} {about}: {name}: {why}")
        })
        .collect();
    let key = report["key"].as_str().unwrap_or_default();
    lines.push(format!("--json prints the same, signed by {key}"));
    lines.join("\n")
}

/// Takes the signature out and looks whether it is of one of these public keys, over the rest; `whose` says what
/// they came from.
fn verify(file: &Path, publics: &[String], whose: &str, terminal: Terminal) -> Result<u8, Stopped> {
    let forged =
        |sentence: &str| Stopped { code: FORGED, word: "forged", sentence: sentence.to_owned() };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stopped::failed(format!("{}: {error}", file.display())))?;
    let report = serde_json::from_str(&text).ok();
    let Some(Value::Object(mut report)) = report else {
        return Err(forged("the file is no report as `bankconnect check --json` prints it"));
    };
    let signature = report.remove("signature");
    let signature = signature.as_ref().and_then(Value::as_str).unwrap_or_default();
    let named = report.get("key").and_then(Value::as_str);
    let public = publics.iter().find(|public| named == Some(public));
    let public =
        public.ok_or_else(|| forged(&format!("the report is signed under another {whose}")))?;
    let signed = Value::Object(report).to_string();
    if !report_key::is_signed(public, signed.as_bytes(), signature) {
        return Err(forged("the report was changed after it was signed"));
    }
    let text = format!("the report is of this {whose}, and unchanged");
    terminal.answer(&text, &json!({ "genuine": true }));
    Ok(0)
}
