// Functions that processors don't have become sums and products; roots stay, and so does
// what has 64 bits.
// RUN: pf-opt %s --power-approximate-math | FileCheck %s

// CHECK-LABEL: func.func @functions
// CHECK-NOT: math.{{exp|tanh|erf|powf|rsqrt}}
// CHECK: math.sqrt
// CHECK: math.exp {{.*}} : f64
// CHECK: return
func.func @functions(%x: f32, %wide: f64) -> (f32, f64) {
  %a = math.exp %x : f32
  %b = math.tanh %a : f32
  %c = math.erf %b : f32
  %d = math.powf %c, %x : f32
  %e = math.rsqrt %d : f32
  %f = math.sqrt %e : f32
  %g = math.exp %wide : f64
  return %f, %g : f32, f64
}
