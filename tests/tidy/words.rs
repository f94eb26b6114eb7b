//! What no line may say: code left unfinished, tests switched off, doors used by the wrong file.
//!
//! The forbidden words are cut in two by `concat!`, or this file would break its own rules.

use crate::tree::{File, Finding};

pub(crate) struct Rule {
    pub(crate) says: &'static str,
    fix: &'static str,
    /// Whether the rule holds for a path.
    concerns: fn(&str) -> bool,
    /// Whether a line breaks it.
    broken_by: fn(&str) -> bool,
}

impl Rule {
    pub(crate) fn breaks(&self, path: &str, line: &str) -> bool {
        (self.concerns)(path) && (self.broken_by)(line)
    }
}

/// The one reader of the environment per process; what else is configured is handed on from there.
const READS_ENVIRONMENT: [&str; 2] = ["crates/broker/src/config.rs", "crates/bank-sim/src/main.rs"];
/// The one place where the page talks to the network.
const CALLS_FETCH: &str = "crates/browser/src/fetch.rs";
/// The WebAssembly cannot fetch itself; this file fetches it, and nothing else.
const LOADS_COMPONENT: &str = "crates/browser/ts/core.ts";
const NO_CLOCK_NO_IO: [&str; 2] = ["crates/protocol/src/", "crates/cobs/src/"];

pub(crate) const RULES: [Rule; 9] = [
    Rule {
        says: "unfinished code",
        fix: "write it, or leave out what calls it",
        concerns: is_rust,
        broken_by: |line| has(line, &[concat!("to", "do!("), concat!("unimpl", "emented!(")]),
    },
    Rule {
        says: "a test that is switched off",
        fix: "mend it or delete it; nobody reads what never runs",
        concerns: is_rust,
        // what takes minutes has a recipe of its own, which CI runs
        broken_by: |line| {
            has(line, &[concat!("#[ign", "ore")]) && !line.contains("\"long: just test-long\"")
        },
    },
    Rule {
        says: "a test that is switched off, or switches off the others",
        fix: "mend it or delete it; nobody reads what never runs",
        concerns: is_script,
        broken_by: |line| has(line, &[concat!(".sk", "ip("), concat!(".on", "ly(")]),
    },
    Rule {
        says: "a note without a kind",
        fix: "mend it now, or write TODO(kind) with the reason: TODO(test), TODO(harden)",
        concerns: |path| {
            is_rust(path) || is_script(path) || ends(path, &[".sh", ".css", ".html", ".sql"])
        },
        broken_by: |line| {
            let note = concat!("FIX", "ME");
            line.split(note).skip(1).any(|rest| !rest.starts_with('('))
        },
    },
    Rule {
        says: "the path of somebody's machine",
        fix: "write it relative to the repository, or as an example below /srv or /etc",
        concerns: |path| !ends(path, &["Cargo.lock", "package-lock.json"]),
        broken_by: |line| {
            ["/wo", "/ro", "/ho", "/Us"].iter().zip(["rk/", "ot/", "me/", "ers/"]).any(
                |(start, end)| {
                    let needle = format!("{start}{end}");
                    line.match_indices(&needle).any(|(at, _)| {
                        let before = line[..at].chars().next_back();
                        let after = line[at + needle.len()..].chars().next();
                        !before.is_some_and(is_part_of_name) && after.is_some_and(is_part_of_name)
                    })
                },
            )
        },
    },
    Rule {
        says: "reads the environment outside the configuration",
        fix: "take the value as an argument; only the listed files of tests/tidy/words.rs read it",
        concerns: |path| {
            is_rust(path) && path.starts_with("crates/") && !READS_ENVIRONMENT.contains(&path)
        },
        broken_by: |line| {
            let by_clap = is_said(line, &["#[arg("]) && has(line, &["(env", " env"]);
            by_clap || is_said(line, &["env::var", "option_env!"])
        },
    },
    Rule {
        says: "calls the network past the one door",
        fix: "go through crates/browser/src/fetch.rs, which sets headers, limits and errors",
        concerns: |path| path.starts_with("crates/browser/src/") && path != CALLS_FETCH,
        broken_by: |line| {
            is_said(line, &["fetch_with", "RequestBuilder", "XmlHttpRequest", "WebSocket"])
                || is_said(line, &["gloo_net"]) && line.contains("Request")
        },
    },
    Rule {
        says: "calls the network from TypeScript",
        fix: "let the WebAssembly call; crates/browser/src/fetch.rs is the only door",
        concerns: |path| path.starts_with("crates/browser/ts/") && path != LOADS_COMPONENT,
        broken_by: |line| {
            let call = line.match_indices("fetch(").any(|(at, _)| {
                !line[..at].chars().next_back().is_some_and(|c| is_part_of_name(c) && c != '.')
            });
            call && is_said(line, &["fetch("]) || is_said(line, &["XMLHttpRequest", "sendBeacon"])
        },
    },
    Rule {
        says: "a clock, randomness or IO in a crate that has none",
        fix: "take the time, the bytes or the text as an argument",
        concerns: |path| NO_CLOCK_NO_IO.iter().any(|folder| path.starts_with(folder)),
        broken_by: |line| {
            let doors = ["std::time", "std::fs", "std::net", "std::env", "std::io", "std::process"];
            is_said(line, &doors) || is_said(line, &["SystemTime", "Instant::now", "getrandom"])
        },
    },
];

/// One line per way to break a rule: the path it stands in, the line.
pub(crate) const BAD_EXAMPLES: [(&str, &str); 19] = [
    ("crates/broker/src/a.rs", concat!("    to", "do!()")),
    ("crates/broker/src/a.rs", concat!("    unimpl", "emented!(\"later\")")),
    ("tests/it/a.rs", concat!("#[ign", "ore = \"slow\"]")),
    ("web/test/a.mjs", concat!("test.sk", "ip('popup', () => {})")),
    ("web/test/a.mjs", concat!("describe.on", "ly('popup', () => {})")),
    ("scripts/a.sh", concat!("# FIX", "ME: quotes")),
    ("README.md", concat!("cd /ho", "me/alice/bankconnect")),
    ("crates/demo/src/a.rs", concat!("\"/ro", "ot/.cargo\"")),
    ("web/src/a.ts", concat!("'/wo", "rk/main'")),
    ("web/src/a.ts", concat!("'file:///Us", "ers/alice'")),
    ("crates/bank-sim/src/a.rs", "let port = std::env::var(\"PORT\");"),
    ("crates/broker/src/main.rs", "#[arg(long, env = \"CONFIG\")]"),
    ("crates/browser/src/start.rs", "use gloo_net::http::{Method, Request};"),
    ("crates/browser/src/start.rs", "window.fetch_with_request(&request)"),
    ("crates/browser/ts/a.ts", "const answer = await fetch(url);"),
    ("crates/browser/ts/a.ts", "globalThis.fetch(url)"),
    ("crates/browser/ts/a.ts", "navigator.sendBeacon(url)"),
    ("crates/protocol/src/state.rs", "let now = std::time::Instant::now();"),
    ("crates/cobs/src/lib.rs", "getrandom::fill(&mut bytes)?;"),
];

/// Lines that look like the bad ones and are right.
pub(crate) const GOOD_EXAMPLES: [(&str, &str); 9] = [
    ("crates/broker/src/config.rs", "Self::parse(path, &text, std::env::vars())"),
    ("crates/broker/src/grant.rs", "//! never asks `env::var` itself"),
    ("crates/demo/src/bench.rs", "let here = std::env::current_exe()?;"),
    ("crates/browser/src/start.rs", "use gloo_net::http::Method;"),
    ("crates/browser/ts/core.ts", "await fetch(found)"),
    ("crates/browser/ts/a.ts", "this.#prefetch(url)"),
    ("crates/browser/ts/a.ts", "/** Takes the answer of `fetch(url)`. */"),
    ("crates/browser/src/fetch.rs", "use gloo_net::http::{Method, RequestBuilder};"),
    ("README.md", concat!("https://bank.example/ho", "me/page")),
];

pub(crate) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            for rule in RULES.iter().filter(|rule| rule.breaks(&file.path, line)) {
                findings.push(Finding {
                    path: file.path.clone(),
                    line: index + 1,
                    rule: rule.says.to_owned(),
                    fix: rule.fix.to_owned(),
                });
            }
        }
    }
    findings
}

fn is_rust(path: &str) -> bool {
    ends(path, &[".rs"])
}

fn is_script(path: &str) -> bool {
    ends(path, &[".ts", ".mjs", ".js"])
}

fn ends(path: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| path.ends_with(ending))
}

fn has(line: &str, words: &[&str]) -> bool {
    words.iter().any(|word| line.contains(word))
}

/// Like `has`, for words a comment may use.
fn is_said(line: &str, words: &[&str]) -> bool {
    let comment = ["//", "/*", "* "].iter().any(|sign| line.trim_start().starts_with(sign));
    !comment && has(line, words)
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '$' | '~')
}
