#!/usr/bin/env bash
# Sets up what is needed, then runs the experiments of PowerFlow-DNN, and some beyond
# it, and writes data, figures and a page on them to build/experiments.
#
# Usage: tools/reproduce.sh [EXPERIMENT...] [OPTION...]; --help tells more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/setup.sh torch plot
export PYTHONPATH=$PWD/build/python_packages${PYTHONPATH:+:$PYTHONPATH}
exec .venv/bin/python -m experiments "$@"
