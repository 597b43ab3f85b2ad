// Modules side by side, in as many threads as there are. Every other one misses its
// deadline and says so, while the rest try in silence for baselines that their cost
// tables do not speak of.
// RUN: not pf-opt %s --pass-pipeline='builtin.module(builtin.module(power-select-states))' 2>&1 | grep -c "error: 'func.func' op @net can't run" | FileCheck %s
// RUN: not pf-opt %s --pass-pipeline='builtin.module(builtin.module(power-select-states))' 2>&1 | grep -c "error: " | FileCheck %s
// RUN: not pf-opt %s --mlir-disable-threading --pass-pipeline='builtin.module(builtin.module(power-select-states))' 2>&1 | grep -c "error: " | FileCheck %s
// CHECK: {{^}}8{{$}}
module @m0 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m1 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m2 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m3 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m4 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m5 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m6 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m7 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m8 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m9 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m10 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m11 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m12 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m13 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m14 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 0.5} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
module @m15 {
  power.target @t levels_v [0.9] max_rails 1 {
    power.domain @core nominal_v 1.0
  }
  func.func @net() attributes {power.period_s = 5.0} {
    power.layer "l" costs <[0.9] -> 1.0 J, 1.0 s, 1.0 W>
    return
  }
}
