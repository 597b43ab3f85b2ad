# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command `pfmlir`."""

import argparse
import csv
import importlib
import io
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import __version__, ir
from .certificates import certify
from .compiler import (
    GATINGS,
    LIMITS,
    SEARCHES,
    assign_target,
    builtin_targets,
    form_layers,
    import_model,
    schedule,
    tabulate_costs,
)
from .costs import CostTables
from .errors import InfeasibleError, PfmlirError
from .files import write_atomically
from .fronts import ParetoFront, pareto_front
from .plots import KINDS
from .rails import RailChoice, choose_rails
from .result import Schedule, with_prefix
from .sensitivities import sensitivity
from .sweeping import SweepPoint, sweep

EXIT_STATUS = """\
exit status:
  0  done
  1  the input was refused; standard error says where and why
  2  the command was wrong
  3  no schedule keeps the deadline; standard error says what could
"""
# Those of pfmlir.networks, which imports torch.
NETWORKS = ("squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs")
INPUT = """\
an MLIR file (linalg on tensors, or power.layer operations); a reference network
(squeezenet, resnet18, mobilenetv3_small, mobilevit_xxs); or MODULE:FUNCTION, a Python
function without arguments that returns a torch.nn.Module and a tuple of its inputs
"""
FORMATS = ("table", "summary", "json", "csv", "mlir")


class CommandError(Exception):
    """The command can't do what it was asked for."""


# ---------------------------------------------------------------------------
# Input
# ---------------------------------------------------------------------------


def _call(name: str) -> tuple[Any, tuple[Any, ...]]:
    """Return the model and the inputs that MODULE:FUNCTION makes."""
    module_name, _, function_name = name.partition(":")
    # As `python -m` would find it.
    sys.path.insert(0, "")
    try:
        function = getattr(importlib.import_module(module_name), function_name)
    except ModuleNotFoundError as error:
        raise CommandError(f"no Python module '{error.name}'") from None
    except AttributeError:
        raise CommandError(
            f"Python module '{module_name}' has no '{function_name}'"
        ) from None
    made = function()
    if not (isinstance(made, tuple) and len(made) == 2 and isinstance(made[1], tuple)):
        raise CommandError(
            f"'{name}' should return a model and a tuple of inputs, but returned "
            f"{made!r:.80}"
        )
    return made


def _load_network(
    name: str, function: str | None, with_weights: bool = False
) -> ir.Module:
    """Return an input of the command as a module."""
    if not Path(name).exists() and not name.endswith(".mlir"):
        if ":" in name:
            return import_model(
                *_call(name), function=function or "main", with_weights=with_weights
            )
        if name in NETWORKS:
            from .export import require_torch

            require_torch()
            from .networks import build

            return import_model(
                *build(name), function=function or name, with_weights=with_weights
            )
        raise CommandError(
            f"'{name}' is neither a file, nor MODULE:FUNCTION, nor one of the "
            f"reference networks {', '.join(NETWORKS)}"
        )
    return import_model(Path(name))


def _load_schedule(path: str) -> Schedule:
    """Return a schedule from what `save` wrote, or from scheduled MLIR."""
    if path.endswith(".mlir"):
        return Schedule.from_module(import_model(Path(path)))
    return Schedule.load(path)


def _numbers(convert: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """Return a reader of `1,2,3` and of `FIRST:LAST:STEP`."""

    def read(text: str) -> list[Any]:
        if ":" not in text:
            return [convert(part) for part in text.split(",")]
        first, last, step = (convert(part) for part in text.split(":"))
        if not (step > 0 and last >= first):
            raise ValueError(text)
        # Counted, so that steps of 0.1 end where they should.
        count = int((last - first) / step * (1 + 1e-12)) + 1
        return [first + i * step for i in range(count)]

    read.__name__ = "list"
    return read


def _positive(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(text)
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _fraction(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1:
        raise ValueError(text)
    return number


def _searches(text: str) -> list[str]:
    names = text.split(",")
    if not set(names) <= set(SEARCHES):
        raise ValueError(text)
    return names


_fraction.__name__ = "fraction"
_positive.__name__ = "positive number"
_count.__name__ = "positive whole number"
_searches.__name__ = "list of searches"


def _bank(text: str) -> tuple[str, int]:
    memory, _, number = text.partition(":")
    return memory, int(number)


_bank.__name__ = "MEMORY:NUMBER"


def _network_at_rate(text: str) -> tuple[str, float]:
    network, _, rate = text.rpartition("@")
    if not network:
        raise ValueError(text)
    return network, _positive(rate)


_network_at_rate.__name__ = "INPUT@FPS"


# ---------------------------------------------------------------------------
# Output
# ---------------------------------------------------------------------------


def _write(text: str, path: Path | None) -> None:
    if path is None:
        sys.stdout.write(text)
    else:
        write_atomically(path, text)


def _format_schedule(found: Schedule, kind: str) -> str:
    if kind == "summary":
        return f"{found!r}\n"
    if kind == "mlir":
        return found.ir
    return found.to_text(kind)


def _format_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows of the same names; rails are separated by spaces."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        rails = " ".join(repr(rail) for rail in row["rails_v"])
        writer.writerow(row | {"rails_v": rails})
    return stream.getvalue()


def _format_points(points: list[SweepPoint], kind: str) -> str:
    if kind == "json":
        return json.dumps([asdict(point) for point in points], indent=2) + "\n"
    if kind == "csv":
        return _format_csv([asdict(point) for point in points])
    lines = [f"{'search':<20} {'rails':>5} {'fps':>9} {'energy':>11} {'power':>11}  at"]
    for point in points:
        head = f"{point.search:<20} {point.max_rails or '-':>5} {point.fps:>9.4g} "
        if point.is_feasible:
            rails = ", ".join(f"{rail:.2f}" for rail in point.rails_v)
            energy, power = (
                with_prefix(point.energy_j, "J"),
                with_prefix(point.power_w, "W"),
            )
            lines.append(f"{head}{energy:>11} {power:>11}  {rails} V")
        else:
            least = point.fastest_time_s or float("inf")
            lines.append(f"{head}{'-':>11} {'-':>11}  at most {1 / least:.4g} fps")
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------------
# Subcommands
# ---------------------------------------------------------------------------

# Options that are those of `assign_target`.
PASSED_ON = (
    "target",
    "levels_v",
    "gating",
    "gating_granularity",
    "transition_energy_j",
    "transition_time_s",
    "sleep_power_w",
    "sleep",
    "reduction_chunk",
)


def _target_keywords(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of `assign_target`."""
    keywords = {name: getattr(options, name) for name in PASSED_ON}
    if options.bank:
        keywords["banks"] = dict(options.bank)
    return keywords


def _keywords(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of `schedule`, but for rate, rails and search."""
    names = ("skip_vector_layers", *LIMITS)
    return _target_keywords(options) | {name: getattr(options, name) for name in names}


def _run_import(options: argparse.Namespace) -> None:
    module = _load_network(options.input, options.function, options.with_weights)
    text = module.operation.get_asm(enable_debug_info=True)
    _write(f"{text}\n", options.output)


def _run_schedule(options: argparse.Namespace) -> None:
    network = _load_network(options.input, options.function)
    found = schedule(
        network,
        fps=options.fps,
        period_s=options.period_s,
        max_rails=options.max_rails,
        search=options.search,
        function=options.function,
        **_keywords(options),
    )
    if options.save:
        found.save(options.save)
    _write(_format_schedule(found, options.format), options.output)


def _run_show(options: argparse.Namespace) -> None:
    found = _load_schedule(options.schedule)
    _write(_format_schedule(found, options.format), options.output)


def _run_plot(options: argparse.Namespace) -> None:
    from .plots import save_figure

    found = _load_schedule(options.schedule)
    baseline = _load_schedule(options.baseline) if options.baseline else None
    save_figure(found.plot(options.kind, baseline), options.output)


def _run_targets(options: argparse.Namespace) -> None:
    targets = builtin_targets()
    if options.name is None:
        _write("".join(f"{name}\n" for name in targets), None)
    elif options.name in targets:
        _write(targets[options.name], options.output)
    else:
        raise CommandError(
            f"no built-in target '{options.name}'; there are {', '.join(targets)}"
        )


def _run_sweep(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    points = sweep(
        _load_network(options.input, options.function),
        fps=options.fps,
        max_rails=options.max_rails,
        search=options.search,
        function=options.function,
        # Only on a terminal.
        progress=lambda work: tqdm(work, unit="schedule", disable=None),
        **_keywords(options),
    )
    if options.plot:
        from .plots import draw_rates, save_figure

        save_figure(draw_rates(points), options.plot)
    _write(_format_points(points, options.format), options.output)


def _run_front(options: argparse.Namespace) -> None:
    front = pareto_front(
        _tabulate(options.input, options),
        fps=options.fps,
        max_rails=options.max_rails,
        tolerance=options.tolerance,
        max_points=options.max_points,
        threads=options.threads,
    )
    if options.plot:
        from .plots import draw_front, save_figure

        save_figure(draw_front(front), options.plot)
    _write(_format_front(front, options.format), options.output)


def _format_front(front: ParetoFront, kind: str) -> str:
    rows = front.to_rows()
    if kind == "json":
        summary = {"tolerance": front.tolerance, "points": rows}
        return json.dumps(summary, indent=2) + "\n"
    if kind == "csv":
        return _format_csv(rows)
    lines = [f"{'period':>11} {'fps':>9} {'energy':>11} {'power':>11}  rails"]
    for row in rows:
        period, energy, power = (
            with_prefix(row[name], unit)
            for name, unit in (("period_s", "s"), ("energy_j", "J"), ("power_w", "W"))
        )
        rails = ", ".join(f"{rail:.2f}" for rail in row["rails_v"])
        lines.append(
            f"{period:>11} {row['fps']:>9.4g} {energy:>11} {power:>11}  {rails} V"
        )
    proof = "each proven" if front.is_optimal else "not all proven"
    within = f"{100 * front.tolerance:.2g} %"
    lines.append(f"{len(rows)} points, {proof}; in between known within {within}")
    return "\n".join(lines) + "\n"


def _run_sensitivity(options: argparse.Namespace) -> None:
    before, changes = sensitivity(
        _load_network(options.input, options.function),
        fps=options.fps,
        max_rails=options.max_rails,
        function=options.function,
        **_keywords(options),
    )
    if options.format == "json":
        rows = [asdict(change) for change in changes]
        text = json.dumps({"energy_j": before.energy_j, "changes": rows}, indent=2)
        _write(f"{text}\n", options.output)
        return
    width = max(len(change.what) for change in changes)
    lines = [f"{'as it is':{width}} {with_prefix(before.energy_j, 'J'):>11}"]
    for change in changes:
        if change.energy_j is None or change.saving is None:
            lines.append(f"{change.what:{width}} {'too slow':>11}")
            continue
        percent = round(-100 * change.saving, 3) + 0.0
        energy = with_prefix(change.energy_j, "J")
        lines.append(f"{change.what:{width}} {energy:>11} {percent:>+9.3f} %")
    _write("\n".join(lines) + "\n", options.output)


def _tabulate(name: str, options: argparse.Namespace) -> CostTables:
    """Return what a network costs on the accelerator that the options describe."""
    network = _load_network(name, getattr(options, "function", None))
    module = assign_target(network, **_target_keywords(options))
    return tabulate_costs(
        form_layers(module, skip_vector_layers=options.skip_vector_layers)
    )


def _run_certify(options: argparse.Namespace) -> None:
    solution = certify(
        _tabulate(options.input, options),
        options.output,
        fps=options.fps,
        max_rails=options.max_rails,
        threads=options.threads,
    )
    energy = with_prefix(solution.energy_j, "J")
    print(f"{energy} a period; the certificate is in {options.output}")


def _run_rails(options: argparse.Namespace) -> None:
    costs = [_tabulate(network, options) for network, _ in options.networks]
    rates = [rate for _, rate in options.networks]
    choice = choose_rails(
        costs,
        fps=rates,
        max_rails=options.max_rails or costs[0].max_rails,
        # So that the sum is a power.
        weights=rates,
        **{name: getattr(options, name) for name in LIMITS},
    )
    _write(_format_rails(choice, options), options.output)


def _format_rails(choice: RailChoice, options: argparse.Namespace) -> str:
    rails = [float(rail) for rail in choice.rails_v]
    rows = [
        {
            "network": network,
            "fps": rate,
            "energy_j": solution.energy_j,
            "power_w": rate * solution.energy_j,
            "rails_v": [float(rail) for rail in solution.rails],
        }
        for (network, rate), solution in zip(
            options.networks, choice.solutions, strict=True
        )
    ]
    if options.format == "json":
        summary = {
            "rails_v": rails,
            "power_w": choice.energy_j,
            "lower_bound_w": choice.lower_bound_j,
            "gap": choice.gap,
            "networks": rows,
        }
        return json.dumps(summary, indent=2) + "\n"
    proof = "proven optimal" if choice.is_optimal else f"gap {100 * choice.gap:.4f} %"
    width = max(7, *(len(row["network"]) for row in rows))
    lines = [
        f"rails  {', '.join(f'{rail:.2f} V' for rail in rails)}",
        f"power  {with_prefix(choice.energy_j, 'W')} together ({proof})",
        "",
        f"{'network':{width}} {'fps':>9} {'energy':>11} {'power':>11}  uses",
    ]
    for row in rows:
        energy, power = (
            with_prefix(row["energy_j"], "J"),
            with_prefix(row["power_w"], "W"),
        )
        used = ", ".join(f"{rail:.2f}" for rail in row["rails_v"])
        lines.append(
            f"{row['network']:{width}} {row['fps']:>9.4g} {energy:>11} {power:>11}  "
            f"{used} V"
        )
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------------
# The command line
# ---------------------------------------------------------------------------


def _add_output(parser: argparse.ArgumentParser, formats: Sequence[str] = ()) -> None:
    if formats:
        parser.add_argument(
            "-f", "--format", choices=formats, default=formats[0], help="%(choices)s"
        )
    parser.add_argument(
        "-o", "--output", type=Path, help="file; standard output if not given"
    )


def _add_target_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("accelerator")
    group.add_argument("--target", help="built-in name, symbol in the input, or file")
    group.add_argument(
        "--levels-v",
        type=_numbers(float),
        metavar="V,...",
        help="candidate supply levels in volts, instead of the target's; also "
        "FIRST:LAST:STEP",
    )
    group.add_argument("--gating", choices=GATINGS, help="memory banks to gate")
    group.add_argument(
        "--gating-granularity", type=_count, metavar="N", help="banks gated together"
    )
    group.add_argument(
        "--transition-energy-j",
        type=float,
        metavar="J",
        help="joules for a domain to change its level",
    )
    group.add_argument(
        "--transition-time-s",
        type=float,
        metavar="S",
        help="seconds for a domain to change its level",
    )
    group.add_argument(
        "--sleep-power-w",
        type=float,
        metavar="W",
        help="watts drawn asleep; replaces the target's sleep states",
    )
    group.add_argument(
        "--no-sleep", dest="sleep", action="store_false", help="never sleep"
    )
    group.add_argument(
        "--bank",
        type=_bank,
        action="append",
        metavar="MEMORY:NUMBER",
        help="banks of a memory; can be given again",
    )
    group.add_argument(
        "--reduction-chunk",
        type=_count,
        metavar="N",
        help="longest accumulation that the weight buffer holds, in elements",
    )


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", help=INPUT)
    parser.add_argument(
        "--function",
        help="what to call a PyTorch model's function; of MLIR with several, the one "
        "to schedule",
    )


def _add_network(parser: argparse.ArgumentParser) -> None:
    _add_input(parser)
    _add_search(parser)


def _add_skip_vector_layers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--skip-vector-layers",
        action="store_true",
        help="leave layers that compute a single position uncosted",
    )


def _add_threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threads",
        type=_count,
        default=1,
        metavar="N",
        help="threads of the exact search; don't change the result",
    )


def _add_max_rails(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-rails", type=_count, metavar="N", help="how many levels may become rails"
    )


def _add_search(parser: argparse.ArgumentParser) -> None:
    _add_skip_vector_layers(parser)
    parser.add_argument(
        "--time-limit-s",
        type=_positive,
        metavar="S",
        help="when the exact search stops with the best schedule it has",
    )
    parser.add_argument(
        "--gap",
        type=_fraction,
        default=0.0,
        help="how close to the optimum it has to come, relative to the energy",
    )
    parser.add_argument(
        "--memory-limit-bytes",
        type=_count,
        metavar="N",
        help="memory that it may take for partial schedules",
    )
    _add_threads(parser)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pfmlir",
        description="Schedule the power of a network on an accelerator, with proof.",
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="command", required=True)

    def add(name: str, run: Callable, help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            epilog=EXIT_STATUS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=run)
        return command

    command = add("import", _run_import, "print a network as MLIR")
    _add_input(command)
    command.add_argument(
        "--with-weights", action="store_true", help="a PyTorch model's weights, too"
    )
    _add_output(command)

    command = add("schedule", _run_schedule, "find the schedule of least energy")
    _add_network(command)
    rate = command.add_mutually_exclusive_group()
    rate.add_argument("--fps", type=_positive, help="inferences a second")
    rate.add_argument(
        "--period-s",
        type=_positive,
        metavar="S",
        help="seconds from one inference to the next",
    )
    _add_max_rails(command)
    command.add_argument(
        "--search", choices=SEARCHES, default="exact", help="%(choices)s"
    )
    command.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="keep the schedule, numbers and IR, for show and plot",
    )
    _add_output(command, FORMATS)
    _add_target_options(command)

    command = add("show", _run_show, "print a schedule")
    command.add_argument("schedule", help="what --save wrote, or scheduled MLIR")
    _add_output(command, FORMATS)

    command = add("plot", _run_plot, "draw a schedule")
    command.add_argument("schedule", help="what --save wrote, or scheduled MLIR")
    command.add_argument(
        "--kind",
        choices=KINDS,
        default="timeline",
        help="%(choices)s",
    )
    command.add_argument(
        "--baseline", metavar="SCHEDULE", help="another schedule to draw it against"
    )
    command.add_argument(
        "-o", "--output", type=Path, required=True, help=".pdf, .png or .svg"
    )

    command = add("targets", _run_targets, "list built-in targets, or print one")
    command.add_argument("name", nargs="?", help="the one to print, as MLIR")
    _add_output(command)

    command = add(
        "sweep", _run_sweep, "schedule at many rates, numbers of rails and searches"
    )
    _add_network(command)
    command.add_argument(
        "--fps",
        type=_numbers(_positive),
        required=True,
        metavar="FPS,...",
        help="rates; also FIRST:LAST:STEP",
    )
    command.add_argument(
        "--max-rails",
        type=_numbers(_count),
        default=[None],
        metavar="N,...",
        help="numbers of rails; also FIRST:LAST:STEP",
    )
    command.add_argument(
        "--search",
        type=_searches,
        default=["exact"],
        metavar="SEARCH,...",
        help=", ".join(SEARCHES),
    )
    command.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw energy against rate"
    )
    _add_output(command, ("table", "csv", "json"))
    _add_target_options(command)

    command = add(
        "front", _run_front, "find the least energy for every deadline, with proof"
    )
    _add_input(command)
    command.add_argument(
        "--fps",
        type=_positive,
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="range of rates; by default all that make a difference",
    )
    _add_max_rails(command)
    command.add_argument(
        "--tolerance",
        type=_positive,
        default=0.01,
        metavar="X",
        help="how far the front may be from its points between them; %(default)s",
    )
    command.add_argument(
        "--max-points",
        type=_count,
        default=1000,
        metavar="N",
        help="where to stop; %(default)s",
    )
    _add_skip_vector_layers(command)
    _add_threads(command)
    command.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw energy and rails"
    )
    _add_output(command, ("table", "csv", "json"))
    _add_target_options(command)

    command = add(
        "sensitivity", _run_sensitivity, "tell what changes of the hardware are worth"
    )
    _add_network(command)
    command.add_argument(
        "--fps", type=_positive, required=True, help="inferences a second"
    )
    _add_max_rails(command)
    _add_output(command, ("table", "json"))
    _add_target_options(command)

    command = add(
        "certify", _run_certify, "write a proof that a schedule is one of least energy"
    )
    _add_input(command)
    _add_skip_vector_layers(command)
    _add_threads(command)
    command.add_argument(
        "--fps", type=_positive, required=True, help="inferences a second"
    )
    _add_max_rails(command)
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        help="JSON, which tools/check_certificate.py checks",
    )
    _add_target_options(command)

    command = add(
        "rails", _run_rails, "choose the rails that serve several networks best"
    )
    command.add_argument(
        "networks",
        type=_network_at_rate,
        nargs="+",
        metavar="INPUT@FPS",
        help="a network and its rate; " + INPUT,
    )
    _add_search(command)
    _add_max_rails(command)
    _add_output(command, ("table", "json"))
    _add_target_options(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    options = _make_parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except InfeasibleError as error:
        print(error, file=sys.stderr)
        return 3
    except BrokenPipeError:
        # Whoever reads has enough; Python would try once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"error: '{error.filename}': {error.strerror}", file=sys.stderr)
        return 1
    except (CommandError, PfmlirError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
