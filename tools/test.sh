#!/usr/bin/env bash
# Sets up what is needed, then runs every test; one that can't run is an error. Arguments
# go to lit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/setup.sh torch onnx plot explore docs test models
report=$PWD/build/test/report.xml
rm -f "$report"
options=("${@:--v}")
status=0
LIT_OPTS="--xunit-xml-output=${report@Q} ${options[*]@Q}" ninja -C build check-pfmlir ||
  status=1
# Without a report lit has said what was wrong.
if [ -f "$report" ]; then
  .venv/bin/python -m testing.skipped "$report" || status=1
fi
exit "$status"
