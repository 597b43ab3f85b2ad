# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What tools/check_certificate.py is made of.

`reading` makes a certificate of a file's bytes, by means of `values`, and `module` a
problem of IR's text; both refuse what isn't one. `problem` says what a problem is, and
its digest. `proof` is the proof. All of it needs numpy, and nothing of the compiler or
of its package.
"""
