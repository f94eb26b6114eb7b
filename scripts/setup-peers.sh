#!/bin/sh
# OAuth clients that are not ours, for the tests of bank-sim: npm packages, and Python packages in an
# environment of their own below .tools. Only a missing Python, bash or curl is installed system-wide.
set -eu
. "$(dirname "$0")/lib.sh"

peers=crates/bank-sim/tests/foreign

# The script in the README of bank-sim takes these two.
missing=''
for program in bash curl; do
    command -v $program >/dev/null || missing="$missing $program"
done
if [ "$missing" ]; then apt_install "the tests of bank-sim" "$missing" "$missing"; fi

if ! cmp -s $peers/package-lock.json $peers/node_modules/.installed-lock; then
    command -v npm >/dev/null || fail "Node is missing: install Node 20 or newer with npm"
    say "installing the npm packages pinned in $peers/package-lock.json (a few seconds)"
    npm --prefix $peers ci --no-audit --no-fund ||
        fail "npm ci failed in $peers; is package-lock.json in step with package.json?"
    cp $peers/package-lock.json $peers/node_modules/.installed-lock
fi

# A venv names its interpreter, so one whose Python has gone is made anew.
python=$tools/python
if [ -x "$python/bin/python" ] && cmp -s $peers/requirements.txt "$python/.installed-requirements"; then
    exit 0
fi
# Debian packs venv apart from Python; ensurepip is the part that is missing then.
if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
    apt_install "the tests of bank-sim" " python3 (with venv)" " python3 python3-venv"
fi
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    fail "$(python3 --version) is too old: install Python 3.10 or newer with venv"
say "installing the Python packages pinned in $peers/requirements.txt into .tools/python (about 10 seconds)"
python3 -m venv --clear "$python" || fail "python3 could not make $python; the reason stands above"
# --no-deps: nothing comes in that is not pinned; check says when the list is not whole
"$python/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement $peers/requirements.txt ||
    fail "pip could not install $peers/requirements.txt; the reason stands above"
"$python/bin/pip" --disable-pip-version-check check >/dev/null ||
    fail "$peers/requirements.txt leaves out what its packages need: run $python/bin/pip check"
cp $peers/requirements.txt "$python/.installed-requirements"
