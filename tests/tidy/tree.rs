//! What the rules look at, and what they say: the files of the repository, and findings.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A text file, its path relative to the repository and with `/` everywhere.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn ends_with(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// A broken rule: where, what, and how to mend it.
pub(crate) struct Finding {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) rule: String,
    pub(crate) fix: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}\n    fix: {}", self.path, self.line, self.rule, self.fix)
    }
}

/// Folders that hold nothing we wrote, by name or by path. Kept in step with `.gitignore` by hand; one
/// forgotten here fails loudly, because built files break the rules.
const NOT_OURS: [&str; 12] = [
    ".demo",
    ".next",
    ".tools",
    "crates/browser/pkg",
    "crates/browser/ts/wasm",
    "node_modules",
    "target",
    "web/dist",
    "web/examples/react/dist",
    "web/playwright-report",
    "web/test-results",
    "web/test/frameworks/places",
];

/// Every text file of the repository, in a stable order.
pub(crate) fn read() -> io::Result<Vec<File>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let name = entry?.file_name();
            let path = folder.join(&name);
            let full = root.join(&path);
            if name == ".git" {
                continue; // a folder, or in a second work tree a file
            }
            if !full.is_dir() {
                // what is not text (icons, WebAssembly) has no lines to judge
                if let Ok(text) = fs::read_to_string(full) {
                    files.push(File::new(&path.to_string_lossy().replace('\\', "/"), &text));
                }
            } else if !NOT_OURS.iter().any(|not| name == *not || path == Path::new(not)) {
                folders.push(path);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
