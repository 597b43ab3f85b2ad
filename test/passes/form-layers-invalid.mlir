// RUN: pf-opt %s -split-input-file --power-form-layers -verify-diagnostics

// expected-error@+1 {{expects a function with power.layer or linalg operations, but there is none}}
module {
  func.func private @declared()
}

// -----

// expected-error@+1 {{expects one function to schedule, but there are 2; name one with the option 'function' of power-assign-target}}
module {
  // expected-note@+1 {{candidate @a}}
  func.func @a() {
    power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
    return
  }
  // expected-note@+1 {{candidate @b}}
  func.func @b() {
    power.layer "l" workload #power.matmul<m = 1, k = 1, n = 1>
    return
  }
}

// -----

// expected-error@+1 {{'func.func' op expects a convolution or matrix product of its arguments, but got none}}
func.func @elementwise(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @dynamic(%a: tensor<?x4xf32>, %b: tensor<4x2xf32>, %c: tensor<?x2xf32>) -> tensor<?x2xf32> {
  // expected-error@+1 {{'linalg.matmul' op expects static shapes, which its cost depends on, but got 'tensor<?x4xf32>', 'tensor<4x2xf32>', 'tensor<?x2xf32>'}}
  %0 = linalg.matmul ins(%a, %b : tensor<?x4xf32>, tensor<4x2xf32>) outs(%c : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// -----

func.func @buffers(%a: memref<4x4xf32>, %b: memref<4x2xf32>, %c: memref<4x2xf32>) {
  // expected-error@+1 {{'linalg.matmul' op expects linalg on tensors to form layers}}
  linalg.matmul ins(%a, %b : memref<4x4xf32>, memref<4x2xf32>) outs(%c : memref<4x2xf32>)
  return
}

// -----

func.func @nested(%a: tensor<4x4xf32>, %p: i1) -> tensor<4x4xf32> {
  // expected-note@+1 {{nested in this operation}}
  %0 = scf.if %p -> tensor<4x4xf32> {
    // expected-error@+1 {{'linalg.matmul' op expects to be in the function's own block to become a layer}}
    %1 = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
    scf.yield %1 : tensor<4x4xf32>
  } else {
    scf.yield %a : tensor<4x4xf32>
  }
  return %0 : tensor<4x4xf32>
}

// -----

// expected-error@+1 {{'func.func' op expects a body of one block, but got 2}}
func.func @blocks(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
  cf.br ^next
^next:
  %1 = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}

// -----

// Two filter loops along one dimension of the input.
#sum = affine_map<(i, j, k) -> (i + j + k)>
#two = affine_map<(i, j, k) -> (j, k)>
#one = affine_map<(i, j, k) -> (i)>
func.func @unknown(%a: tensor<4x4xf32>, %x: tensor<12xf32>, %w: tensor<3x3xf32>, %o: tensor<8xf32>) -> (tensor<4x4xf32>, tensor<8xf32>) {
  %0 = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  // expected-error@+1 {{'linalg.generic' op is a product that no workload describes; option 'allow-uncosted' of power-form-layers lists it as uncosted}}
  %1 = linalg.generic {indexing_maps = [#sum, #two, #one], iterator_types = ["parallel", "reduction", "reduction"]} ins(%x, %w : tensor<12xf32>, tensor<3x3xf32>) outs(%o : tensor<8xf32>) {
  ^bb0(%l: f32, %r: f32, %acc: f32):
    %2 = arith.mulf %l, %r : f32
    %3 = arith.addf %2, %acc : f32
    linalg.yield %3 : f32
  } -> tensor<8xf32>
  return %0, %1 : tensor<4x4xf32>, tensor<8xf32>
}

// -----

func.func @empty(%a: tensor<0x4xf32>, %b: tensor<4x2xf32>, %c: tensor<0x2xf32>) -> tensor<0x2xf32> {
  // expected-error@+1 {{'linalg.matmul' op can't be a layer: expects m to be at least 1, but got 0}}
  %0 = linalg.matmul ins(%a, %b : tensor<0x4xf32>, tensor<4x2xf32>) outs(%c : tensor<0x2xf32>) -> tensor<0x2xf32>
  return %0 : tensor<0x2xf32>
}

// -----

func.func @dynamic_image(%a: tensor<1x?x?x3xf32>, %b: tensor<3x3x3x4xf32>, %c: tensor<1x5x5x4xf32>) -> tensor<1x5x5x4xf32> {
  // expected-error@+1 {{'linalg.conv_2d_nhwc_hwcf' op expects static shapes, which its cost depends on, but got 'tensor<1x?x?x3xf32>'}}
  %0 = linalg.conv_2d_nhwc_hwcf ins(%a, %b : tensor<1x?x?x3xf32>, tensor<3x3x3x4xf32>) outs(%c : tensor<1x5x5x4xf32>) -> tensor<1x5x5x4xf32>
  return %0 : tensor<1x5x5x4xf32>
}

// -----

// Three times the rows of a slice are 2 modulo 2^64.
#rows = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
#weights = affine_map<(d0, d1, d2, d3) -> (d3, d2)>
#result = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
func.func @overflow(%a: tensor<3x6148914691236517206x8xf32>, %b: tensor<8x4xf32>, %c: tensor<3x6148914691236517206x4xf32>) -> tensor<3x6148914691236517206x4xf32> {
  // expected-error@+1 {{'linalg.generic' op can't be a layer: expects m to be at most 2147483648, but got 9223372036854775807}}
  %0 = linalg.generic {indexing_maps = [#rows, #weights, #result], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%a, %b : tensor<3x6148914691236517206x8xf32>, tensor<8x4xf32>) outs(%c : tensor<3x6148914691236517206x4xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %s = arith.addf %z, %m : f32
    linalg.yield %s : f32
  } -> tensor<3x6148914691236517206x4xf32>
  return %0 : tensor<3x6148914691236517206x4xf32>
}

// -----

func.func @mixed(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-note@+1 {{the first layer is here}}
  power.layer "first" workload #power.matmul<m = 1, k = 1, n = 1>
  // expected-error@+1 {{'linalg.matmul' op expects to be in a power.layer, as others are}}
  %0 = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// -----

func.func @mixed_nested(%a: tensor<4x4xf32>, %p: i1) -> tensor<4x4xf32> {
  power.layer "first" workload #power.matmul<m = 1, k = 1, n = 1>
  // expected-note@+1 {{nested in this operation}}
  %0 = scf.if %p -> tensor<4x4xf32> {
    // expected-error@+1 {{'linalg.matmul' op expects to be in the function's own block to become a layer}}
    %1 = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
    scf.yield %1 : tensor<4x4xf32>
  } else {
    scf.yield %a : tensor<4x4xf32>
  }
  return %0 : tensor<4x4xf32>
}

// -----

power.target @t levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
}
// expected-error@+1 {{'func.func' op expects a power.layer or a linalg operation, but got none}}
func.func private @declared() attributes {power.target = @t}
