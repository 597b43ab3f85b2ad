#!/usr/bin/env bash
# Sets up all it needs, then compares the searches on many more random problems than
# the tests do: with enumeration, with a table over time, and with HiGHS; what random
# targets declare with what is scheduled on them; and systems of several networks, with
# dies that differ, periods that end early, and frames that take turns.
#
# Usage: tools/campaign.sh [PROBLEMS]: how many in each comparison (20000); HiGHS
# gets a tenth of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

problems=${1:-20000}
[[ $problems =~ ^[1-9][0-9]*$ ]] || {
  printf 'error: expected a number of problems, but got "%s"\n' "$problems" >&2
  exit 2
}
tools/setup.sh test
echo "== in C++, against enumeration and a table over time: $problems problems a test" >&2
PFMLIR_SEEDS=$problems build/test/unit/PFMLIRUnitTests \
  --gtest_filter='SchedulerProperty.*' --gtest_brief=1
echo "== through pf-opt, against enumeration and HiGHS: $problems problems" >&2
PATH=$PWD/build/bin:$PATH PYTHONPATH=$PWD .venv/bin/python test/ilp/check_ilp.py pf-opt \
  --problems "$problems" --ilp "$(((problems + 9) / 10))"
export PATH=$PWD/build/bin:$PATH PYTHONPATH=$PWD/build/python_packages:$PWD
echo "== through pf-opt, systems and dies, against enumeration and HiGHS: $problems" >&2
PYTHONPATH=$PWD .venv/bin/python test/ilp/check_systems.py pf-opt \
  --systems "$problems" --ilp "$(((problems + 9) / 10))"
echo "== through Python, periods that end early, against enumeration and HiGHS" >&2
.venv/bin/python test/ilp/check_machines.py --exits \
  --problems "$problems" --ilp "$(((problems + 9) / 10))"
echo "== through Python, banks that cost something to wake" >&2
.venv/bin/python test/ilp/check_machines.py --wakes \
  --problems "$problems" --ilp "$(((problems + 9) / 10))"
echo "== through Python, frames in turns, against enumeration: $problems" >&2
.venv/bin/python test/ilp/check_frames.py --systems "$problems"
for what in machines chips; do
  echo "== through Python, random $what, against enumeration and HiGHS: $problems" >&2
  .venv/bin/python "test/ilp/check_$what.py" \
    --problems "$problems" --ilp "$(((problems + 9) / 10))"
done
