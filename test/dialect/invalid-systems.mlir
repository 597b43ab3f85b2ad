// RUN: pf-opt %s -split-input-file -verify-diagnostics

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @d nominal_v 1.0
  // expected-error@+1 {{expects 'speed' to be finite and positive, but got 0}}
  power.corner @c speed 0.0 leakage 1.0 weight 1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @d nominal_v 1.0
  // expected-error@+1 {{expects 'leakage' to be finite and not negative, but got -1}}
  power.corner @c speed 1.0 leakage -1.0 weight 1.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @d nominal_v 1.0
  // expected-error@+1 {{expects 'weight' to be finite and positive, but got 0}}
  power.corner @c speed 1.0 leakage 1.0 weight 0.0
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @d nominal_v 1.0
  // expected-error@+1 {{expects the weights of all corners of its target to add up to 1, but got 0.75}}
  power.corner @a speed 1.0 leakage 1.0 weight 0.5
  power.corner @b speed 0.9 leakage 1.0 weight 0.25
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @d nominal_v 1.0
}
// expected-error@+1 {{'power.corner' expects the symbol of a power.corner of the function's target, but got @d}}
func.func @f() attributes {power.target = @t, power.corner = @d} {
  return
}

// -----

// expected-error@+1 {{'power.corner' expects the symbol of a power.corner of the function's target, but got @slow}}
func.func @f() attributes {power.corner = @slow} {
  return
}

// -----

// expected-error@+1 {{expects at least one power.network, but got none}}
power.system @s {
}

// -----

func.func @f() {
  return
}
power.system @s {
  // expected-error@+1 {{expects only networks in a power.system}}
  builtin.module {}
}

// -----

func.func @f() {
  return
}
power.system @s {
  // expected-note@+1 {{the first is here}}
  power.network @f
  // expected-error@+1 {{expects another function, but got @f again}}
  power.network @f
}

// -----

power.system @s {
  // expected-error@+1 {{expects @f to be a function}}
  power.network @f
}

// -----

func.func @f() {
  return
}
// expected-error@+1 {{expects @t to be a power.target}}
power.system @s on @t {
  power.network @f
}

// -----

func.func @f() {
  return
}
power.system @s {
  // expected-error@+1 {{expects 'period_s' to be finite and positive, but got 0}}
  power.network @f period_s 0.0
}

// -----

func.func @f() {
  return
}
power.system @s {
  // expected-error@+1 {{expects 'share' to be more than 0 and at most 1, but got 1.5}}
  power.network @f share 1.5
}

// -----

func.func @f() {
  return
}
// expected-error@+1 {{expects to be the only power.system of its module}}
power.system @s {
  power.network @f
}
// expected-note@+1 {{another is here}}
power.system @r {
  power.network @f
}

// -----

func.func @f() {
  return
}
// expected-error@+1 {{expects all of 'rails_v', 'power_w' and 'lower_bound_w', or none}}
power.system @s power_w 1.0 {
  power.network @f
}

// -----

func.func @f() {
  return
}
// expected-error@+1 {{expects 'power_w' to be finite and not negative, but got -1}}
power.system @s rails_v [1.0] power_w -1.0 lower_bound_w 1.0 {
  power.network @f
}

// -----

func.func @f() {
  return
}
// expected-error@+1 {{expects 'lower_bound_w' to be finite and not negative, but got -1}}
power.system @s rails_v [1.0] power_w 1.0 lower_bound_w -1.0 {
  power.network @f
}

// -----

func.func @f() {
  return
}
// expected-error@+1 {{expects a target where it has 'rails_v'}}
power.system @s rails_v [1.0] power_w 1.0 lower_bound_w 1.0 {
  power.network @f
}

// -----

power.target @t levels_v [1.0] max_rails 1 {
  power.domain @d nominal_v 1.0
}
func.func @f() {
  return
}
// expected-error@+1 {{expects rails at levels of target @t, but got 1.5 V}}
power.system @s on @t rails_v [1.5] power_w 1.0 lower_bound_w 1.0 {
  power.network @f
}
