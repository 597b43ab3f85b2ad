# Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What tools/check_certificate.py is made of.

`reading` makes a certificate of a file's bytes, by means of `values`, and `joint` one
of several networks. `module` makes a problem of IR's text: `text` reads lines,
`declarations` what a target says, `machine` makes axes of that, and `layers` states of
tables. All refuse what isn't what it should be. `problem` and `target` say what these
are. `proof` is the proof. All of it needs numpy, and nothing of the compiler or of its
package.
"""
