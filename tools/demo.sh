#!/usr/bin/env bash
# Sets up what is needed, then takes SqueezeNet from PyTorch to its schedule at 60
# inferences a second, prints the schedule, and draws it. Says at each step what it does.
#
# Without PyTorch, `pfmlir demo` shows the same of networks that are in the package.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

steps=5
step=0
say() {
  step=$((step + 1))
  printf '== %d of %d: %s\n' "$step" "$steps" "$1" >&2
}

say "setting up: Debian packages, PyTorch and matplotlib in .venv, a build in build/"
tools/setup.sh torch plot
out=build/demo
mkdir -p "$out"
export PYTHONPATH=$PWD/build/python_packages${PYTHONPATH:+:$PYTHONPATH}
pfmlir() { .venv/bin/python -m pfmlir "$@"; }

say "exporting SqueezeNet from PyTorch, through torch-mlir, without its weights"
# By a function, as its name alone stands for the file in the package.
pfmlir import pfmlir.compile.networks:example --function squeezenet \
  -o "$out/squeezenet.mlir"
say "searching for the schedule of least energy at 60 fps, with proof"
pfmlir schedule "$out/squeezenet.mlir" --fps 60 --save "$out/schedule.json"
say "costing it at nominal voltage with all banks on, to compare"
pfmlir schedule "$out/squeezenet.mlir" --fps 60 --search nominal --gating none \
  --save "$out/nominal.json" -o "$out/nominal.txt"
say "writing the schedule as IR, and drawing it"
pfmlir show "$out/schedule.json" --format mlir -o "$out/schedule.mlir"
pfmlir plot "$out/schedule.json" --baseline "$out/nominal.json" \
  -o "$out/timeline.png"
printf '\nThe schedule as IR: %s\nThe picture:        %s\n' \
  "$out/schedule.mlir" "$out/timeline.png"
