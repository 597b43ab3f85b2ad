#!/usr/bin/env bash
# Sets up what is needed, then runs every test. Arguments go to lit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/setup.sh torch plot test
.venv/bin/lit build/test "${@:--v}"
