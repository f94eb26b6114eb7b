# The habits of this repository. `./just RECIPE` also works where `just` is not installed.
# A recipe is a list of commands; what needs an `if` lives in scripts/.

set positional-arguments

export PATH := justfile_directory() / ".tools/bin:" + justfile_directory() / "web/node_modules/.bin:" + env("PATH")

# list the recipes
default:
    @{{ just_executable() }} --list --unsorted

# show it: bank, broker and page in one process (arguments are passed on)
demo *args: package page
    cargo run --package demo -- "$@"

# every test: Rust, then the page in three browsers
test: setup-browsers setup-peers setup-store setup-examples page
    cargo test --workspace
    cargo build --workspace --bins --tests
    npm --prefix web test

# the tests that take minutes: a store of a million connections, in a file and on a server
test-long: setup-store
    cargo test --workspace --test it --test postgres -- --ignored --nocapture --test-threads 2

# everything CI refuses for other reasons than a failing test
check: setup-check package
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- --deny warnings
    cargo clippy --package browser --target wasm32-unknown-unknown -- --deny warnings
    RUSTDOCFLAGS="--deny warnings --allow rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items
    scripts/deny.sh
    typos
    cargo machete
    biome ci
    npm --prefix web run check
    publint crates/browser/pkg
    attw --quiet --pack crates/browser/pkg --profile esm-only --exclude-entrypoints ./core.wasm ./custom-elements.json
    node crates/browser/api.mjs
    node crates/browser/size.mjs

# put the formatting right
format: setup
    cargo fmt --all
    biome check --write

# measure speed and memory against the goals
bench *args: setup
    cargo build --release --package broker --package demo
    cargo run --release --package demo -- bench "$@"

# ten thousand people log in at bank-sim at the same time
crowd:
    cargo test --release --package bank-sim --test it people_who_log_in_together

# measure what the page has to load, against its limits
size: package
    node crates/browser/size.mjs

# build the npm package and its tarball: crates/browser/pkg
package: setup
    node crates/browser/build.mjs
    cd crates/browser/pkg && npm pack --silent

# write down anew what the package exports: crates/browser/api
api: package
    node crates/browser/api.mjs --write

# write the committed TypeScript types anew from the Rust types
types: setup
    BLESS=1 cargo test --package tests --test it types_

# build the demo page into web/dist
[private]
page: setup
    npm --prefix web run build

# install what building needs: WebAssembly target, wasm-pack, web tools
setup:
    @scripts/setup.sh

# install the three browsers the tests drive (system packages)
setup-browsers:
    @scripts/setup-browsers.sh

# install the OAuth clients of other makers that bank-sim is tested with (npm, Python)
setup-peers:
    @scripts/setup-peers.sh

# install the database server that the store is tested with (system package)
setup-store:
    @scripts/setup-store.sh

# install the bundlers and frameworks that the package is tested in (npm)
setup-examples: package
    @scripts/setup-examples.sh

# install what `check` needs: cargo-deny, typos, cargo-machete
setup-check:
    @scripts/setup-check.sh
