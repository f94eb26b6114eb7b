# shellcheck shell=sh
# What the set-up scripts share: where tools live, how a step announces itself, how a tool written
# in Rust is installed once. Sourced by the others, never run.

root=$(cd "$(dirname "$0")/.." && pwd)
tools=$root/.tools
cd "$root" || exit 1

say() { printf '==> %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# cargo_tool NAME VERSION DURATION [FLAG…]: cargo's own list of what it installed is the stamp.
# Debug builds without debug information: a third of the time, and quick enough to run.
cargo_tool() {
    name=$1 version=$2 duration=$3
    shift 3
    if grep -q "^\"$name $version " "$tools/.crates.toml" 2>/dev/null; then return 0; fi
    say "installing $name $version into .tools (compiles for $duration)"
    CARGO_TARGET_DIR=$tools/build CARGO_PROFILE_DEV_DEBUG=0 \
        cargo install "$name" --version "$version" --debug --root "$tools" --quiet "$@" ||
        fail "$name $version did not install; the reason stands above"
    built=yes
}

# The tools of one script share compiled dependencies; afterwards these only take space.
forget_builds() {
    if [ "${built:-}" ]; then rm -rf "$tools/build"; fi
}
