#!/usr/bin/env bash
# Sets up all that building and testing need: Debian packages, a Python
# environment in .venv, the sources of MLIR's Python bindings in a cache, and a
# build in build/. Does only what is not yet done.
#
# Usage: tools/setup.sh [EXTRA...], where EXTRA is an optional dependency group
# of pyproject.toml to install (torch, onnx, plot, explore, test), or a dependency
# group to install without what its packages ask for (models).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  clang-22 clang-format-22 cmake lld-22 libgtest-dev libmlir-22-dev
  libzstd-dev llvm-22-dev llvm-22-tools mlir-22-tools ninja-build
  python3 python3-dev python3-venv xz-utils zlib1g-dev
)
# What reads and runs what the compiler writes, in the tests; and ccache, for the
# wheel is built of the same sources.
test_packages=(
  ccache chromium chromium-driver device-tree-compiler gcc g++ iverilog make ngspice
  qemu-system-misc tcl verilator
)

say() { printf '== %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$1" >&2
  printf 'cure:  %s\n' "$2" >&2
  exit 1
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
  command -v dpkg-query >/dev/null || fail \
    "this set-up is for Debian" \
    "install LLVM and MLIR 22, clang, lld, CMake, Ninja, GoogleTest and Python 3.11, then run CMake by hand as CONTRIBUTING.md says"
  local missing=() sudo=()
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing Debian packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail \
      "installing Debian packages needs sudo, which there is not" \
      "run this as root once: apt-get update && apt-get install ${missing[*]}"
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq >&2 || fail \
    "apt-get update failed" "check the network, then run this again"
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "${missing[@]}" >&2 || fail \
    "apt-get could not install ${missing[*]}" \
    "LLVM 22 comes with Debian 12's security updates: add that suite to apt's sources, then run this again"
}

# What pyproject.toml requires, one a line: to build, to run and of optional
# dependencies; or, if the first argument is --bare, of dependency groups.
requirements() {
  .venv/bin/python - "$@" <<'PYTHON'
import sys
import tomllib

with open("pyproject.toml", "rb") as file:
    settings = tomllib.load(file)
project = settings["project"]
extras, groups = project["optional-dependencies"], settings["dependency-groups"]
bare, names = sys.argv[1] == "--bare", sys.argv[2:]
wanted = [] if bare else settings["build-system"]["requires"] + project["dependencies"]
for name in names:
    if name not in (*extras, *groups):
        known = ", ".join((*extras, *groups))
        sys.exit(f"error: expected an extra among {known}, but got {name}")
    wanted += (groups if bare else extras).get(name, [])
# pfmlir's own extras in others are named beside them.
print(*(each for each in dict.fromkeys(wanted) if "pfmlir[" not in each), sep="\n")
PYTHON
}

# Installs what is not yet there: pip's options, if any, then -- and requirements.
install_requirements() {
  local options=() stamp=.venv/installed-requirements
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  [ -n "$*" ] || return 0
  local lines
  lines=$(printf '%s\n' "$@")
  if [ -n "$(comm -23 <(sort <<<"$lines") <(sort "$stamp" 2>/dev/null))" ]; then
    say "installing Python packages: $*"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
      "${options[@]}" "$@" >&2 || fail "pip could not install the packages above" \
      "check the network, or remove .venv, then run this again"
    touch "$stamp"
    sort -u "$stamp" - <<<"$lines" >"$stamp.new" && mv "$stamp.new" "$stamp"
  fi
}

install_python() {
  if ! [ -x .venv/bin/python ]; then
    say "making a Python environment in .venv"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
      "pfmlir needs Python 3.11 or newer, but python3 is $(python3 --version)" \
      "put a newer python3 first in PATH, then run this again"
    python3 -m venv .venv || fail "python3 can't make virtual environments" \
      "install the venv module of your python3, then run this again"
  fi
  local lines wanted
  lines=$(requirements --full "$@")
  mapfile -t wanted <<<"$lines"
  install_requirements -- "${wanted[@]}"
  lines=$(requirements --bare "$@")
  mapfile -t wanted <<<"$lines"
  install_requirements --no-deps -- "${wanted[@]}"
}

build() {
  # Paths relative to this folder, so that others find what is compiled here.
  local launcher=()
  command -v ccache >/dev/null &&
    launcher=("-DCMAKE_CXX_COMPILER_LAUNCHER=env;CCACHE_BASEDIR=$PWD;ccache")
  if ! [ -f build/build.ninja ]; then
    say "configuring build/"
    mkdir -p build
    cmake -G Ninja -S . -B build \
      -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 \
      -DLLVM_USE_LINKER=lld "-DPython3_EXECUTABLE=$PWD/.venv/bin/python" \
      "-DPython_EXECUTABLE=$PWD/.venv/bin/python" \
      "${launcher[@]}" >build/configure.log || {
      tail -n 30 build/configure.log >&2
      # What it found out so far might be what was wrong.
      rm -rf build/CMakeCache.txt build/CMakeFiles
      fail "CMake could not configure; the end of build/configure.log is above" \
        "mend what it names, then run this again"
    }
  fi
  say "building"
  ninja -C build >&2 || fail "the build failed" \
    "mend what the compiler names above; if it names nothing of yours, remove build/ and run this again"
}

[[ " $* " == *" test "* ]] && packages+=("${test_packages[@]}")
install_packages
install_python "$@"
build
