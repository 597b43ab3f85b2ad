# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the public artifact of PowerFlow-DNN (arXiv 2603.23882) finds."""

import csv

from . import FOLDER

# Least energy of the public heuristic in joules, three rails, at the rates of
# results.csv; and without its refinement where that is known.
LAMBDA_DP = {
    ("squeezenet", "V3"): 1.626031855e-4,
    ("squeezenet", "V4"): 1.600348078e-4,
    ("squeezenet", "V5"): 1.600348078e-4,
    ("resnet18", "V3"): 1.137679544e-3,
    ("resnet18", "V4"): 1.102356706e-3,
    ("resnet18", "V5"): 1.102356706e-3,
    ("mobilenetv3_small", "V3"): 1.043340432e-4,
    ("mobilenetv3_small", "V4"): 1.043340432e-4,
    ("mobilenetv3_small", "V5"): 1.043340432e-4,
    ("mobilevit_xxs", "V3"): 5.450826080e-4,
    ("mobilevit_xxs", "V4"): 5.362401275e-4,
    ("mobilevit_xxs", "V5"): 5.362401275e-4,
}
LAMBDA_DP_UNREFINED = {
    ("squeezenet", "V3"): 1.684618635e-4,
    ("resnet18", "V3"): 1.184368827e-3,
    ("mobilevit_xxs", "V3"): 5.471874958e-4,
}

# Joules a frame without and with gating, at a rate in frames a second.
BASELINES = {
    "squeezenet": (78, 2.801946160e-4, 2.295239068e-4, 2.574402601e-4, 2.153116505e-4),
    "resnet18": (14, 1.948251279e-3, 1.526555646e-3, 1.742284349e-3, 1.375299125e-3),
    "mobilenetv3_small": (
        *(113, 1.578486537e-4, 1.549296061e-4, 1.380731923e-4, 1.355509575e-4),
    ),
    "mobilevit_xxs": (
        *(15, 7.982974040e-4, 7.528929924e-4, 6.963535566e-4, 6.561223280e-4),
    ),
}


def largest_deviation(tables: list[dict], name: str) -> list[float]:
    """Return how far tables are from a network's, relatively, at most.

    Tables are by layer, from voltages to joules, seconds and watts; what is returned is
    in the same order.
    """
    worst = [0.0, 0.0, 0.0]
    with open(FOLDER / "tables" / f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(map(len, tables)), "every row has its counterpart"
    for row in rows:
        voltages = tuple(float(row[key]) for key in ("v_sys", "v_weight", "v_feeder"))
        ours = tables[int(row["layer"])][voltages]
        for i, key in enumerate(("energy_j", "time_s", "leakage_w")):
            expected = float(row[key])
            worst[i] = max(worst[i], abs(ours[i] - expected) / expected)
    return worst
