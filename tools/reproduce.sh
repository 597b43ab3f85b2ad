#!/usr/bin/env bash
# Sets up what is needed, then runs the experiments of PowerFlow-DNN, and some beyond
# it, and writes data, figures and a page on them to build/experiments.
#
# Usage: tools/reproduce.sh [EXPERIMENT...] [OPTION...]; --help tells more.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/tools/setup.sh" torch plot
# Folders that options name are the caller's.
export PYTHONPATH=$root/build/python_packages:$root${PYTHONPATH:+:$PYTHONPATH}
exec "$root/.venv/bin/python" -P -m experiments "$@"
