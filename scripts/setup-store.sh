#!/bin/sh
# The tests of the store start a PostgreSQL server of their own; they need the programs, not a running one.
set -eu
. "$(dirname "$0")/lib.sh"

for folder in "" /usr/lib/postgresql/*/bin/; do
    if command -v "${folder}initdb" >/dev/null && command -v "${folder}postgres" >/dev/null &&
        command -v "${folder}pg_dump" >/dev/null; then exit 0; fi
done
apt_install "the tests of the store" " initdb postgres pg_dump" " postgresql"
