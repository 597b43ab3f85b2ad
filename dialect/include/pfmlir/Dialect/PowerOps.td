//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_DIALECT_POWEROPS_TD
#define PFMLIR_DIALECT_POWEROPS_TD

include "pfmlir/Dialect/PowerAttrs.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Power_Op<string mnemonic, list<Trait> traits = []>
    : Op<Power_Dialect, mnemonic, traits> {
  // In bytecode, attributes are written by name.
  let useCustomPropertiesEncoding = 1;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::readProperties(
        ::mlir::DialectBytecodeReader &reader, ::mlir::OperationState &state) {
      return readPropertiesByName<$cppClass>(reader, state);
    }
    void $cppClass::writeProperties(::mlir::DialectBytecodeWriter &writer) {
      writePropertiesByName(writer, *this);
    }
  }];
}

/// What happens in a function, of whatever dialect, and in none of its loops or
/// branches: a layer, or what the power manager does.
def Power_InFunction : NativeOpTrait<"InFunction">, StructuralOpTrait {
  let cppNamespace = "::pfmlir::power";
}

/// What the power manager is set to, and how much of the period is over.
def Power_ManagerResource : Resource<"::pfmlir::power::PowerManagerResource">;

/// Sets the power manager, or takes time that what follows starts after.
def Power_WritesManager : MemoryEffects<[MemWrite<Power_ManagerResource>]>;

/// Takes time in the state that the power manager has been set to.
def Power_RunsManaged : MemoryEffects<[
    MemRead<Power_ManagerResource>, MemWrite<Power_ManagerResource>]>;

def Power_CostModel : Attr<
    CPred<"::llvm::isa<::pfmlir::power::CostModelAttrInterface>($_self)">,
    "cost model"> {
  let storageType = "::pfmlir::power::CostModelAttrInterface";
  let returnType = "::pfmlir::power::CostModelAttrInterface";
  let convertFromStorage = "$_self";
}

def Power_Law : Attr<
    CPred<"::llvm::isa<::pfmlir::power::VoltageFrequencyLawAttrInterface>($_self)">,
    "voltage-frequency law"> {
  let storageType = "::pfmlir::power::VoltageFrequencyLawAttrInterface";
  let returnType = "::pfmlir::power::VoltageFrequencyLawAttrInterface";
  let convertFromStorage = "$_self";
}

def Power_Workload : Attr<
    CPred<"::llvm::isa<::pfmlir::power::WorkloadAttrInterface>($_self)">,
    "workload"> {
  let storageType = "::pfmlir::power::WorkloadAttrInterface";
  let returnType = "::pfmlir::power::WorkloadAttrInterface";
  let convertFromStorage = "$_self";
}

/// Numbers in a list. Not a DenseF64ArrayAttr, of which MLIR prints six digits in
/// an assembly format.
def Power_Numbers : TypedArrayAttrBase<F64Attr, "list of numbers"> {
  let returnType = "::llvm::SmallVector<double>";
  let convertFromStorage = "::pfmlir::power::readNumbers($_self)";
  let constBuilderCall = "$_builder.getF64ArrayAttr($0)";
}

/// A row for each level that is left, a column for each that is reached.
def Power_F64Matrix : Attr<
    And<[F64ElementsAttr.predicate,
         CPred<"::llvm::isa<::mlir::RankedTensorType>("
               "::llvm::cast<::mlir::DenseElementsAttr>($_self).getType())">,
         CPred<"::llvm::cast<::mlir::DenseElementsAttr>($_self).getType()"
               ".getRank() == 2">]>,
    "matrix of f64">;

/// A number, or a matrix of them from level to level.
def Power_NumberOrMatrix : AnyAttrOf<[F64Attr, Power_F64Matrix],
                                     "number or matrix of f64">;

//===----------------------------------------------------------------------===//
// Hardware
//===----------------------------------------------------------------------===//

def Power_TargetOp : Power_Op<"target", [
    Symbol, SymbolTable, NoTerminator, SingleBlock,
    HasParent<"::mlir::ModuleOp">, IsolatedFromAbove]> {
  let summary = "a power-managed accelerator";
  let description = [{
    An accelerator with several power domains. Each domain is supplied, layer by
    layer, from one of at most `max_rails` rails, and which of the candidate
    `levels_v` (volts, increasing) become rails is for the scheduler to choose.
    `gating` says which memory banks are gated; without it none are.
    `cost_model` gives the energy, time and leakage of a layer in each state;
    without it every layer must bring a cost table of its own.

    The body declares power domains, memories, transition costs and sleep
    states, in any order.

    ```mlir
    power.target @tiny levels_v [0.9, 1.1] max_rails 2 {
      power.domain @core nominal_v 1.1
      power.transition energy_j 1.0e-10 time_s 1.5e-08
      power.sleep_state @off power_w 0.0
    }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    Power_Numbers:$levels_v,
    ConfinedAttr<I64Attr, [IntPositive]>:$max_rails,
    OptionalAttr<Power_GatingAttr>:$gating,
    OptionalAttr<Power_CostModel>:$cost_model
  );
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `levels_v` custom<Numbers>($levels_v) `max_rails` $max_rails
    (`gating` $gating^)? (`cost_model` $cost_model^)?
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The power domains in order of declaration: the order of the voltages in
    /// a state and in a cost table.
    ::llvm::SmallVector<DomainOp> getDomains();
    ::llvm::SmallVector<MemoryOp> getMemories();
    ::llvm::SmallVector<SleepStateOp> getSleepStates();
    /// The transition cost that applies to `domain`: its own, or the target's;
    /// null where neither is declared, and transitions are free.
    TransitionOp getTransition(DomainOp domain);
    /// The index of a candidate level, or nothing.
    std::optional<unsigned> getLevelIndex(double voltageV);
    /// The declared gating, or none.
    GatingAttr getGatingOrNone();
    /// Energy in joules and time in seconds of entering and leaving a sleep
    /// state; as the op says, or by default switching every domain off and on.
    std::pair<double, double> getSleepOverhead(SleepStateOp sleep);
  }];
}

def Power_DomainOp : Power_Op<"domain", [Symbol, HasParent<"TargetOp">]> {
  let summary = "a power domain";
  let description = [{
    A part of the accelerator with a supply voltage of its own. `nominal_v` is the
    voltage at which the target's constants hold, and where the baseline runs.
    The analytical cost model also needs the clock frequency there, the law by
    which it changes with the voltage, and the leakage power there.

    ```mlir
    power.domain @sys nominal_v 1.1 frequency_hz 5.0e+08
      law #power.frequency_table<voltage_v = [0.9, 1.1],
                                 frequency_hz = [3.5e+08, 5.0e+08]>
      leakage_w 2.32e-06
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    F64Attr:$nominal_v,
    OptionalAttr<F64Attr>:$frequency_hz,
    OptionalAttr<Power_Law>:$law,
    OptionalAttr<F64Attr>:$leakage_w
  );
  let assemblyFormat = [{
    $sym_name `nominal_v` $nominal_v
    (`frequency_hz` $frequency_hz^ `law` $law)?
    (`leakage_w` $leakage_w^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Power_MemoryOp : Power_Op<"memory", [
    Symbol, HasParent<"TargetOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a memory made of banks";
  let description = [{
    A memory supplied by a power domain, of `banks` banks of `bank_bytes` bytes,
    each of which leaks `bank_leakage_w` watts at the domain's nominal voltage
    unless it is gated. Without `banks` the memory is as large as the largest
    layer of the network needs.

    ```mlir
    power.memory @ifmap in @feeder bank_bytes 32768 bank_leakage_w 2.0e-05 banks 25
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    FlatSymbolRefAttr:$domain,
    ConfinedAttr<I64Attr, [IntPositive]>:$bank_bytes,
    F64Attr:$bank_leakage_w,
    OptionalAttr<ConfinedAttr<I64Attr, [IntPositive]>>:$banks
  );
  let assemblyFormat = [{
    $sym_name `in` $domain `bank_bytes` $bank_bytes
    `bank_leakage_w` $bank_leakage_w
    (`banks` $banks^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Power_TransitionOp : Power_Op<"transition", [
    HasParent<"TargetOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "what it costs a domain to change its level";
  let description = [{
    Energy and time that a domain pays whenever its level changes between two
    layers. Either one number for any two levels, or a matrix with a row for each
    level that is left and a column for each that is reached, zero on the
    diagonal. Holds for one domain (`of`), or for all that have none of their own.
    Without any, changing the level is free.

    ```mlir
    power.transition energy_j 1.0e-10 time_s 1.5e-08
    power.transition of @sys
      energy_j [[0.0, 2.0e-10], [1.0e-10, 0.0]] time_s 1.5e-08
    ```
  }];
  let arguments = (ins
    OptionalAttr<FlatSymbolRefAttr>:$domain,
    Power_NumberOrMatrix:$energy_j,
    Power_NumberOrMatrix:$time_s
  );
  let assemblyFormat = [{
    (`of` $domain^)? `energy_j` custom<NumberOrMatrix>($energy_j)
    `time_s` custom<NumberOrMatrix>($time_s) attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Both costs are one number for any two levels.
    bool isUniform();
    /// What it costs to get from one level to another, by their indices: zero
    /// to stay.
    double getEnergyJBetween(unsigned from, unsigned to);
    double getTimeSBetween(unsigned from, unsigned to);
  }];
}

def Power_SleepStateOp : Power_Op<"sleep_state", [Symbol, HasParent<"TargetOp">]> {
  let summary = "a state in which the accelerator waits for the next period";
  let description = [{
    A sleep state draws `power_w` watts, and costs energy and time to enter and to
    leave. Without these costs, every domain is switched off and on again: each
    pays its transition cost twice, which must then be one number.

    ```mlir
    power.sleep_state @retention power_w 2.0e-06
      entry_energy_j 1.0e-09 entry_time_s 1.0e-06
      exit_energy_j 2.0e-09 exit_time_s 5.0e-06
    power.sleep_state @off power_w 0.0
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    F64Attr:$power_w,
    OptionalAttr<F64Attr>:$entry_energy_j,
    OptionalAttr<F64Attr>:$entry_time_s,
    OptionalAttr<F64Attr>:$exit_energy_j,
    OptionalAttr<F64Attr>:$exit_time_s
  );
  let assemblyFormat = [{
    $sym_name `power_w` $power_w
    (`entry_energy_j` $entry_energy_j^
     `entry_time_s` $entry_time_s
     `exit_energy_j` $exit_energy_j
     `exit_time_s` $exit_time_s)? attr-dict
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Schedule
//===----------------------------------------------------------------------===//

def Power_LayerOp : Power_Op<"layer", [
    Power_InFunction, NoRegionArguments,
    SingleBlockImplicitTerminator<"YieldOp">,
    DeclareOpInterfaceMethods<RegionBranchOpInterface,
                              ["getRegionInvocationBounds"]>,
    Power_RunsManaged, RecursiveMemoryEffects]> {
  let summary = "operations that the accelerator runs as one layer";
  let description = [{
    The operations of the body run as one layer, in one operating point. What the
    layer costs is told by its `workload`, priced by the target's cost model, or
    by a table of its own, `costs`. The chosen operating point is `state`.
    Operations of the body that no cost model covers are counted in `uncosted`.

    A layer takes time and energy whether or not its results are used, and keeps
    its place among the other layers and the power manager's operations: it has an
    effect on the power manager (`PowerManagerResource`) beside those of its body.
    What has no such effect can move past it as past the operations in it.

    A layer needs no body: a network known as a list of shapes is a list of layers
    with workloads, and a bare scheduling problem one with cost tables. One with
    nothing but a name is known to a cost model by that name, as `#power.measured`
    does.

    ```mlir
    %1 = power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10> {
      %0 = linalg.matmul ins(%a, %b : tensor<1x512xf32>, tensor<512x10xf32>)
                         outs(%c : tensor<1x10xf32>) -> tensor<1x10xf32>
      power.yield %0 : tensor<1x10xf32>
    } : tensor<1x10xf32>
    power.layer "bare" costs #power.cost_table<[0.9] -> 1.0e-06 J, 2.0e-03 s, 1.0e-04 W>
    ```
  }];
  let arguments = (ins
    StrAttr:$name,
    OptionalAttr<Power_Workload>:$workload,
    OptionalAttr<Power_CostTableAttr>:$costs,
    OptionalAttr<Power_StateAttr>:$state,
    OptionalAttr<DictionaryAttr>:$uncosted
  );
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region MaxSizedRegion<1>:$body);
  let assemblyFormat = [{
    $name (`workload` $workload^)? (`costs` $costs^)? (`state` $state^)?
    (`uncosted` $uncosted^)? attr-dict-with-keyword `` custom<LayerBody>($body)
    (`:` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Without a body the layer stands for work that is known by its cost only.
    bool hasBody() { return !getBody().empty(); }
  }];
}

def Power_YieldOp : Power_Op<"yield", [
    Pure, ReturnLike, Terminator, HasParent<"LayerOp">]> {
  let summary = "ends a layer";
  let description = [{
    Gives the values of a layer that later layers use.

    ```mlir
    power.yield %0 : tensor<1x10xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let builders = [OpBuilder<(ins), [{ /* yields nothing */ }]>];
  // It has no attributes.
  let extraClassDefinition = "";
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Power_SetStateOp : Power_Op<"set_state", [
    Power_InFunction, Power_WritesManager,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "puts power domains on other levels";
  let description = [{
    Supplies each of these domains from the rail of this voltage, in volts, from
    now on; the other domains stay where they are. The cost is the target's
    transition cost. At the beginning of a period, where all domains are set, it
    costs nothing: waking up is part of the sleep before.

    ```mlir
    power.set_state [@pf40::@sys, @pf40::@weight] to [0.9, 1.1]
    ```
  }];
  let arguments = (ins
    SymbolRefArrayAttr:$domains,
    Power_Numbers:$voltages_v
  );
  let assemblyFormat = "$domains `to` custom<Numbers>($voltages_v) attr-dict";
  let hasVerifier = 1;
}

def Power_GateBanksOp : Power_Op<"gate_banks", [
    Power_InFunction, Power_WritesManager,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "powers just so many banks of memories";
  let description = [{
    From now on this many banks of each of these memories are powered and the rest
    is gated. The number is a mean over the layer, and need not be whole: a
    double-buffered weight memory has one bank and, half of the time, the next.

    ```mlir
    power.gate_banks [@pf40::@ifmap, @pf40::@rram] powered [5.0, 1.5]
    ```
  }];
  let arguments = (ins
    SymbolRefArrayAttr:$memories,
    Power_Numbers:$powered
  );
  let assemblyFormat = "$memories `powered` custom<Numbers>($powered) attr-dict";
  let hasVerifier = 1;
}

def Power_IdleOp : Power_Op<"idle", [
    Power_InFunction, Power_RunsManaged]> {
  let summary = "waits for the next period, powered";
  let description = [{
    The rest of the period, `time_s` seconds, in the state of the last layer and
    at its leakage power.

    ```mlir
    power.idle time_s 7.7e-08
    ```
  }];
  let arguments = (ins F64Attr:$time_s);
  let assemblyFormat = "`time_s` $time_s attr-dict";
  let hasVerifier = 1;
}

def Power_SleepOp : Power_Op<"sleep", [
    Power_InFunction, Power_WritesManager,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "waits for the next period in a sleep state";
  let description = [{
    The rest of the period, `time_s` seconds with entry and exit, in a sleep state
    of the target.

    ```mlir
    power.sleep @pf40::@off time_s 2.1e-03
    ```
  }];
  let arguments = (ins SymbolRefAttr:$state, F64Attr:$time_s);
  let assemblyFormat = "$state `time_s` $time_s attr-dict";
  let hasVerifier = 1;
}

def Power_ScheduleOp : Power_Op<"schedule", [
    HasParent<"::mlir::ModuleOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "what a scheduled function costs each period, and the proof";
  let description = [{
    The schedule of function `of` on target `on`, as found by `search`: the period
    in seconds, the rails in volts, the energy of one period and the lower bound
    proven for it in joules, the time of all layers and transitions in seconds,
    and the sleep state that ends the period (idle without one). `energy_split_j`
    is the same energy as dynamic, leakage, transition and tail part.
    `uncosted` counts the operations that no cost model covers.

    `baselines_j` holds the energy of simpler policies that keep the deadline and
    all limits of the target, so that none is below the optimum. `references`
    holds that of policies that keep the deadline, but differ from what the target
    allows in what `differs_in` says: its `gating` (all banks are on), its `levels`
    (nominal voltages are none), or its number of `rails` (nominal voltages are
    more).

    ```mlir
    power.schedule of @main on @pf40 search "exact"
      period_s 2.0e-02 rails_v [0.9, 1.1]
      energy_j 1.622742622873e-04 lower_bound_j 1.622742622873e-04
      active_time_s 1.999570767e-02 tail @pf40::@off
      energy_split_j [1.5e-04, 1.2e-05, 0.0, 2.742622873e-07]
      baselines_j {nominal_gated = 2.3e-04}
      references {nominal = {differs_in = ["gating"], energy_j = 2.8e-04} }
    ```
  }];
  let arguments = (ins
    FlatSymbolRefAttr:$function,
    FlatSymbolRefAttr:$target,
    StrAttr:$search,
    F64Attr:$period_s,
    Power_Numbers:$rails_v,
    F64Attr:$energy_j,
    F64Attr:$lower_bound_j,
    F64Attr:$active_time_s,
    OptionalAttr<SymbolRefAttr>:$tail,
    Power_Numbers:$energy_split_j,
    OptionalAttr<DictionaryAttr>:$baselines_j,
    OptionalAttr<DictionaryAttr>:$references,
    OptionalAttr<DictionaryAttr>:$uncosted
  );
  let assemblyFormat = [{
    `of` $function `on` $target `search` $search
    `period_s` $period_s `rails_v` custom<Numbers>($rails_v)
    `energy_j` $energy_j
    `lower_bound_j` $lower_bound_j
    `active_time_s` $active_time_s (`tail` $tail^)?
    `energy_split_j` custom<Numbers>($energy_split_j)
    (`baselines_j` $baselines_j^)? (`references` $references^)?
    (`uncosted` $uncosted^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Parts of `energy_split_j`, in order.
    enum Part { Dynamic, Leakage, Transition, Tail, NumParts };
    /// Entries of one of `references`, and what a reference can differ in.
    static constexpr ::llvm::StringLiteral kEnergyJ = "energy_j";
    static constexpr ::llvm::StringLiteral kDiffersIn = "differs_in";
    static constexpr ::llvm::StringLiteral kGating = "gating";
    static constexpr ::llvm::StringLiteral kLevels = "levels";
    static constexpr ::llvm::StringLiteral kRails = "rails";
    /// One of `references`.
    struct Reference {
      ::llvm::StringRef name;
      double energyJ;
      ::llvm::SmallVector<::llvm::StringRef> differsIn;
    };
    ::llvm::SmallVector<Reference> readReferences();
    /// How far the energy can be above the optimum, relative to it.
    double getGap();
    /// The sleep state that ends the period; null if the network idles.
    SleepStateOp findTail(TargetOp target);
  }];
}

#endif // PFMLIR_DIALECT_POWEROPS_TD
