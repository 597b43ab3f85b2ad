# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Make from Passes.td what has to know the options of all passes.

Usage: generate_options.py {cpp,python} RECORDS OUTPUT, where RECORDS is what
`llvm-tblgen -dump-json` makes of Passes.td. `cpp` writes the pipelines, each with a
structure of the options of its passes; `python` writes a module with the table of
these options. Options.td says what an option is made of.
"""

import json
import re
import sys
import textwrap
from itertools import groupby
from pathlib import Path
from typing import Any

Record = dict[str, Any]


# ---------------------------------------------------------------------------
# What Passes.td says
# ---------------------------------------------------------------------------


class Records:
    """The definitions of Passes.td."""

    def __init__(self, path: str) -> None:
        self._records = json.loads(Path(path).read_text())

    def follow(self, reference: Record) -> Record:
        """Return the definition that a field refers to."""
        return self._records[reference["def"]]

    def pipelines(self) -> list[Record]:
        """Return all pipelines."""
        return [
            self._records[name] for name in self._records["!instanceof"]["Pipeline"]
        ]

    def passes(self, pipeline: Record) -> list[Record]:
        """Return the passes of a pipeline, in order."""
        return [self.follow(each) for each in pipeline["passes"]]

    def options(self, of: Record) -> list[Record]:
        """Return the options of a pass, each with its kind."""
        found = [self.follow(each) for each in of["options"]]
        for option in found:
            if "OptionData" not in option["!superclasses"]:
                raise SystemExit(
                    f"error: option '{option['argument']}' of {of['argument']}: "
                    "expected one of the classes of Options.td, but got Option"
                )
        return [
            option | {name: self.follow(option[name]) for name in ("kind", "group")}
            for option in found
        ]


def is_many(option: Record) -> bool:
    """Whether an option has any number of values."""
    return "ManyOption" in option["!superclasses"]


def check_names(pipeline: Record, options: list[Record]) -> None:
    """Exit with an error if two options of a pipeline have one name."""
    names = [option["argument"] for option in options]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SystemExit(
            f"error: pipeline {pipeline['name']}: expected each option in one pass, "
            f"but got {', '.join(twice)} in several"
        )


# ---------------------------------------------------------------------------
# C++
# ---------------------------------------------------------------------------

PIPELINE = """\
/// The options of all passes of `{name}`.
struct {record}Options : ::mlir::PassPipelineOptions<{record}Options> {{
{members}
}};

static void build{record}(::mlir::OpPassManager &manager,
                          const {record}Options &options) {{
{passes}
}}

static void register{record}() {{
  static ::mlir::PassPipelineRegistration<{record}Options> registration(
      "{name}", R"PO({summary})PO", build{record});
}}
"""


def make_member(option: Record) -> str:
    """Return the member of a pipeline's structure that an option is."""
    kind = "ListOption" if is_many(option) else "Option"
    value = option["kind"]["cppType"] if is_many(option) else option["type"]
    default = option["defaultValue"]
    start = f", ::llvm::cl::init({default})" if default else ""
    return (
        f"  {kind}<{value}> {option['cppName']}{{*this, "
        f'"{option["argument"]}", '
        f'::llvm::cl::desc(R"PO({option["description"]})PO"){start}}};'
    )


def make_pass(record: Record, options: list[Record]) -> str:
    """Return the lines that add a pass with its options."""
    name = record["!name"]
    if not options:
        return f"  manager.addPass(create{name}());"
    lines = ["  {", f"    {name}Options forwarded;"]
    for option in options:
        field = option["cppName"]
        lines.append(
            f"    forwarded.{field}.assign(options.{field}.begin(), "
            f"options.{field}.end());"
            if is_many(option)
            else f"    forwarded.{field} = options.{field};"
        )
    return "\n".join(
        [*lines, f"    manager.addPass(create{name}(std::move(forwarded)));", "  }"]
    )


def make_cpp(records: Records) -> str:
    """Return all pipelines as C++."""
    parts = ["// Made from Passes.td by generate_options.py.\n"]
    for pipeline in records.pipelines():
        passes = [(each, records.options(each)) for each in records.passes(pipeline)]
        check_names(pipeline, [option for _, options in passes for option in options])
        members = []
        for each, options in passes:
            if options:
                members.append(f"  // {each['argument']}")
                members += map(make_member, options)
        parts.append(
            PIPELINE.format(
                record=pipeline["!name"],
                name=pipeline["name"],
                summary=pipeline["summary"],
                members="\n".join(members),
                passes="\n".join(make_pass(*each) for each in passes),
            )
        )
    return "\n".join(parts)


# ---------------------------------------------------------------------------
# Python
# ---------------------------------------------------------------------------

MODULE = '''\
# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The options of the compiler's passes, made from Passes.td: change them there.

`OPTIONS` is the table, by Python keyword, in the order in which the passes run. For
each group of options that are taken together there is a `TypedDict`, of these for each
pass one, and of these for the pipeline one of them all:

>>> from typing import Unpack
>>> from pfmlir._options import OPTIONS, PowerFlowOptions
>>> def schedule(source: str, **options: Unpack[PowerFlowOptions]) -> list[str]:
...     return [OPTIONS[keyword].name for keyword in options]
>>> schedule("net.mlir", period_s=0.01, max_rails=2)
['period-s', 'max-rails']
>>> OPTIONS["period_s"].help
'From one inference to the next [s]'

An option without a default is not given to a pass at all where its keyword is missing
or None.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from ._mlir_libs import _pfmlirScheduler


@dataclass(frozen=True)
class Option:
    """An option of a pass.

    Attributes
    ----------
    name : str
        As pipelines have it: "period-s".
    kind : str
        What each value is: "text", "flag" (True or False), "positive" (finite, above
        zero), "not_negative" (finite), "fraction" (from 0 to below 1), "count" (whole,
        at least 1), "bank_count" ("memory:number"), "layer_probability"
        ("layer:number"), "gating" or "search" (one of `choices`).
    type : type
        Of each value: str, bool, float or int.
    is_many : bool
        Whether there can be several values, which pipelines separate by commas.
    default
        What holds where nothing is given; None where nothing does.
    unit : str
        "s", "J", "W", "V", "1/s" or "bytes"; empty for what has none.
    choices : tuple of str
        All values, where they are few.
    group : str
        What it and others are about: "limits of the exact search".
    pass_name : str
        The pass that has it: "power-select-states".
    help : str
        What it means, with choices and unit.
    """

    name: str
    kind: str
    type: type
    is_many: bool
    default: Any
    unit: str
    choices: tuple[str, ...]
    group: str
    pass_name: str
    help: str

    @property
    def keyword(self) -> str:
        """As Python has it: "period_s"."""
        return self.name.replace("-", "_")


# By keyword.
OPTIONS: dict[str, Option] = {{
    option.keyword: option
    for option in (
{table}
    )
}}


{classes}'''

OPTION = """\
        Option(
            {name},
            kind={kind},
            type={type},
            is_many={is_many},
            default={default},
            unit={unit},
            choices={choices},
            group={group},
            pass_name={pass_name},
            help={help},
        ),"""

CLASS = '''\
class {name}(
{bases}
    total=False,
):
    """Options of {what}.{attributes}"""{members}
'''


def keyword(option: Record) -> str:
    """Return what an option is called in Python."""
    return option["argument"].replace("-", "_")


def literal(text: str) -> str:
    """Return a text as a Python literal, of several lines if it is long."""
    if len(text) < 68:
        return json.dumps(text)
    pad = " " * 12
    lines = textwrap.wrap(text, 66, drop_whitespace=False, break_on_hyphens=False)
    return "\n".join(
        ["(", *(f"{pad}    {json.dumps(line)}" for line in lines), f"{pad})"]
    )


def choices(option: Record) -> str:
    """Return the expression of an option's choices."""
    if option["kind"]["name"] == "search":
        return "tuple(search.name for search in _pfmlirScheduler.searches())"
    names = [json.dumps(each) for each in option["kind"]["choices"]]
    return f"({', '.join(names)}{',' * (len(names) == 1)})"


def default_of(option: Record) -> str:
    """Return the default as Python has it; it is written as C++ in Passes.td."""
    text = option["defaultValue"]
    if not text:
        return "()" if is_many(option) else "None"
    constant = re.fullmatch(r"::pfmlir::scheduler::k(\w+)", text)
    if constant:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", constant[1]).upper()
        return f"_pfmlirScheduler.{name}"
    if option["kind"]["pythonType"] == "float":
        return repr(float(text))
    return text if text.startswith('"') else repr(json.loads(text))


def make_row(option: Record, of: Record) -> str:
    """Return an option's row of the table."""
    return OPTION.format(
        name=json.dumps(option["argument"]),
        kind=json.dumps(option["kind"]["name"]),
        type=option["kind"]["pythonType"],
        is_many=is_many(option),
        default=default_of(option),
        unit=json.dumps(option["unit"]),
        choices=choices(option),
        group=json.dumps(option["group"]["what"]),
        pass_name=json.dumps(of["argument"]),
        help=literal(option["description"]),
    )


def python_type(option: Record) -> str:
    """Return the type of what a keyword is given."""
    if is_many(option):
        return option["kind"]["pythonManyType"] + " | None"
    return option["kind"]["pythonType"] + ("" if option["defaultValue"] else " | None")


def make_class(name: str, what: str, bases: list[str], options: list[Record]) -> str:
    """Return the TypedDict of some options."""
    attributes = members = ""
    for option in options:
        declaration = f"\n    {keyword(option)}%s: {python_type(option)}"
        indent = " " * 8
        attributes += declaration % " " + "\n"
        attributes += textwrap.fill(
            f"{option['description']}.",
            88,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
        )
        members += declaration % ""
    if options:
        attributes = f"\n\n    Attributes\n    ----------{attributes}\n    "
    return CLASS.format(
        name=name,
        what=what,
        bases="\n".join(f"    {base}," for base in bases),
        attributes=attributes,
        members=f"\n{members}" if members else "",
    )


def make_groups(options: list[Record], of: Record) -> dict[str, str]:
    """Return the TypedDicts of a pass's groups of options, in order, by name."""
    classes: dict[str, str] = {}
    for group, members in groupby(options, lambda option: option["group"]):
        name = f"{group['!name'].removesuffix('Group')}Options"
        if name in classes:
            raise SystemExit(
                f"error: pass {of['argument']}: expected the options of "
                f"{group['!name']} one after the other, but got others between them"
            )
        what = f"`{of['argument']}`: {group['what']}"
        classes[name] = make_class(name, what, ["TypedDict"], list(members))
    return classes


def make_python(records: Records) -> str:
    """Return the table as a Python module."""
    rows: dict[str, str] = {}
    classes: dict[str, str] = {}
    for pipeline in records.pipelines():
        bases = []
        for each in records.passes(pipeline):
            options = records.options(each)
            if not options:
                continue
            name = f"{each['!name']}Options"
            bases.append(name)
            if name in classes:
                continue
            groups = make_groups(options, each)
            for twice in groups.keys() & classes.keys():
                raise SystemExit(f"error: {twice}: expected a group in one pass only")
            what = f"pass `{each['argument']}`: those of its groups"
            classes |= groups | {name: make_class(name, what, list(groups), [])}
            for option in options:
                rows[option["argument"]] = make_row(option, each)
        name = f"{pipeline['!name']}Options"
        what = f"pipeline `{pipeline['name']}`: those of its passes"
        classes[name] = make_class(name, what, bases, [])
    return MODULE.format(
        table="\n".join(rows.values()), classes="\n\n".join(classes.values())
    )


def main() -> None:
    """Write one of the two."""
    what, records, output = sys.argv[1:]
    make = {"cpp": make_cpp, "python": make_python}[what]
    Path(output).write_text(make(Records(records)))


if __name__ == "__main__":
    main()
