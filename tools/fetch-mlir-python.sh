#!/usr/bin/env bash
# Prints the directory of LLVM's sources with MLIR's Python bindings, which
# Debian's packages of MLIR leave out. Fetches them, once, from Debian's source
# package into a cache: $XDG_CACHE_HOME/pfmlir, or ~/.cache/pfmlir.
#
# Usage: tools/fetch-mlir-python.sh MAJOR, the version of LLVM that is installed.
set -euo pipefail

major=${1:?expected the major version of LLVM}
package=llvm-toolchain-$major
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pfmlir
sources=$cache/mlir-python-$major

say() { printf '== %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$1" >&2
  printf 'cure:  %s, or set PFMLIR_LLVM_SOURCE_DIR to a checkout of LLVM %s\n' \
    "$2" "$major" >&2
  exit 1
}

if [ -f "$sources/mlir/python/mlir/ir.py" ]; then
  printf '%s\n' "$sources"
  exit
fi

for command in apt-get tar xz; do
  command -v "$command" >/dev/null || fail \
    "fetching MLIR's Python bindings needs $command" "install it"
done

mkdir -p "$cache"
scratch=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir lists

# Sources of the unstable suite, from the mirror that this machine uses anyway,
# in lists of their own: the machine's stay as they are.
# shellcheck disable=SC2016  # apt-get replaces $(SITE)
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' \
  'Origin: Debian' 'Label: Debian' | sed -n 1p)
[ -n "$mirror" ] || fail "apt knows no mirror of Debian" \
  "run apt-get update"
printf 'deb-src %s unstable main\n' "$mirror" >sources.list
options=(
  -qq -o "Dir::Etc::sourcelist=$scratch/sources.list"
  -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$scratch/lists"
  # Whoever runs this can write here; apt's own user need not.
  -o APT::Sandbox::User=root
)
say "fetching the sources of MLIR's Python bindings ($package, 197 MB, once)"
apt-get "${options[@]}" update >&2 || fail \
  "apt-get could not read the list of Debian's sources" "check the network"
apt-get "${options[@]}" source --tar-only --download-only "$package" \
  >/dev/null || fail "apt-get could not fetch the sources of $package" \
  "check the network and the room in $cache"

say "unpacking them"
mkdir unpacked
tar -xJf "$package"_*.orig.tar.xz -C unpacked --strip-components=1 --wildcards \
  '*/mlir/python' '*/mlir/lib/Bindings/Python' ||
  fail "the sources of $package lack MLIR's Python bindings" \
    "try again later"
rm -rf "$sources"
mv unpacked "$sources"
printf '%s\n' "$sources"
