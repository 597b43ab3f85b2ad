//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_POWERATTRS_TD
#define PFMLIR_DIALECT_POWERATTRS_TD

include "pfmlir/CostModel/AnalyticalConstants.td"
include "pfmlir/Dialect/PowerDialect.td"
include "pfmlir/Dialect/PowerInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

/// C++ that describes the parameter of this index to the C API: its name, its
/// getter, and its default if it can be left out. A parameter written as a mere
/// C++ type can't.
class Power_Parameter<string cppClass, dag parameters, int index> {
  string name = !getdagname(parameters, index);
  defvar declared = !getdagarg<AttrOrTypeParameter>(parameters, index);
  string default = !if(!initialized(declared), declared.defaultValue, "");
  string cpp = "::pfmlir::power::makeParameter(\"" # name # "\", &" # cppClass
    # "::get" # CamelFromSnake<name>.value
    # !if(!empty(default), "", ", " # default) # ")";
}

class Power_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Power_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
  /// What an attribute has for methods of its own.
  code methods = "";
  let extraClassDeclaration = methods # [{
    /// The parameters in order, each a `Parameter`, in a tuple.
    static auto getParameters() {
      return std::make_tuple(}] # !interleave(!foreach(i,
          !range(!size(parameters)),
          Power_Parameter<cppClassName, parameters, i>.cpp), ",\n") # [{);
    }
  }];
}

/// A physical quantity: a finite double, written as an MLIR float literal.
class Power_Quantity<string desc> : AttrParameter<"::mlir::FloatAttr", desc> {
  let parser = "::pfmlir::power::parseQuantity($_parser)";
  let printer = "$_printer.printFloat($_self.getValue())";
}

/// One that may be left out.
class Power_OptionalQuantity<string desc>
    : OptionalParameter<"::mlir::FloatAttr", desc> {
  let parser = "::pfmlir::power::parseQuantity($_parser)";
  let printer = "$_printer.printFloat($_self.getValue())";
}

/// [q0, q1, ...]. Printed number by number, because of a DenseF64ArrayAttr in an
/// assembly format MLIR prints six digits.
class Power_QuantityArray<string desc>
    : AttrParameter<"::mlir::DenseF64ArrayAttr", desc> {
  let parser = "::pfmlir::power::parseQuantities($_parser)";
  let printer = "::pfmlir::power::printQuantities($_printer, $_self)";
}

/// [d0, d1, ...], absent where every element has its default.
class Power_OptionalDims<string desc>
    : OptionalParameter<"::mlir::DenseI64ArrayAttr", desc>;

class Power_Dims<string desc>
    : AttrParameter<"::mlir::DenseI64ArrayAttr", desc>;

//===----------------------------------------------------------------------===//
// Workloads
//===----------------------------------------------------------------------===//

def Power_Conv2DAttr : Power_Attr<"Conv2D", "conv2d",
    [DeclareAttrInterfaceMethods<Power_WorkloadAttrInterface,
                                 ["getOperation", "getTensors"]>]> {
  let summary = "shape of a two-dimensional convolution";
  let description = [{
    A convolution of a `batch` of images of `input` = [channels, height, width]
    with `output_channels` kernels of `kernel` = [height, width], in elements.
    `strides` and `dilations` are [vertical, horizontal], one by default;
    `padding` is [top, bottom, left, right], zero by default. `groups` splits the
    channels into that many independent convolutions; a depthwise convolution
    has as many groups as input channels. `activation_bits`, `weight_bits` and
    `output_bits` are those of an element, or as the cost model has them.

    ```mlir
    #power.conv2d<input = [3, 224, 224], output_channels = 64, kernel = [3, 3],
                  strides = [2, 2], padding = [1, 1, 1, 1]>
    ```
    ```mlir
    #power.conv2d<input = [3, 224, 224], output_channels = 64, kernel = [3, 3],
                  activation_bits = 8, weight_bits = 4, output_bits = 32>
    ```
  }];
  let parameters = (ins
    Power_Dims<"channels, height, width">:$input,
    "int64_t":$output_channels,
    Power_Dims<"height, width">:$kernel,
    Power_OptionalDims<"vertical, horizontal">:$strides,
    Power_OptionalDims<"top, bottom, left, right">:$padding,
    Power_OptionalDims<"vertical, horizontal">:$dilations,
    DefaultValuedParameter<"int64_t", "1">:$groups,
    DefaultValuedParameter<"int64_t", "1">:$batch,
    OptionalParameter<"std::optional<int64_t>", "of an activation">:$activation_bits,
    OptionalParameter<"std::optional<int64_t>", "of a weight">:$weight_bits,
    OptionalParameter<"std::optional<int64_t>", "of an output">:$output_bits
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let methods = [{
    int64_t getInputChannels() const { return getInput()[0]; }
    int64_t getInputHeight() const { return getInput()[1]; }
    int64_t getInputWidth() const { return getInput()[2]; }
    /// [vertical, horizontal].
    std::array<int64_t, 2> getStridesOrOne() const;
    std::array<int64_t, 2> getDilationsOrOne() const;
    /// Rows above and below together, columns left and right together.
    std::array<int64_t, 2> getTotalPadding() const;
    /// [height, width].
    std::array<int64_t, 2> getOutputSize() const;
  }];
}

def Power_MatmulAttr : Power_Attr<"Matmul", "matmul",
    [DeclareAttrInterfaceMethods<Power_WorkloadAttrInterface,
                                 ["getOperation", "getTensors"]>]> {
  let summary = "shape of a matrix product";
  let description = [{
    `batch` products of an m x k matrix of activations with a k x n matrix that
    is held in the array, the weights of a linear layer. With two `data_operands`
    the latter is data as well, as keys and values are in attention. Bits are
    those of an element, or as the cost model has them.

    ```mlir
    #power.matmul<m = 784, k = 64, n = 192>
    ```
    ```mlir
    #power.matmul<m = 64, k = 16, n = 64, batch = 4, data_operands = 2,
                  activation_bits = 16, weight_bits = 16, output_bits = 16>
    ```
  }];
  let parameters = (ins
    "int64_t":$m, "int64_t":$k, "int64_t":$n,
    DefaultValuedParameter<"int64_t", "1">:$batch,
    DefaultValuedParameter<"int64_t", "1">:$data_operands,
    OptionalParameter<"std::optional<int64_t>", "of an activation">:$activation_bits,
    OptionalParameter<"std::optional<int64_t>", "of a weight">:$weight_bits,
    OptionalParameter<"std::optional<int64_t>", "of an output">:$output_bits
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Power_VectorAttr : Power_Attr<"Vector", "vector",
    [DeclareAttrInterfaceMethods<Power_WorkloadAttrInterface>]> {
  let summary = "work on feature maps that is no product";
  let description = [{
    What elementwise operations, reductions, normalisations, pooling, gathers and
    copies do to feature maps: they read `reads` and write `writes` elements of
    `bits` bits, or as many as an activation has, and compute `operations`
    elementary operations (an addition, a maximum, an exponential, ...).

    ```mlir
    #power.vector<operations = 100352, reads = 200704, writes = 100352>
    ```
  }];
  let parameters = (ins
    "int64_t":$operations, "int64_t":$reads, "int64_t":$writes,
    OptionalParameter<"std::optional<int64_t>", "of an element">:$bits
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Voltage-frequency laws
//===----------------------------------------------------------------------===//

def Power_DelayPolynomialAttr : Power_Attr<"DelayPolynomial", "delay_polynomial",
    [DeclareAttrInterfaceMethods<Power_VoltageFrequencyLawAttrInterface>]> {
  let summary = "frequency from a polynomial fit of the gate delay";
  let description = [{
    The gate delay at voltage v is the polynomial with these `coefficients`,
    lowest order first, in any unit; the frequency is inversely proportional to
    it: f(v) = f(nominal) d(nominal) / d(v). The fit holds between `minimum_v` and
    `maximum_v`, in volts, and the delay must be positive and not increase there.

    ```mlir
    #power.delay_polynomial<coefficients = [4922.0, -11041.0, 8656.0, -2306.0],
                            minimum_v = 0.9, maximum_v = 1.3>
    ```
  }];
  let parameters = (ins
    Power_QuantityArray<"lowest order first">:$coefficients,
    Power_Quantity<"volts">:$minimum_v,
    Power_Quantity<"volts">:$maximum_v
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let methods = [{
    double getDelay(double voltageV) const;
  }];
}

def Power_FrequencyTableAttr : Power_Attr<"FrequencyTable", "frequency_table",
    [DeclareAttrInterfaceMethods<Power_VoltageFrequencyLawAttrInterface>]> {
  let summary = "measured frequencies, linear in between";
  let description = [{
    The clock frequency in hertz at each of some increasing voltages in volts,
    as measured; linear interpolation between them. It is absolute: the domain's
    nominal frequency must be what the table says at the nominal voltage.

    ```mlir
    #power.frequency_table<voltage_v = [0.8, 1.0, 1.2],
                           frequency_hz = [1.0e8, 2.0e8, 2.6e8]>
    ```
  }];
  let parameters = (ins
    Power_QuantityArray<"volts, increasing">:$voltage_v,
    Power_QuantityArray<"hertz, not decreasing">:$frequency_hz
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Leakage laws
//===----------------------------------------------------------------------===//

def Power_ExponentialLeakageAttr
    : Power_Attr<"ExponentialLeakage", "exponential_leakage",
    [DeclareAttrInterfaceMethods<Power_LeakageLawAttrInterface>]> {
  let summary = "leakage power that grows exponentially";
  let description = [{
    Leakage current grows by e with every `voltage_per_efold_v` volts, and so the
    power by (v / v_nominal) exp((v - v_nominal) / voltage_per_efold_v). With
    `reference_c` and `doubling_c` it doubles besides with every `doubling_c`
    degrees above `reference_c`, degrees Celsius, where the domain's `leakage_w`
    was measured; the target's `temperature_c` says how warm it is.

    ```mlir
    #power.exponential_leakage<voltage_per_efold_v = 0.25>
    ```
    ```mlir
    #power.exponential_leakage<voltage_per_efold_v = 0.25, reference_c = 25.0,
                               doubling_c = 20.0>
    ```
  }];
  let parameters = (ins
    Power_Quantity<"volts">:$voltage_per_efold_v,
    Power_OptionalQuantity<"degrees Celsius">:$reference_c,
    Power_OptionalQuantity<"degrees Celsius">:$doubling_c
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Converters
//===----------------------------------------------------------------------===//

def Power_ConverterAttr : Power_Attr<"Converter", "converter",
    [DeclareAttrInterfaceMethods<Power_ConverterAttrInterface>]> {
  let summary = "a converter with fixed, proportional and resistive losses";
  let description = [{
    For a load of P watts at v volts it draws

        P (1 + proportional_loss) + fixed_loss_w + resistance_ohm (P / v)^2

    watts: control and gate drive, switching, conduction.

    ```mlir
    #power.converter<fixed_loss_w = 1.0e-05, proportional_loss = 0.08,
                     resistance_ohm = 0.05>
    ```
  }];
  let parameters = (ins
    Power_Quantity<"watts">:$fixed_loss_w,
    Power_Quantity<"of the load">:$proportional_loss,
    Power_Quantity<"ohms">:$resistance_ohm
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Power_EfficiencyTableAttr : Power_Attr<"EfficiencyTable", "efficiency_table",
    [DeclareAttrInterfaceMethods<Power_ConverterAttrInterface>]> {
  let summary = "measured efficiencies, linear in between";
  let description = [{
    The efficiency of a converter, above 0 and at most 1, at each of some
    increasing output voltages in volts; linear interpolation between them, and
    beyond them as at the nearest.

    ```mlir
    #power.efficiency_table<voltage_v = [0.65, 0.8], efficiency = [0.82, 0.87]>
    ```
  }];
  let parameters = (ins
    Power_QuantityArray<"volts, increasing">:$voltage_v,
    Power_QuantityArray<"output power over input power">:$efficiency
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Gating
//===----------------------------------------------------------------------===//

def Power_GatingMode : I32EnumAttr<"GatingMode", "which memory banks are gated", [
    I32EnumAttrCase<"None", 0, "none">,
    I32EnumAttrCase<"Sram", 1, "sram">,
    I32EnumAttrCase<"Bank", 2, "bank">
  ]> {
  let cppNamespace = "::pfmlir::power";
  let genSpecializedAttr = 0;
}

def Power_GatingAttr : Power_Attr<"Gating", "gating"> {
  let summary = "how memory banks are power-gated";
  let description = [{
    `none`: every bank is always on. `sram`: of the feature-map memories, only the
    banks that a layer needs are on. `bank`: of the weight memory too, which
    takes a gate controller. Banks are switched `granularity` at a time.

    ```mlir
    #power.gating<bank, granularity = 4>
    ```
  }];
  let parameters = (ins
    EnumParameter<Power_GatingMode>:$mode,
    DefaultValuedParameter<"int64_t", "1">:$granularity
  );
  let assemblyFormat = "`<` $mode (`,` `granularity` `=` $granularity^)? `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

def Power_FieldKind : I32EnumAttr<"FieldKind", "what a field of a register is for", [
    I32EnumAttrCase<"Rail", 0, "rail">,
    I32EnumAttrCase<"Mode", 1, "mode">,
    I32EnumAttrCase<"Banks", 2, "banks">,
    I32EnumAttrCase<"Engine", 3, "engine">,
    I32EnumAttrCase<"Start", 4, "start">,
    I32EnumAttrCase<"Finish", 5, "finish">,
    I32EnumAttrCase<"Tail", 6, "tail">,
    I32EnumAttrCase<"Ready", 7, "ready">,
    I32EnumAttrCase<"Done", 8, "done">,
    I32EnumAttrCase<"Timer", 9, "timer">
  ]> {
  let cppNamespace = "::pfmlir::power";
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

def Power_CostTableAttr : Power_Attr<"CostTable", "cost_table"> {
  let summary = "what a layer costs in each of its states";
  let description = [{
    One row a state: the voltage of every power domain, in the order in which
    the target declares them, and the layer's energy (leakage included), time
    and leakage power there. No two rows have the same voltages.

    ```mlir
    #power.cost_table<
      [0.9, 0.9] -> 1.0e-06 J, 2.0e-03 s, 1.0e-04 W,
      [1.1, 0.9] -> 1.3e-06 J, 1.5e-03 s, 1.2e-04 W>
    ```
  }];
  let parameters = (ins
    Power_QuantityArray<"volts, states x domains, row-major">:$voltages_v,
    Power_QuantityArray<"joules, per state">:$energy_j,
    Power_QuantityArray<"seconds, per state">:$time_s,
    Power_QuantityArray<"watts, per state">:$leakage_w
  );
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let methods = [{
    size_t getNumStates() const { return getEnergyJ().size(); }
    size_t getNumDomains() const {
      return getVoltagesV().size() / getNumStates();
    }
    /// The voltages of one state, one a domain.
    ::llvm::ArrayRef<double> getStateVoltagesV(size_t state) const {
      return getVoltagesV().asArrayRef().slice(state * getNumDomains(),
                                               getNumDomains());
    }
  }];
}

def Power_MeasuredAttr : Power_Attr<"Measured", "measured",
    [DeclareAttrInterfaceMethods<Power_CostModelAttrInterface>]> {
  let summary = "cost model of measured tables, one a layer";
  let description = [{
    The cost of every layer, by the layer's name, as measured on silicon or
    simulated elsewhere. States at a voltage that is not among the target's
    levels are not used. Gating is what it was when the table was made.

    ```mlir
    #power.measured<{conv1 = #power.cost_table<
      [0.9] -> 1.0e-06 J, 2.0e-03 s, 1.0e-04 W>}>
    ```
  }];
  let parameters = (ins
    AttrParameter<"::mlir::DictionaryAttr",
                  "layer name to cost table">:$tables
  );
  let assemblyFormat = "`<` $tables `>`";
  let genVerifyDecl = 1;
}

def Power_AnalyticalAttr : Power_Attr<"Analytical", "analytical",
    [DeclareAttrInterfaceMethods<Power_CostModelAttrInterface,
                                 ["canCost", "canCostVectorWork"]>]> {
  let summary = "analytical cost model of a systolic-array accelerator";
  let description = [{
    The reference model of PowerFlow-DNN (arXiv 2603.23882): a weight-stationary
    array of 8 x 8 processing elements with a weight memory behind a DMA and
    a feature-map feeder, each in a power domain of its own. It counts what a
    layer does from its shape and prices it with these constants, all at the
    domains' nominal voltage: dynamic energy grows with the square of the
    voltage, leakage with the voltage, cycle time by the domain's
    voltage-frequency law. `docs/cost-model.md` gives the formulas.

    The first parameters name the power domains and memories of the target that
    play the parts of the model. `reduction_chunk`, if given, is the longest
    accumulation (input channels x kernel area) that the weight buffer holds;
    a longer one is cut, and its partial sums cost energy and time.

    With `other_work` "traffic", what is no product of data with weights is costed,
    too: vector work reads and writes feature maps through the ports of their
    memories, and a second data operand comes from the input memory and not from
    the weight memory. Without, as published, vector work can't be costed, and all
    products are with weights.

    ```mlir
    #power.analytical<
      array_domain = "sys", weight_domain = "weight", feeder_domain = "feeder",
      input_memory = "ifmap", output_memory = "ofmap", weight_memory = "rram",
      mac_energy_j = 1.833619e-13,
      weight_buffer_write_energy_j = 1.91e-10,
      weight_buffer_read_energy_j = 1.6e-11,
      output_write_energy_j = 3.1e-11,
      input_read_energy_j = 3.5e-11,
      weight_memory_read_energy_j = 6.4e-11,
      lane_write_energy_j = 1.798701e-13,
      lane_read_energy_j = 1.798701e-13,
      stagger_energy_j = 9.734584e-12,
      feeder_control_energy_j = 9.822556e-12,
      gate_control_energy_j = 2.579131e-12,
      dma_control_energy_j = 1.31618e-12,
      gate_controller_leakage_w = 1.62e-06>
    ```
  }];
  let parameters = !con((ins
    AttrParameter<"::mlir::StringAttr", "the processing elements' domain">:$array_domain,
    AttrParameter<"::mlir::StringAttr", "the weight memory's domain">:$weight_domain,
    AttrParameter<"::mlir::StringAttr", "the feature-map feeder's domain">:$feeder_domain,
    AttrParameter<"::mlir::StringAttr", "input feature maps">:$input_memory,
    AttrParameter<"::mlir::StringAttr", "output feature maps">:$output_memory,
    AttrParameter<"::mlir::StringAttr", "weights">:$weight_memory),
    !dag(ins,
         !foreach(constant, AnalyticalConstants, Power_Quantity<constant.unit>),
         !foreach(constant, AnalyticalConstants, constant.name)), (ins
    OptionalParameter<"std::optional<int64_t>", "elements">:$reduction_chunk,
    OptionalParameter<"::mlir::StringAttr", "how other work is costed">:$other_work));
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let methods = [{
    AnalyticalAttr withReductionChunk(int64_t chunk) const;

    /// The constants, in the order of `costmodel::Constant`, and their names.
    std::array<::mlir::FloatAttr, }] # !size(AnalyticalConstants) # [{>
    getConstants() const;
    static std::array<::llvm::StringLiteral, }] # !size(AnalyticalConstants) # [{>
    getConstantNames();
  }];
  // What has to name all constants.
  let extraClassDefinition = [{
    std::array<::mlir::FloatAttr, }] # !size(AnalyticalConstants) # [{>
    $cppClass::getConstants() const {
      return {}] # !interleave(!foreach(constant, AnalyticalConstants,
          "get" # constant.enumerator # "()"), ", ") # [{};
    }

    std::array<::llvm::StringLiteral, }] # !size(AnalyticalConstants) # [{>
    $cppClass::getConstantNames() {
      return {}] # !interleave(!foreach(constant, AnalyticalConstants,
          "\"" # constant.name # "\""), ", ") # [{};
    }

    ::llvm::LogicalResult $cppClass::verify(
        ::llvm::function_ref<::mlir::InFlightDiagnostic()> emitError, }]
        # !interleave(!foreach(i, !range(!size(parameters)),
            !getdagarg<AttrOrTypeParameter>(parameters, i).cppType # " "
            # !getdagname(parameters, i)), ", ") # [{) {
      return verifyAnalytical(emitError, {}]
        # !interleave(!foreach(constant, AnalyticalConstants, constant.name), ", ")
        # [{}, reduction_chunk, other_work);
    }
  }];
}

def Power_RooflineAttr : Power_Attr<"Roofline", "roofline",
    [DeclareAttrInterfaceMethods<Power_CostModelAttrInterface,
                                 ["canCost", "canCostVectorWork"]>]> {
  let summary = "cost model of a processor that computes or waits for memory";
  let description = [{
    A layer takes the time to compute, or the time to move its data, whichever is
    longer: `macs_per_cycle` multiply-accumulates a cycle of `domain`, and
    `bytes_per_cycle` bytes a cycle of `memory_domain`, or of `domain` if that is
    not given. It costs `mac_energy_j` joules a multiply-accumulate in `domain`
    and `byte_energy_j` joules a byte in the domain of the memory, both at the
    domains' nominal voltage; dynamic energy grows with the square of the voltage,
    and leakage by each domain's law. Data are each input, output and weight once,
    of `activation_bits`, `output_bits` and `weight_bits` bits an element where
    the layer's workload has none of its own.

    With `operations_per_cycle` and `operation_energy_j`, vector work is costed
    alike: elementary operations a cycle of `domain`, and joules for one.

    `feature_memory` and `weight_memory`, if given, are the memories of the
    target that hold feature maps and weights.

    For a chip of which no more is known than the throughput and an energy by
    operation.

    ```mlir
    #power.roofline<domain = "npu", macs_per_cycle = 64.0,
                    mac_energy_j = 1.1e-12, bytes_per_cycle = 16.0,
                    byte_energy_j = 2.0e-12, feature_memory = "sram",
                    operations_per_cycle = 8.0, operation_energy_j = 1.0e-12>
    ```
  }];
  let parameters = (ins
    AttrParameter<"::mlir::StringAttr", "what computes">:$domain,
    OptionalParameter<"::mlir::StringAttr", "what moves data">:$memory_domain,
    OptionalParameter<"::mlir::StringAttr", "feature maps">:$feature_memory,
    OptionalParameter<"::mlir::StringAttr", "weights">:$weight_memory,
    Power_Quantity<"multiply-accumulates a cycle">:$macs_per_cycle,
    Power_Quantity<"joules per multiply-accumulate">:$mac_energy_j,
    Power_Quantity<"bytes a cycle">:$bytes_per_cycle,
    Power_Quantity<"joules per byte">:$byte_energy_j,
    DefaultValuedParameter<"int64_t", "8">:$activation_bits,
    DefaultValuedParameter<"int64_t", "8">:$weight_bits,
    DefaultValuedParameter<"int64_t", "8">:$output_bits,
    Power_OptionalQuantity<"elementary operations a cycle">:$operations_per_cycle,
    Power_OptionalQuantity<"joules per elementary operation">:$operation_energy_j
  );
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

def Power_StateAttr : Power_Attr<"State", "state"> {
  let summary = "the operating point chosen for a layer";
  let description = [{
    The voltage of every power domain while a layer runs, in the order in which
    the target declares them, with the energy (leakage included), the time and
    the leakage power of the layer at that point. Where the target gives a choice:
    `modes`, the mode of each domain that is in one; `banks`, how many banks of a
    memory are powered whose banks cost something to wake; `implementation`, the
    engine that runs the layer, or the name of the way in which it runs.

    ```mlir
    #power.state<[0.9, 1.1, 0.9], energy_j = 5.0e-06, time_s = 5.6e-04,
                 leakage_w = 2.2e-04>
    ```
    ```mlir
    #power.state<[0.8], energy_j = 5.0e-06, time_s = 5.6e-04, leakage_w = 2.2e-04,
                 modes = {cluster = @forward_bias}, banks = {sram = 4 : i64},
                 implementation = "cpu">
    ```
  }];
  let parameters = (ins
    Power_QuantityArray<"volts, one a domain">:$voltages_v,
    Power_Quantity<"joules">:$energy_j,
    Power_Quantity<"seconds">:$time_s,
    Power_Quantity<"watts">:$leakage_w,
    OptionalParameter<"::mlir::DictionaryAttr", "domain to mode">:$modes,
    OptionalParameter<"::mlir::DictionaryAttr", "memory to banks">:$banks,
    OptionalParameter<"::mlir::StringAttr", "engine or way">:$implementation
  );
  let assemblyFormat = [{
    `<` $voltages_v `,` struct($energy_j, $time_s, $leakage_w, $modes, $banks,
                               $implementation) `>`
  }];
  let genVerifyDecl = 1;
  let methods = [{
    double getLeakageEnergyJ() const {
      return getLeakageW().getValueAsDouble() * getTimeS().getValueAsDouble();
    }
    double getDynamicEnergyJ() const {
      return getEnergyJ().getValueAsDouble() - getLeakageEnergyJ();
    }
  }];
}

#endif // PFMLIR_DIALECT_POWERATTRS_TD
