# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Print the shell commands of a page.

Usage: extract_commands.py PAGE.
"""

import re
import sys
from pathlib import Path


def main() -> None:
    """Print all blocks of shell commands."""
    page = Path(sys.argv[1]).read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)
    if not blocks:
        raise SystemExit(f"{sys.argv[1]} has no commands")
    print("".join(blocks), end="")


if __name__ == "__main__":
    main()
