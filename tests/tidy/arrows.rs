//! Which crate may depend on which. The most telling thing about a crate is what it does not know.

use std::collections::{BTreeSet, VecDeque};

use toml::{Table, Value};

use crate::tree::{File, Finding};

/// The arrows of ARCHITECTURE.md, for every kind of dependency, tests included.
const ARROWS: [(&str, &[&str]); 7] = [
    ("protocol", &[]),
    ("cobs", &[]),
    ("browser", &["protocol", "cobs"]),
    // never bank-sim: what only agrees with our own idea of a bank proves nothing
    ("broker", &["protocol"]),
    // a second opinion: a field misspelt in our types must not agree with itself
    ("bank-sim", &[]),
    ("demo", &["bank-sim", "broker", "protocol"]),
    ("tests", &["protocol", "cobs", "browser", "broker", "bank-sim", "demo"]),
];

/// All that the crates without input, output, clock and randomness may take from outside.
const OUTSIDE: [(&str, &[&str]); 2] = [
    ("protocol", &["serde", "serde_json", "sha2", "ts-rs"]),
    ("cobs", &["serde", "serde_json", "ts-rs"]),
];

/// Each of these costs more than the whole component should weigh.
const HEAVY: [&str; 3] = ["url", "chrono", "regex"];

const MAP: &str = "take the dependency out, or change ARCHITECTURE.md and this table with a reason";

pub(crate) fn between_crates(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, file) in manifests(files) {
        let Some((_, allowed)) = ARROWS.iter().find(|(krate, _)| *krate == name) else {
            let fix =
                "draw its arrows in ARCHITECTURE.md and add it to ARROWS in tests/tidy/arrows.rs";
            findings.push(finding(file, 1, format!("the crate {name} is not in the table"), fix));
            continue;
        };
        for dependency in dependencies(&file.text) {
            let ours = ARROWS.iter().any(|(krate, _)| *krate == dependency);
            if ours && !allowed.contains(&dependency.as_str()) {
                let rule = format!("{name} may not depend on {dependency}");
                findings.push(finding(file, line_of(&file.text, &dependency), rule, MAP));
            }
        }
    }
    findings
}

pub(crate) fn from_outside(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, file) in manifests(files) {
        let Some((_, allowed)) = OUTSIDE.iter().find(|(krate, _)| *krate == name) else {
            continue;
        };
        for dependency in dependencies(&file.text) {
            let ours = ARROWS.iter().any(|(krate, _)| *krate == dependency);
            if !ours && !allowed.contains(&dependency.as_str()) {
                let rule = format!("{name} may not depend on {dependency}: it does no IO");
                findings.push(finding(file, line_of(&file.text, &dependency), rule, MAP));
            }
        }
    }
    findings
}

pub(crate) fn lints(files: &[File]) -> Vec<Finding> {
    let inherits = |file: &File| {
        let table = file.text.parse::<Table>().unwrap_or_default();
        table.get("lints").and_then(|lints| lints.get("workspace")) == Some(&Value::Boolean(true))
    };
    manifests(files)
        .filter(|(_, file)| !inherits(file))
        .map(|(name, file)| {
            let rule = format!("{name} has its own lints");
            finding(file, line_of(&file.text, "[lints"), rule, "[lints] workspace = true")
        })
        .collect()
}

/// Walks Cargo.lock, where no feature or target hides a dependency.
pub(crate) fn inside_webassembly(files: &[File]) -> Vec<Finding> {
    let Some(lock) = files.iter().find(|file| file.path == "Cargo.lock") else {
        return Vec::new();
    };
    let table = lock.text.parse::<Table>().unwrap_or_default();
    let packages = table.get("package").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let mut walks = VecDeque::from([("browser".to_owned(), "browser".to_owned())]);
    while let Some((wanted, walk)) = walks.pop_front() {
        // an entry reads "name", or "name version" where two versions are in the lock file
        let (name, version) = wanted.split_once(' ').unwrap_or((&wanted, ""));
        if !seen.insert(wanted.clone()) {
            continue;
        }
        if HEAVY.contains(&name) {
            let line = line_of(&lock.text, &format!("name = \"{name}\""));
            let rule = format!("{name} reaches the WebAssembly: {walk}");
            let fix = "use what the browser has; switch the feature off that brings it in";
            findings.push(finding(lock, line, rule, fix));
        }
        for package in packages.iter().filter(|package| is(package, name, version)) {
            let next = package.get("dependencies").and_then(Value::as_array);
            for dependency in next.into_iter().flatten().filter_map(Value::as_str) {
                let name = dependency.split(' ').next().unwrap_or(dependency);
                walks.push_back((dependency.to_owned(), format!("{walk} → {name}")));
            }
        }
    }
    findings
}

fn is(package: &Value, name: &str, version: &str) -> bool {
    let text = |key| package.get(key).and_then(Value::as_str).unwrap_or_default();
    text("name") == name && (version.is_empty() || text("version") == version)
}

/// The members' manifests with the name of their folder, which is the name of the crate.
fn manifests(files: &[File]) -> impl Iterator<Item = (&str, &File)> {
    files.iter().filter_map(|file| {
        let folder = file.path.strip_suffix("/Cargo.toml")?;
        Some((folder.strip_prefix("crates/").unwrap_or(folder), file))
    })
}

/// Every dependency of a manifest, of every kind and target, by its real name.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut tables = vec![manifest.parse::<Table>().unwrap_or_default()];
    while let Some(table) = tables.pop() {
        for (key, value) in table {
            let Value::Table(inner) = value else { continue };
            if key.ends_with("dependencies") {
                found.extend(inner.iter().map(|(name, how)| {
                    how.get("package").and_then(Value::as_str).unwrap_or(name).to_owned()
                }));
            } else if key == "target" || key.starts_with("cfg(") || key.contains('-') {
                tables.push(inner);
            }
        }
    }
    found
}

fn line_of(text: &str, needle: &str) -> usize {
    text.lines().position(|line| line.contains(needle)).map_or(1, |index| index + 1)
}

fn finding(file: &File, line: usize, rule: String, fix: &str) -> Finding {
    Finding { path: file.path.clone(), line, rule, fix: fix.to_owned() }
}
