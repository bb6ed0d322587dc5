#!/bin/bash
# Brings honggfuzz: fuzz/honggfuzz/build.sh FOLDER
#
# Leaves the engine and its two libraries in FOLDER, built of the sources that Cargo.lock pins.
# Silent where they are there already. Exit 1: it cannot be had, and why.
set -euo pipefail

here=$(dirname "$0")
die() {
    echo "honggfuzz: $*" >&2
    exit 1
}
pinned() { sed -n "s/^$1 = \"\(.*\)\"$/\1/p" "$here/Cargo.lock"; }

[ $# = 1 ] || die 'expected one folder'
name=$(pinned name) version=$(pinned version) sum=$(pinned checksum)
stamp=$1/$sum
made=(honggfuzz libhfuzz/libhfuzz.a libhfcommon/libhfcommon.a)
there() {
    local file
    for file in "${made[@]}"; do
        [ -e "$1/${file##*/}" ] || return 1
    done
    [ -e "$stamp" ]
}
! there "$1" || exit 0
command -v cargo > /dev/null || die 'cargo is not in PATH; run ci/setup honggfuzz'

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
mkdir "$new/src"
touch "$new/src/lib.rs"
printf '[package]\nname = "brings"\nversion = "0.1.0"\n[dependencies]\n%s = "=%s"\n' \
    "$name" "$version" > "$new/Cargo.toml"
# An older cargo fetches the crate, and then does not read its manifest: the crate is what counts.
cargo fetch -q --manifest-path "$new/Cargo.toml" > "$new/log" 2>&1 || true
crate=$(find "${CARGO_HOME:-$HOME/.cargo}/registry/cache" -name "$name-$version.crate" -print \
    -quit 2> /dev/null || true)
[ -n "$crate" ] ||
    die "cargo cannot fetch the crate $name $version; expected its registry within reach"$'\n'"$(
        tail -n 12 "$new/log")"
echo "$sum  $crate" | sha256sum --check --status ||
    die "$crate: expected SHA-256 $sum, found $(sha256sum < "$crate"); remove it and try again"
tar -xzf "$crate" -C "$new"

source=$new/$name-$version/honggfuzz
make -s -C "$source" CC=gcc "${made[@]/#/$(realpath "$source")/}" > "$new/log" 2>&1 ||
    die "$name $version does not build; has ci/setup honggfuzz been run?"$'\n'"$(
        tail -n 12 "$new/log")"
mkdir -p "$1"
for file in "${made[@]}"; do
    cp "$source/$file" "$1/"
done
touch "$stamp"
