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

apt_install "the browser tests" "$programs" "$packages"
