#!/usr/bin/env bash
# Sets up what is needed, then takes SqueezeNet from PyTorch to its schedule at 60
# inferences a second, prints the schedule, and draws it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/setup.sh torch plot
out=build/demo
mkdir -p "$out"
export PYTHONPATH=$PWD/build/python_packages${PYTHONPATH:+:$PYTHONPATH}
pfmlir() { .venv/bin/python -m pfmlir "$@"; }

echo "== importing SqueezeNet from PyTorch" >&2
pfmlir import squeezenet -o "$out/squeezenet.mlir"
echo "== scheduling it at 60 fps" >&2
pfmlir schedule "$out/squeezenet.mlir" --fps 60 --save "$out/schedule.json"
pfmlir schedule "$out/squeezenet.mlir" --fps 60 --search nominal --gating none \
  --save "$out/nominal.json" -o "$out/nominal.txt"
pfmlir show "$out/schedule.json" --format mlir -o "$out/schedule.mlir"
pfmlir plot "$out/schedule.json" --baseline "$out/nominal.json" \
  -o "$out/timeline.png"
printf '\nThe schedule as IR: %s\nThe picture:        %s\n' \
  "$out/schedule.mlir" "$out/timeline.png"
