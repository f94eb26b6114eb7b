#!/bin/sh
# Makes a machine with Rust, Node and a C compiler able to build everything here. Stands before most
# recipes, so it asks only cheap questions and is silent when nothing is missing.
set -eu
. "$(dirname "$0")/lib.sh"

command -v cargo >/dev/null || fail "Rust is missing: install the stable toolchain with rustup"
command -v cc >/dev/null || fail "a C compiler is missing: install gcc or clang (Debian: apt install gcc libc6-dev)"
command -v npm >/dev/null || fail "Node is missing: install Node 20 or newer with npm"
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
    fail "Node $(node --version) is too old: install Node 20 or newer"

# rustup PART NAME…: says what it adds; a Rust without rustup has to bring the part itself.
add_to_rust() {
    command -v rustup >/dev/null || fail "this Rust has no $2: install it, or use rustup"
    say "adding the Rust $1 $2 with rustup (a few seconds)"
    rustup "$1" add "$2"
}
if ! [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
    add_to_rust target wasm32-unknown-unknown
fi
rustfmt --version >/dev/null 2>&1 || add_to_rust component rustfmt
cargo clippy --version >/dev/null 2>&1 || add_to_rust component clippy

# The command must be exactly as old as the library in Cargo.lock, so the version is read there.
# No --locked: its own lock file can name releases that a mirror of the registry does not have yet.
bindgen=$(awk '$1 == "name" { hit = ($3 == "\"wasm-bindgen\"") }
    hit && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' Cargo.lock)
cargo_tool wasm-bindgen-cli "$bindgen" "about a minute" --no-default-features
cargo_tool wasm-pack 0.15.1 "about a minute" --locked
forget_builds

[ -f web/package-lock.json ] || fail "web/package-lock.json is missing: this checkout is not complete"
if ! cmp -s web/package-lock.json web/node_modules/.installed-lock; then
    say "installing the web tools pinned in web/package-lock.json into web/node_modules (about 20 seconds)"
    npm --prefix web ci --no-audit --no-fund ||
        fail "npm ci failed in web/; is web/package-lock.json in step with web/package.json?"
    cp web/package-lock.json web/node_modules/.installed-lock
fi
