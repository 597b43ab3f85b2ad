// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @net() {
  power.layer "fc" workload #power.matmul<m = 64, k = 512, n = 512>
  return
}
