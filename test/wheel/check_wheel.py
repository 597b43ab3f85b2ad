# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Check that an installed wheel stands by itself, and beside torch-mlir.

Usage: check_wheel.py FOLDER, where the wheel was unpacked.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

NETWORK = """
func.func @net() {
  power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 512>
  return
}
"""

ALONE = f"""
import sys
import pfmlir
schedule = pfmlir.schedule({NETWORK!r}, fps=20)
assert schedule.is_optimal
assert pfmlir.schedule("keyword_spotter").is_optimal
assert pfmlir.__file__.startswith(sys.argv[1])
mapped = open("/proc/self/maps").read()
assert "libLLVM" not in mapped and "libMLIR.so" not in mapped, mapped
assert "torch" not in sys.modules
"""

BESIDE = """
import sys
for package in sys.argv[2].split(","):
    __import__(package + ".ir")
import pfmlir.ir, torch_mlir.ir
for _ in range(3):
    for ir in (pfmlir.ir, torch_mlir.ir):
        with ir.Context():
            module = ir.Module.parse("func.func @f() { return }")
            assert module.operation.verify()
            assert "func.func @f()" in str(module)
for mine, other in ((pfmlir, torch_mlir), (torch_mlir, pfmlir)):
    with other.ir.Context():
        module = other.ir.Module.parse("module {}")
    try:
        mine.ir.PassManager.run(module)
    except (AttributeError, TypeError):
        pass
"""


def run(program: str, folder: str, *arguments: str) -> None:
    """Run a program with a folder's packages, and stop with its error if it fails."""
    subprocess.run(
        [sys.executable, "-c", program, folder, *arguments],
        check=True,
        env={"PATH": "/bin", "PYTHONPATH": folder},
    )


# What is installed takes no more than this.
MOST_BYTES = 60_000_000


def check_size(folder: Path) -> None:
    """Stop with an error if files take more than they may."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    if size > MOST_BYTES:
        raise SystemExit(f"the wheel takes {size} bytes of at most {MOST_BYTES}")


def main() -> None:
    """Check the folder."""
    folder = Path(sys.argv[1]).resolve()
    check_size(folder)
    libraries = folder / "pfmlir" / "_mlir_libs"
    for stub in ("_mlir/ir.pyi", "_pfmlirPower.pyi", "_pfmlirScheduler.pyi"):
        if not (libraries / stub).is_file():
            raise SystemExit(f"the wheel has no {stub}")
    for library in sorted(libraries.glob("*.so")):
        needed = subprocess.run(
            ["ldd", library], check=True, capture_output=True, text=True
        ).stdout
        for wrong in ("libLLVM", "libMLIR.so", "libzstd", "not found"):
            if wrong in needed:
                raise SystemExit(f"{library.name} needs {wrong}:\n{needed}")
    run(ALONE, str(folder))
    print("the wheel stands by itself")
    if importlib.util.find_spec("torch_mlir"):
        run(BESIDE, str(folder), "pfmlir,torch_mlir")
        run(BESIDE, str(folder), "torch_mlir,pfmlir")
        print("and beside torch-mlir, in both orders")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > 60e6:
        raise SystemExit(f"the wheel unpacks to {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
