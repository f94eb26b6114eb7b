#!/bin/sh
# The browser tests drive three engines: Chromium, Firefox and WebKit. They come from the system's
# packages, the only thing installed outside this folder; so this says plainly what it is about to do.
set -eu
. "$(dirname "$0")/lib.sh"

programs='' packages=''
# need PROGRAM PACKAGE
need() {
    if command -v "$1" >/dev/null; then return 0; fi
    programs="$programs $1"
    packages="$packages $2"
}
need chromium chromium
need firefox-esr firefox-esr
need WebKitWebDriver webkit2gtk-driver
need xvfb-run xvfb
need xauth xauth
if [ -z "$programs" ]; then exit 0; fi

command -v apt-get >/dev/null ||
    fail "the browser tests need these programs on PATH, and there is no apt here to install them:$programs"
as_root=''
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "root is needed once: apt-get install$packages"
    as_root=sudo
fi
say "installing with apt, system-wide:$packages (about a minute)"
$as_root apt-get update -qq || say "apt-get update failed; trying with the package lists that are there"
# shellcheck disable=SC2086 # a list of packages, meant to be split
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages ||
    fail "apt could not install$packages; the browser tests need$programs on PATH"
