# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What tests, benchmarks and experiments share. It is not installed.

The top of the repository is on the path of whoever imports it: lit puts it there, the
scripts in `tools` do, and so does `python -m` there.

`reference` has what was published. It, `problems`, `machines`, `ilp`, `declared` and
what is made of that import nothing of the compiler or of its package, whose answers
they check; the others may.
"""
