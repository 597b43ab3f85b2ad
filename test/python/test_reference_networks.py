# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Test reference networks by name, and the demonstration, where there is no PyTorch."""

import subprocess
import sys

import pfmlir
import pytest
from pfmlir.command import main
from pfmlir.compile.reference_networks import REFERENCE_NETWORKS

# As if it were not installed: importing what is None there is an ImportError.
WITHOUT_TORCH = """
import sys
sys.modules["torch"] = sys.modules["torch_mlir"] = None
import pfmlir
from pfmlir.command import main
for name in sys.argv[1].split(","):
    assert pfmlir.schedule(name, target="pf40").function == name
assert main(["demo", "keyword_spotter", "--target", "pf40"]) == 0
try:
    pfmlir.import_model("squeezenet", with_weights=True)
except pfmlir.MissingDependencyError as error:
    print(error)
"""


def test_names_need_no_torch() -> None:
    names = ",".join(REFERENCE_NETWORKS)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, names], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Proof: every energy" in done.stdout
    assert "exporting needs torch and torch-mlir" in done.stdout


def test_networks_are_named_after_their_submodules() -> None:
    schedule = pfmlir.schedule("person_detector", target="pf40")
    names = schedule.layers["name"].tolist()
    assert names[:3] == ["features.0.0", "features.1.0.0", "features.1.1.0"]
    assert names[-1] == "fc"
    # A product for each head, and no other than the model's.
    transformer = pfmlir.schedule("small_transformer", target="pf40")
    works = dict(
        zip(
            transformer.layers["name"].tolist(),
            transformer.layers["multiply_accumulates"].tolist(),
            strict=True,
        )
    )
    assert works["blocks.0.attention"] == 128 * 128 * 128
    assert works["blocks.1.fc2"] == 128 * 512 * 128
    assert len(works) == 2 * 8 + 2


@pytest.mark.parametrize("with_weights", [False, True])
def test_a_name_is_a_function_of_any_name(with_weights: bool) -> None:
    if with_weights:
        pytest.importorskip("torch_mlir")
    module = pfmlir.import_model(
        "keyword_spotter", function="listen", with_weights=with_weights
    )
    assert "func.func @listen(" in str(module)
    assert ("dialect_resources" in str(module)) == with_weights


def test_files_say_nothing_of_the_machine() -> None:
    for name in REFERENCE_NETWORKS:
        module = pfmlir.import_model(name)
        text = str(module.operation.get_asm(enable_debug_info=True))
        assert ".py" not in text
        assert "dialect_resources" not in text


def test_demo_shows_schedule_savings_and_proof(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "keyword_spotter", "--target", "pf40", "--fps", "900"]) == 0
    said = capsys.readouterr()
    schedule = pfmlir.schedule("keyword_spotter", target="pf40", fps=900)
    assert said.out.startswith(schedule.to_text())
    assert "Saving against" in said.out
    assert f"this one costs {schedule.energy_j:.16e} J." in said.out
    steps = [line for line in said.err.splitlines() if line.startswith("== ")]
    assert len(steps) == 3
    assert steps[0].startswith("== reading keyword_spotter: ")


def test_demo_names_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "squeeze"])
    said = capsys.readouterr().err
    assert "expected one of squeezenet, resnet18" in said
    assert "did you mean 'squeezenet'?" in said
    assert main(["demo", "keyword_spotter", "--target", "pf40", "--fps", "1e6"]) == 3
    assert "the shortest period" in capsys.readouterr().err
