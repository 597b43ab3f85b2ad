//===- Arrays.h - Numbers as numpy arrays -----------------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PYTHON_BINDINGS_ARRAYS_H
#define PFMLIR_PYTHON_BINDINGS_ARRAYS_H

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <vector>

namespace pfmlir {

/// A numpy array of its own of the numbers, shaped [rows, columns] if `columns`
/// is not zero.
template <typename T>
nanobind::object makeArray(std::vector<T> numbers, size_t columns = 0) {
  auto *data = new std::vector<T>(std::move(numbers));
  nanobind::capsule owner(data, [](void *pointer) noexcept {
    delete static_cast<std::vector<T> *>(pointer);
  });
  size_t shape[] = {data->size(), 0};
  size_t rank = 1;
  if (columns) {
    shape[0] /= columns;
    shape[1] = columns;
    rank = 2;
  }
  return nanobind::cast(
      nanobind::ndarray<nanobind::numpy, T>(data->data(), rank, shape, owner));
}

} // namespace pfmlir

#endif // PFMLIR_PYTHON_BINDINGS_ARRAYS_H
