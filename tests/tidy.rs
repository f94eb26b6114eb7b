//! The rules of the house that no compiler knows, each with a bad example that proves it can fail.
//!
//! What the crates may know of each other stands in `tidy/arrows.rs`, what a line may say in
//! `tidy/words.rs`, what a file must look like in `tidy/shape.rs`. The picture of the arrows is in
//! ARCHITECTURE.md; a change to a table here is a change of the architecture and belongs there too.

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/words.rs"]
mod words;

use tree::{File, Finding};

#[test]
fn crates_know_only_whom_they_may() {
    clean(&arrows::between_crates(&repository()));
}

#[test]
fn an_arrow_from_broker_to_bank_sim_is_refused() {
    for section in ["dependencies", "dev-dependencies", "target.'cfg(unix)'.build-dependencies"] {
        let text =
            format!("[package]\nname = \"broker\"\n[{section}]\nbank-sim.workspace = true\n");
        refused(
            &arrows::between_crates(&[manifest("broker", &text)]),
            "may not depend on bank-sim",
        );
    }
}

#[test]
fn a_renamed_arrow_is_refused() {
    let text = "[dependencies]\nbank = { path = \"../broker\", package = \"broker\" }\n";
    refused(&arrows::between_crates(&[manifest("bank-sim", text)]), "may not depend on broker");
}

#[test]
fn a_crate_outside_the_table_is_refused() {
    refused(&arrows::between_crates(&[manifest("shed", "")]), "is not in the table");
}

#[test]
fn the_pure_crates_take_only_listed_dependencies() {
    clean(&arrows::from_outside(&repository()));
    let text = "[dependencies]\ntokio.workspace = true\n";
    refused(&arrows::from_outside(&[manifest("protocol", text)]), "may not depend on tokio");
}

#[test]
fn heavy_crates_stay_out_of_the_webassembly() {
    clean(&arrows::inside_webassembly(&repository()));
    let lock = "[[package]]\nname = \"browser\"\nversion = \"0\"\ndependencies = [\"mid 2.0.0\"]\n\
        [[package]]\nname = \"mid\"\nversion = \"1.0.0\"\ndependencies = []\n\
        [[package]]\nname = \"mid\"\nversion = \"2.0.0\"\ndependencies = [\"url\"]\n\
        [[package]]\nname = \"url\"\nversion = \"2.5.0\"\n";
    refused(&arrows::inside_webassembly(&[File::new("Cargo.lock", lock)]), "browser → mid → url");
}

#[test]
fn every_member_inherits_the_workspace_lints() {
    clean(&arrows::lints(&repository()));
    refused(&arrows::lints(&[manifest("cobs", "[lints.rust]\n")]), "own lints");
}

#[test]
fn every_crate_is_on_the_map() {
    clean(&shape::on_the_map(&repository()));
    let map = File::new("ARCHITECTURE.md", "the crate `cobs` holds the types\n");
    let files = [map, manifest("cobs", ""), manifest("shed", "")];
    refused(&shape::on_the_map(&files), "crates/shed is not on the map");
}

#[test]
fn every_source_says_why_it_exists() {
    clean(&shape::headers(&repository()));
    for (path, text) in [
        ("crates/broker/src/a.rs", "use std::fmt;\n"),
        ("crates/broker/src/a.rs", "//! Helpers.\n"),
        ("web/src/a.ts", "import './b.js';\n"),
        ("web/build.mjs", "#!/usr/bin/env node\nimport './b.js';\n"),
    ] {
        refused(&shape::headers(&[File::new(path, text)]), "does not say why it exists");
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    clean(&shape::length(&repository()));
    let long = "x\n".repeat(301);
    refused(&shape::length(&[File::new("crates/broker/src/a.rs", &long)]), "301 lines");
    clean(&shape::length(&[File::new("tests/it/a.rs", &long)]));
    refused(&shape::length(&[File::new("tests/it/a.rs", &"x\n".repeat(401))]), "401 lines");
}

#[test]
fn every_line_keeps_the_rules_of_words() {
    clean(&words::check(&repository()));
}

#[test]
fn every_rule_of_words_can_fail() {
    for (path, line) in words::BAD_EXAMPLES {
        refused(&words::check(&[File::new(path, line)]), ":1: ");
    }
    for (path, line) in words::GOOD_EXAMPLES {
        clean(&words::check(&[File::new(path, line)]));
    }
}

#[test]
fn every_rule_of_words_has_a_bad_example() {
    for rule in words::RULES {
        let example = words::BAD_EXAMPLES.iter().find(|(path, line)| rule.breaks(path, line));
        assert!(example.is_some(), "no bad example for: {}", rule.says);
    }
}

#[expect(clippy::expect_used, reason = "a rule that sees no files must not pass")]
fn repository() -> Vec<File> {
    tree::read().expect("the repository can be read")
}

fn manifest(name: &str, text: &str) -> File {
    File::new(&format!("crates/{name}/Cargo.toml"), text)
}

fn clean(findings: &[Finding]) {
    let list: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(list.is_empty(), "{} to mend:\n\n{}\n", list.len(), list.join("\n"));
}

fn refused(findings: &[Finding], expected: &str) {
    let found = findings.iter().any(|finding| finding.to_string().contains(expected));
    assert!(found, "nothing said `{expected}`, only {} other findings", findings.len());
}
