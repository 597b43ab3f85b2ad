#!/usr/bin/env bash
# Builds the MLIR that wheels for older systems are linked with (tools/wheels.sh): what
# Debian's packages have of it, for this machine alone.
#
# Usage: tools/build-mlir.sh LLVM_PROJECT PREFIX, LLVM 22's sources, and where to
# install it. Takes hours on few cores, and 10 GB beside the prefix, in PREFIX/build.
set -euo pipefail

if [ $# -ne 2 ] || ! [ -f "$1/mlir/CMakeLists.txt" ]; then
  printf 'error: expected the sources of LLVM, with mlir/ among them, and a prefix\n' >&2
  printf 'cure:  tools/build-mlir.sh llvm-project /opt/mlir\n' >&2
  exit 2
fi
cmake -G Ninja -S "$1/llvm" -B "$2/build" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$2" \
  -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
  -DLLVM_ENABLE_PROJECTS=mlir -DLLVM_TARGETS_TO_BUILD=host \
  -DLLVM_ENABLE_RTTI=ON -DLLVM_ENABLE_ZLIB=OFF -DLLVM_ENABLE_ZSTD=OFF \
  -DLLVM_ENABLE_LIBXML2=OFF -DLLVM_INCLUDE_BENCHMARKS=OFF \
  -DLLVM_INCLUDE_EXAMPLES=OFF -DLLVM_INCLUDE_TESTS=OFF -DLLVM_INSTALL_UTILS=ON
ninja -C "$2/build" install
