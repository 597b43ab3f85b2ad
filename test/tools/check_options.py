# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that nobody says anything of an option that Passes.td doesn't.

Usage: check_options.py PF_OPT PASSES_PAGE SOURCE. Compares Python's table of options
with `pf-opt --help` and with the passes' reference page; looks for unknown options in
the texts of the source folder; and has printed pipelines read again.
"""

import re
import subprocess
import sys
from pathlib import Path

from pfmlir._options import OPTIONS

PIPELINE = "powerflow-schedule"
# What the end of a name says of the unit.
UNITS = {"v": "V", "s": "s", "j": "J", "w": "W", "bytes": "bytes"}
NETWORK = """
func.func @net() {
  power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
  return
}
"""
PIPELINES = [
    f"builtin.module({PIPELINE})",
    "builtin.module(power-assign-target{levels-v=0.9,1.1,1.2000000000000002 "
    "max-rails=2 gating=none gating-granularity=3 sleep-power-w=1e-50 "
    "transition-energy-j=1.2345678901234567e-10 banks=ifmap:3,rram:4 "
    "reduction-chunk=8},power-form-layers,power-select-states{fps=0.1 "
    "time-limit-s=1e3 gap=0.30000000000000004 search=greedy threads=2},"
    "power-insert-states,power-verify-schedule)",
    "builtin.module(power-assign-target{target=pf40 function=net sleep=false},"
    "power-form-layers{skip-vector-layers=true},power-select-states{period-s=0.1},"
    "power-insert-states,power-verify-schedule{prove-bound=true})",
]


def run(*command: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command."""
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=True
    )


def require(condition: bool, message: str) -> None:
    """Stop unless a condition holds."""
    if not condition:
        raise SystemExit(message)


def read_help(text: str) -> dict[str, dict[str, str]]:
    """Return the options in the help of pf-opt: texts by name, by pass."""
    found: dict[str, dict[str, str]] = {}
    options: dict[str, str] = {}
    for line in text.splitlines():
        match = re.match(r"( +)--([\w-]+)(?:=<\S+>)? +- +(.*)", line)
        if match and len(match[1]) == 6:
            options = found.setdefault(match[2], {})
        elif match and len(match[1]) == 8:
            options[match[2]] = match[3]
    return found


def read_page(text: str) -> dict[str, dict[str, str]]:
    """Return the options of the reference page, as `read_help` does."""
    parts = re.split(r"^### `-([\w-]+)`$", text, flags=re.MULTILINE)[1:]
    return {
        name: dict(re.findall(r"^-([\w-]+) +: (.*)$", part, re.MULTILINE))
        for name, part in zip(parts[::2], parts[1::2], strict=True)
    }


def check_table(told: dict[str, dict[str, str]], where: str) -> None:
    """Compare what a text tells of each pass with the table."""
    passes = {option.pass_name for option in OPTIONS.values()}
    for name in passes:
        known = {o.name: o.help for o in OPTIONS.values() if o.pass_name == name}
        require(told[name] == known, f"{where}, {name}: {told[name]} is not {known}")


def check_units() -> None:
    """Check that names say units, and that helps do."""
    for option in OPTIONS.values():
        expected = UNITS.get(option.name.rsplit("-", 1)[-1], "")
        if option.name == "fps":
            expected = "1/s"
        require(option.unit == expected, f"unit of {option.name}: '{option.unit}'")
        is_told = f"[{expected}]" in option.help
        require(is_told == bool(expected), f"{option.name}: {option.help}")


def find_mentioned(text: str) -> set[str]:
    """Return the options that a text gives to a pass or to the pipeline."""
    given = re.findall(rf'--(?:{PIPELINE}|power-[\w-]+)="?([\w-]+=[^"`\n]*)', text)
    given += re.findall(rf"(?:{PIPELINE}|power-[\w-]+)\{{([^}}]*)\}}", text)
    return {name for each in given for name in re.findall(r"([\w-]+)=", each)}


def check_texts(source: Path, told: dict[str, dict[str, str]]) -> None:
    """Check that all options in texts are known."""
    pages = [*source.glob("*.md"), *source.glob("docs/*.md")]
    pages += [*source.glob("examples/*.py"), *source.glob("*/README.md")]
    mentioned = {
        name: page for page in pages for name in find_mentioned(page.read_text())
    }
    known = {
        option
        for name, options in told.items()
        if name.startswith("power")
        for option in options
    }
    for name, page in mentioned.items():
        require(name in known, f"{page}: there is no option '{name}'")
    require(bool(mentioned), "no text mentions an option")
    print(f"{len(mentioned)} options in texts are known")


def print_pipeline(pf_opt: str, pipeline: str) -> tuple[str, str]:
    """Return what passes make of a network, and the pipeline as it is printed."""
    done = run(
        pf_opt, f"--pass-pipeline={pipeline}", "--dump-pass-pipeline", text=NETWORK
    )
    printed = done.stderr[done.stderr.index("builtin.module(") :]
    return done.stdout, "".join(printed.split("\n\n")[0].splitlines())


def main() -> None:
    """Check everything."""
    pf_opt, page, source = sys.argv[1:]
    told = read_help(run(pf_opt, "--help").stdout)
    check_table(told, "help")
    check_table(read_page(Path(page).read_text()), "page")
    of_pipeline = {option.name: option.help for option in OPTIONS.values()}
    require(told[PIPELINE] == of_pipeline, f"pipeline: {told[PIPELINE]}")
    check_units()
    passes = {option.pass_name for option in OPTIONS.values()}
    print(f"{len(OPTIONS)} options of {len(passes)} passes agree")
    check_texts(Path(source), told)
    for pipeline in PIPELINES:
        made = print_pipeline(pf_opt, pipeline)
        require(
            print_pipeline(pf_opt, made[1]) == made, f"{made[1]} is read as another"
        )
    print(f"{len(PIPELINES)} pipelines round-trip")


if __name__ == "__main__":
    main()
