#!/bin/sh
# The npm packages of the bundlers, frameworks and example apps that the package is tested with, each into
# the folder that pins them. The package itself comes as packed: `just package` first; the tests put it there anew.
set -eu
. "$(dirname "$0")/lib.sh"

# The examples have the package as a file beside their package.json, whatever its version is.
tarball=$(ls crates/browser/pkg/bankconnect-*.tgz 2>/dev/null | tail -n 1)
[ "$tarball" ] || fail "the packed package is missing: run ./just package"

for folder in web/test/frameworks web/examples/*; do
    case $folder in web/examples/*) cp "$tarball" "$folder/bankconnect.tgz" ;; esac
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock"; then
        command -v npm >/dev/null || fail "Node is missing: install Node 20 or newer with npm"
        say "installing the npm packages pinned in $folder/package-lock.json (up to half a minute)"
        npm --prefix "$folder" ci --no-audit --no-fund --ignore-scripts ||
            fail "npm ci failed in $folder; is package-lock.json in step with package.json?"
        cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
    fi
    # the lock file stays the same when the package is built anew
    if [ -f "$folder/bankconnect.tgz" ]; then
        rm -rf "$folder/node_modules/bankconnect"
        mkdir "$folder/node_modules/bankconnect"
        tar -xzf "$folder/bankconnect.tgz" -C "$folder/node_modules/bankconnect" --strip-components 1
    fi
done
