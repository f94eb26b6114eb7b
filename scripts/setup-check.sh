#!/bin/sh
# The programs that only `just check` needs. Apart from the other set-up because they take minutes to
# compile, and nobody who wants to see the demo should wait for them.
set -eu
. "$(dirname "$0")/lib.sh"

cargo_tool cargo-machete 0.9.2 "about half a minute" --locked
cargo_tool typos-cli 1.48.0 "one to two minutes" --locked
cargo_tool cargo-deny 0.20.2 "two to three minutes" --locked
forget_builds
