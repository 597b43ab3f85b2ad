//===- start.S - Where a RISC-V machine begins --------------------------- ===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

        .section .text.start, "ax"
        .globl _start
_start:
        # Floating-point numbers are off after reset.
        li      t0, 0x2000
        csrs    mstatus, t0
        la      sp, stack_top
        # Globals without a value are zero.
        la      t0, bss_begin
        la      t1, bss_end
1:      bgeu    t0, t1, 2f
        sw      zero, 0(t0)
        addi    t0, t0, 4
        j       1b
2:      call    main
        call    platform_exit
