//! Every statement of the broker, read out of its sources: none is missing, for none is put together later.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What stands in the sources of the store, and is compiled from there.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/broker/src/store");
/// How a statement begins.
const VERBS: [&str; 5] = ["select ", "insert ", "update ", "delete ", "with "];

/// A word of Rust, as far as statements are made of them.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Text(String),
    Name(String),
    Sign(char),
}

/// What the macros of a file stand for.
type Macros = HashMap<String, String>;

/// All statements, with the file that each stands in.
pub(crate) fn all() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources_in(Path::new(FOLDER), &mut files);
    files.sort();
    let sources: Vec<_> = files
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, tokens(&std::fs::read_to_string(path).unwrap()))
        })
        .collect();
    // a macro may be made of another file's: twice over is deep enough
    let mut shared = Macros::new();
    for _ in 0..2 {
        for (_, tokens) in &sources {
            let own = macros(tokens, &shared);
            shared.extend(own.into_iter().filter(|(name, _)| is_shared(tokens, name)));
        }
    }
    let mut statements = Vec::new();
    for (file, tokens) in &sources {
        let mut known = shared.clone();
        known.extend(macros(tokens, &shared));
        let mut at = 0;
        while at < tokens.len() {
            let Some((text, next)) = expression(tokens, at, &known) else {
                assert_ne!(tokens[at], Token::Name("concat".to_owned()), "not read: {file}");
                at += 1;
                continue;
            };
            if VERBS.iter().any(|verb| text.starts_with(verb)) {
                statements.push((file.clone(), text));
            }
            at = next;
        }
    }
    statements
}

fn sources_in(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { sources_in(&path, files) } else { files.push(path) }
    }
}

/// Whether a macro is let out of its file by `use NAME;`.
fn is_shared(tokens: &[Token], name: &str) -> bool {
    let [used, name] = ["use", name].map(|word| Token::Name(word.to_owned()));
    tokens.windows(3).any(|three| three == [used.clone(), name.clone(), Token::Sign(';')])
}

/// The macros without arguments that a file makes of texts.
fn macros(tokens: &[Token], known: &Macros) -> Macros {
    let mut found = known.clone();
    let mut own = Macros::new();
    for at in 0..tokens.len() {
        let [Token::Name(word), Token::Sign('!'), Token::Name(name), Token::Sign('{')] =
            &tokens[at..tokens.len().min(at + 4)]
        else {
            continue;
        };
        // `() => {`
        let body = at + 4 + 5;
        let text = expression(tokens, body, &found).map(|(text, _)| text);
        if let (true, Some(text)) = (word == "macro_rules", text) {
            found.insert(name.clone(), text.clone());
            own.insert(name.clone(), text);
        }
    }
    own
}

/// The text that an expression stands for, and where it ends: a literal, a macro, `concat!` of those.
fn expression(tokens: &[Token], at: usize, known: &Macros) -> Option<(String, usize)> {
    match tokens.get(at)? {
        Token::Text(text) => Some((text.clone(), at + 1)),
        Token::Name(name) if tokens.get(at + 1) == Some(&Token::Sign('!')) => {
            if name == "concat" {
                return concat(tokens, at + 3, known);
            }
            Some((known.get(name)?.clone(), at + 4))
        }
        _ => None,
    }
}

fn concat(tokens: &[Token], mut at: usize, known: &Macros) -> Option<(String, usize)> {
    let mut all = String::new();
    loop {
        match tokens.get(at)? {
            Token::Sign(')') => return Some((all, at + 1)),
            Token::Sign(',') => at += 1,
            _ => {
                let (text, next) = expression(tokens, at, known)?;
                all.push_str(&text);
                at = next;
            }
        }
    }
}

/// Reads Rust, comments left out.
fn tokens(source: &str) -> Vec<Token> {
    let source = source.replace("'\"'", "' '");
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let source = lines.map(|line| line.split(" // ").next().unwrap_or(line)).collect::<Vec<_>>();
    let source = source.join("\n");
    let mut left = source.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(sign) = left.next() {
        if sign == '"' {
            let mut text = String::new();
            while let Some(sign) = left.next().filter(|sign| *sign != '"') {
                match (sign, left.peek()) {
                    // a line that goes on without the blanks before it
                    ('\\', Some('\n')) => {
                        while left.next_if(|sign| sign.is_whitespace()).is_some() {}
                    }
                    ('\\', _) => text.extend(left.next()),
                    _ => text.push(sign),
                }
            }
            tokens.push(Token::Text(text));
        } else if sign.is_alphanumeric() || sign == '_' {
            let mut name = sign.to_string();
            while let Some(sign) = left.next_if(|sign| sign.is_alphanumeric() || *sign == '_') {
                name.push(sign);
            }
            tokens.push(Token::Name(name));
        } else if !sign.is_whitespace() {
            tokens.push(Token::Sign(sign));
        }
    }
    let raw = |two: &[Token]| matches!(two, [Token::Name(r), Token::Text(_) | Token::Sign('#')] if r == "r");
    assert!(!tokens.windows(2).any(raw), "raw texts are not read");
    tokens
}
