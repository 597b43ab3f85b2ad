#!/usr/bin/env bash
# Sets up what is needed, then exports SqueezeNet from PyTorch, schedules it at
# 60 inferences a second, prints the schedule, and draws it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/setup.sh torch plot
out=build/demo
mkdir -p "$out"
export PYTHONPATH=$PWD/build/python_packages${PYTHONPATH:+:$PYTHONPATH}

schedule() { # OUTPUT OPTIONS
  build/bin/pf-opt "--powerflow-schedule=fps=60 $2" "$out/squeezenet.mlir" -o "$1"
}

echo "== exporting SqueezeNet with torch-mlir" >&2
.venv/bin/python -m pfmlir.export squeezenet -o "$out/squeezenet.mlir"
echo "== scheduling it at 60 fps" >&2
schedule "$out/schedule.mlir" ""
schedule "$out/nominal.mlir" "search=nominal gating=none"
build/bin/pf-translate --power-to-table "$out/schedule.mlir"
for name in schedule nominal; do
  build/bin/pf-translate --power-to-json "$out/$name.mlir" -o "$out/$name.json"
done
.venv/bin/python -m pfmlir.timeline "$out/schedule.json" \
  --baseline "$out/nominal.json" -o "$out/timeline.png"
printf '\nThe schedule as IR: %s\nThe picture:        %s\n' \
  "$out/schedule.mlir" "$out/timeline.png"
