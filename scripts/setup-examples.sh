#!/bin/sh
# The npm packages of the bundlers and frameworks that the package is tested with, into the folder that
# pins them. The package itself is put there by the tests, as packed: `just package` first.
set -eu
. "$(dirname "$0")/lib.sh"

for folder in web/test/frameworks; do
    if cmp -s $folder/package-lock.json $folder/node_modules/.installed-lock; then continue; fi
    command -v npm >/dev/null || fail "Node is missing: install Node 20 or newer with npm"
    say "installing the npm packages pinned in $folder/package-lock.json (up to half a minute)"
    npm --prefix $folder ci --no-audit --no-fund --ignore-scripts ||
        fail "npm ci failed in $folder; is package-lock.json in step with package.json?"
    cp $folder/package-lock.json $folder/node_modules/.installed-lock
done
