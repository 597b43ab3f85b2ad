//===- Interruption.h - Ctrl-C while C++ works ------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PYTHON_BINDINGS_INTERRUPTION_H
#define PFMLIR_PYTHON_BINDINGS_INTERRUPTION_H

#include <Python.h>

namespace pfmlir {

enum class Interruption {
  None,
  /// Ctrl-C, which is no error where what was found is to be returned.
  Heard,
  /// A handler of signals raised what Python's error is now.
  Raised,
};

/// Looks for signals; of those that raise KeyboardInterrupt, there is no error
/// if `isWish`. With the GIL.
inline Interruption findInterruption(bool isWish) {
  if (PyErr_CheckSignals() == 0)
    return Interruption::None;
  if (!isWish || !PyErr_ExceptionMatches(PyExc_KeyboardInterrupt))
    return Interruption::Raised;
  PyErr_Clear();
  return Interruption::Heard;
}

} // namespace pfmlir

#endif // PFMLIR_PYTHON_BINDINGS_INTERRUPTION_H
