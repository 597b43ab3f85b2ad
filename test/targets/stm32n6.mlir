// Three clocks on one supply with overdrive, and a processor for what the NPU lacks.
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=stm32n6 fps=2600" | FileCheck %s --check-prefix=OVERDRIVE
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=stm32n6 fps=2000" | FileCheck %s --check-prefix=NOMINAL
// RUN: pf-opt %S/Inputs/image_classification.mlir --powerflow-schedule="target=stm32n6 fps=100" | FileCheck %s --check-prefix=STOP
// RUN: pf-opt %s --powerflow-schedule="target=stm32n6 fps=100" | FileCheck %s --check-prefix=CPU

// OVERDRIVE: power.hand_over{{$}}
// OVERDRIVE: power.set_state [@stm32n6::@npu, @stm32n6::@npu_ram, @stm32n6::@cpu_core] to [8.900000e-01, 8.900000e-01, 8.900000e-01]
// OVERDRIVE-NOT: power.hand_over
// OVERDRIVE: power.idle

// NOMINAL: power.set_state [@stm32n6::@npu, @stm32n6::@npu_ram, @stm32n6::@cpu_core] to [8.100000e-01, 8.100000e-01, 8.100000e-01]

// STOP: power.sleep @stm32n6::@stop

// A softmax runs on the processor, which the network has measured, and the layers around
// it on the NPU.
// CPU: power.hand_over{{$}}
// CPU: power.layer "conv"
// CPU: power.hand_over to @stm32n6::@cpu
// CPU-NEXT: power.layer "softmax" {{.*}}implementation = "cpu"
// CPU: power.hand_over{{$}}
// CPU-NEXT: power.layer "conv2"
func.func @with_softmax() {
  power.layer "conv" workload #power.conv2d<input = [16, 32, 32], output_channels = 16, kernel = [3, 3]>
  power.layer "softmax" implementations {
    cpu = #power.cost_table<
      [0.81, 0.81, 0.81] -> 3.0e-05 J, 1.2e-03 s, 1.0e-02 W,
      [0.89, 0.89, 0.89] -> 4.0e-05 J, 9.0e-04 s, 1.5e-02 W>}
  power.layer "conv2" workload #power.conv2d<input = [16, 30, 30], output_channels = 64, kernel = [3, 3]>
  return
}
