# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Export PyTorch modules as linalg on tensors, with torch-mlir.

As a command, ``python -m pfmlir.export NETWORK`` exports a reference network.
"""

import argparse
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


class MissingDependencyError(ImportError):
    """torch or torch-mlir is not installed."""


def _require_torch() -> None:
    try:
        import torch  # noqa: F401
        import torch_mlir  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"exporting needs torch and torch-mlir, but {error.name} is not "
            "installed; install pfmlir with its extra [torch], as by "
            "`pip install '.[torch]'` in its source directory"
        ) from error


def _module_name(node: Any) -> str | None:
    """Return where in the module hierarchy a node of an exported graph is from."""
    stack = node.meta.get("nn_module_stack")
    if not stack:
        return None
    name, _kind = list(stack.values())[-1]
    return name or None


def _make_importer(context: Any) -> Any:
    """Return torch-mlir's importer, made to give operations their module's name."""
    from torch_mlir import ir
    from torch_mlir.extras.fx_importer import ContextCache, FxImporter

    class NamingContextCache(ContextCache):
        """Where the importer takes its locations from; it offers no other hook."""

        def get_node_location(self, node: Any) -> Any:
            location = super().get_node_location(node)
            name = _module_name(node)
            return ir.Location.name(name, location, context) if name else location

    importer = FxImporter(context=context)
    importer._cc = NamingContextCache(
        context, py_attr_tracker=importer._py_attr_tracker
    )
    return importer


def export_linalg(
    module: "nn.Module",
    example_inputs: tuple[Any, ...],
    *,
    function_name: str = "main",
    with_weights: bool = False,
) -> str:
    """Export a module as MLIR text, linalg on tensors.

    Parameters
    ----------
    module
        The module, in evaluation mode.
    example_inputs
        Positional arguments of its `forward`; their shapes become the network's.
    function_name
        What to call the function.
    with_weights
        Whether to print the weights. A schedule needs none of them, and they
        are megabytes.

    Returns
    -------
    str
        A module of one function. The location of each operation is named after
        the submodule that it comes from, as in `features.3.squeeze`.

    Raises
    ------
    MissingDependencyError
        torch or torch-mlir is not installed.
    """
    _require_torch()
    from torch_mlir import fx, ir
    from torch_mlir.dialects import torch as torch_dialect

    context = ir.Context()
    torch_dialect.register_dialect(context)
    with warnings.catch_warnings():
        # torch's own use of its pytree, inside torch.export.
        warnings.filterwarnings("ignore", ".*LeafSpec.*", FutureWarning)
        imported = fx.export_and_import(
            module,
            *example_inputs,
            output_type="linalg-on-tensors",
            fx_importer=_make_importer(context),
            func_name=function_name,
        )
    limits = {} if with_weights else {"large_resource_limit": 0}
    return imported.operation.get_asm(enable_debug_info=True, **limits)


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=path.name, delete=False
    ) as file:
        temporary = Path(file.name)
        try:
            file.write(text)
            file.flush()
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    names = ["squeezenet", "resnet18", "mobilenetv3_small", "mobilevit_xxs"]
    parser = argparse.ArgumentParser(
        prog="python -m pfmlir.export",
        description="Export a reference network as MLIR, linalg on tensors.",
    )
    parser.add_argument("network", nargs="?", choices=names)
    parser.add_argument(
        "-o", "--output", type=Path, help="file; standard output if not"
    )
    parser.add_argument(
        "--with-weights", action="store_true", help="print the weights, too"
    )
    parser.add_argument("--list", action="store_true", help="list the networks, only")
    options = parser.parse_args(arguments)
    if options.list:
        print(*names, sep="\n")
        return 0
    if options.network is None:
        parser.error("which network? --list lists them")
    try:
        _require_torch()
    except MissingDependencyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    from pfmlir.networks import build

    module, example_inputs = build(options.network)
    text = export_linalg(
        module,
        example_inputs,
        function_name=options.network,
        with_weights=options.with_weights,
    )
    if options.output is None:
        sys.stdout.write(text)
    else:
        write_atomically(options.output, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
