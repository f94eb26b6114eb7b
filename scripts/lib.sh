# shellcheck shell=sh
# What the set-up scripts share: where tools live, how a step announces itself, how a tool written
# in Rust is installed once, how the system's packages are. Sourced by the others, never run.

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

# apt_install WHO PROGRAMS PACKAGES: WHO needs PROGRAMS on PATH, which come in PACKAGES; each of both
# lists is a string whose words begin with a space. System-wide, so it says plainly what it does.
apt_install() {
    command -v apt-get >/dev/null ||
        fail "$1 need these programs on PATH, and there is no apt here to install them:$2"
    as_root=''
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "root is needed once: apt-get install$3"
        as_root=sudo
    fi
    say "installing with apt, system-wide:$3 (about a minute)"
    $as_root apt-get update -qq || say "apt-get update failed; trying with the package lists that are there"
    # shellcheck disable=SC2086 # a list of packages, meant to be split
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $3 ||
        fail "apt could not install$3; $1 need$2 on PATH"
}
