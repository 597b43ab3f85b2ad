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

def Power_LeakageLaw : Attr<
    CPred<"::llvm::isa<::pfmlir::power::LeakageLawAttrInterface>($_self)">,
    "leakage law"> {
  let storageType = "::pfmlir::power::LeakageLawAttrInterface";
  let returnType = "::pfmlir::power::LeakageLawAttrInterface";
  let convertFromStorage = "$_self";
}

def Power_Converter : Attr<
    CPred<"::llvm::isa<::pfmlir::power::ConverterAttrInterface>($_self)">,
    "converter"> {
  let storageType = "::pfmlir::power::ConverterAttrInterface";
  let returnType = "::pfmlir::power::ConverterAttrInterface";
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

    What surrounds the accelerator, each nothing where it is not given:

    - `awake_power_w`: watts of the rest of the system, whenever it is not asleep:
      in layers and transitions, idling, dispatching, entering and leaving sleep.
    - `rail_power_w`: watts that each rail in use draws throughout the period.
    - `maximum_power_w`: the most that the accelerator may draw in a layer, in
      the mean over the layer; states above are left out.
    - `dispatch_time_s`: what passes before each layer until it starts, in the
      layer's state and at its leakage power.
    - `margin`: the part of the period that must be left when all is done, sleep
      entered and left.
    - `temperature_c`: degrees Celsius, for leakage laws that depend on it.
    - `overlapping_ramps`: of a transition in which several domains change, the
      longest time counts, and not the sum.

    The body declares supplies and clocks, power domains and their modes,
    memories, engines, transition costs, what is excluded, idle and sleep states,
    corners, and the power manager's registers, in any order.

    ```mlir
    power.target @tiny levels_v [0.9, 1.1] max_rails 2 {
      power.domain @core nominal_v 1.1
      power.transition energy_j 1.0e-10 time_s 1.5e-08
      power.sleep_state @off power_w 0.0
    }
    power.target @board levels_v [0.9, 1.1] max_rails 2 awake_power_w 3.0e-03
        rail_power_w 1.0e-04 dispatch_time_s 1.0e-06 margin 0.05 {
      power.domain @core nominal_v 1.1
    }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    Power_Numbers:$levels_v,
    ConfinedAttr<I64Attr, [IntPositive]>:$max_rails,
    OptionalAttr<F64Attr>:$awake_power_w,
    OptionalAttr<F64Attr>:$rail_power_w,
    OptionalAttr<F64Attr>:$maximum_power_w,
    OptionalAttr<F64Attr>:$dispatch_time_s,
    OptionalAttr<F64Attr>:$margin,
    OptionalAttr<F64Attr>:$temperature_c,
    UnitAttr:$overlapping_ramps,
    OptionalAttr<Power_GatingAttr>:$gating,
    OptionalAttr<Power_CostModel>:$cost_model
  );
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `levels_v` custom<Numbers>($levels_v) `max_rails` $max_rails
    (`awake_power_w` $awake_power_w^)? (`rail_power_w` $rail_power_w^)?
    (`maximum_power_w` $maximum_power_w^)?
    (`dispatch_time_s` $dispatch_time_s^)? (`margin` $margin^)?
    (`temperature_c` $temperature_c^)? (`overlapping_ramps` $overlapping_ramps^)?
    (`gating` $gating^)? (`cost_model` $cost_model^)?
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The power domains in order of declaration: the order of the voltages in
    /// a state and in a cost table.
    ::llvm::SmallVector<DomainOp> getDomains();
    ::llvm::SmallVector<MemoryOp> getMemories();
    /// The memories of which powering a bank costs something.
    ::llvm::SmallVector<MemoryOp> getWakeMemories();
    ::llvm::SmallVector<IdleStateOp> getIdleStates();
    ::llvm::SmallVector<SleepStateOp> getSleepStates();
    ::llvm::SmallVector<SupplyOp> getSupplies();
    ::llvm::SmallVector<EngineOp> getEngines();
    ::llvm::SmallVector<CornerOp> getCorners();
    /// The power manager's registers; null where the target says nothing of them.
    RegisterMapOp getRegisterMap();
    /// The modes of a domain, in order of declaration, without the one that it is
    /// in where nothing is said.
    ::llvm::SmallVector<ModeOp> getModes(DomainOp domain);
    /// The supply that `domain` is on; null for one that picks a rail by itself.
    SupplyOp getSupply(DomainOp domain);
    /// The regulated supply that `domain` is on, with all others on it; null for
    /// one that picks a rail by itself.
    SupplyOp getRegulator(DomainOp domain);
    /// The clock that `domain` runs on; null for one of its own.
    ClockOp getClock(DomainOp domain);
    /// Whether a domain can be at a level: its limits, its law and the memories
    /// in it allow it.
    bool canSupply(DomainOp domain, unsigned level);
    /// What a domain's leakage power is at a level and in a mode, over that at
    /// nominal voltage.
    double getLeakageFactor(DomainOp domain, unsigned level, unsigned mode);
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

def Power_SupplyOp : Power_Op<"supply", [Symbol, HasParent<"TargetOp">]> {
  let summary = "what several power domains are supplied from";
  let description = [{
    A `selected` supply connects each of its domains to one of the rails by header
    switches, as a domain without a supply is; what a change costs is the target's
    transition cost. A `regulated` one is a regulator that makes any of the
    target's levels, of all its domains together, and needs none of the rails. To
    get from one level to another it takes the voltage over `slew_v_per_s` (volts
    a second), and `settle_time_s`, in seconds. To raise its voltage it charges
    its output capacitor of `output_f` farads; to lower it costs nothing, as the
    load uses that charge up.

    `converter` says what the supply draws of the battery for what its domains
    draw of it. `maximum_power_w` and `maximum_current_a` are the most that its
    domains may draw together in a layer, in the mean over the layer, watts and
    amperes at its output; states above are left out. For these the cost model
    has to tell domains apart. With a converter, energies and powers of layers are
    those drawn of the battery.

    ```mlir
    power.supply @rails selected
    power.supply @core regulated slew_v_per_s 1.25e+04 settle_time_s 2.0e-05
      output_f 2.2e-06
      converter #power.converter<fixed_loss_w = 1.0e-05, proportional_loss = 0.08,
                                 resistance_ohm = 0.05>
      maximum_current_a 0.2
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    UnitAttr:$selected,
    UnitAttr:$regulated,
    OptionalAttr<F64Attr>:$slew_v_per_s,
    OptionalAttr<F64Attr>:$settle_time_s,
    OptionalAttr<F64Attr>:$output_f,
    OptionalAttr<Power_Converter>:$converter,
    OptionalAttr<F64Attr>:$maximum_power_w,
    OptionalAttr<F64Attr>:$maximum_current_a
  );
  let assemblyFormat = [{
    $sym_name (`selected` $selected^)?
    (`regulated` $regulated^ `slew_v_per_s` $slew_v_per_s
     `settle_time_s` $settle_time_s (`output_f` $output_f^)?)?
    (`converter` $converter^)? (`maximum_power_w` $maximum_power_w^)?
    (`maximum_current_a` $maximum_current_a^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// What it takes a regulated supply to get from one voltage to another, in
    /// joules of the battery and seconds.
    double getEnergyJBetween(double fromV, double toV);
    double getTimeSBetween(double fromV, double toV);
    /// Watts of the battery for so many watts at this voltage.
    double getInputPowerW(double voltageV, double outputPowerW);
  }];
}

def Power_ClockOp : Power_Op<"clock", [Symbol, HasParent<"TargetOp">]> {
  let summary = "a clock that several power domains run at";
  let description = [{
    All domains on it run at one frequency: the highest that it makes and that
    the law of none of them forbids at its voltage. With `frequencies_hz` it makes
    just these, in hertz and increasing; with `reference_hz` that frequency
    divided by a whole number; with neither, any. States in which it makes none
    that is low enough are left out.

    ```mlir
    power.clock @shared
    power.clock @pll frequencies_hz [1.0e+08, 2.0e+08, 3.7e+08]
    power.clock @divided reference_hz 1.0e+09
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    OptionalAttr<Power_Numbers>:$frequencies_hz,
    OptionalAttr<F64Attr>:$reference_hz
  );
  let assemblyFormat = [{
    $sym_name (`frequencies_hz` custom<Numbers>($frequencies_hz)^)?
    (`reference_hz` $reference_hz^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The highest frequency that it makes up to `mostHz`; nothing if there is
    /// none.
    ::std::optional<double> getFrequencyHz(double mostHz);
  }];
}

def Power_DomainOp : Power_Op<"domain", [
    Symbol, HasParent<"TargetOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a power domain";
  let description = [{
    A part of the accelerator with a supply voltage of its own, or one that it
    shares with the other domains `on` a regulated supply. `nominal_v` is the
    voltage at which the target's constants hold, and where the baseline runs.
    The analytical cost model also needs the clock frequency there, the law by
    which the highest frequency changes with the voltage, and the leakage power
    there. Domains with the same `clock` run at one frequency.

    It can be at the target's levels from `minimum_v` to `maximum_v` (volts), where
    these are given, in which its law holds. Leakage power grows in proportion to
    the voltage, or by `leakage_law`.

    ```mlir
    power.supply @core regulated slew_v_per_s 1.0e+04 settle_time_s 1.0e-05
    power.clock @pll
    power.domain @sys on @core clock @pll nominal_v 1.1 minimum_v 0.9
      frequency_hz 5.0e+08
      law #power.frequency_table<voltage_v = [0.9, 1.1],
                                 frequency_hz = [3.5e+08, 5.0e+08]>
      leakage_w 2.32e-06
      leakage_law #power.exponential_leakage<voltage_per_efold_v = 0.2>
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    OptionalAttr<FlatSymbolRefAttr>:$supply,
    OptionalAttr<FlatSymbolRefAttr>:$clock,
    F64Attr:$nominal_v,
    OptionalAttr<F64Attr>:$minimum_v,
    OptionalAttr<F64Attr>:$maximum_v,
    OptionalAttr<F64Attr>:$frequency_hz,
    OptionalAttr<Power_Law>:$law,
    OptionalAttr<F64Attr>:$leakage_w,
    OptionalAttr<Power_LeakageLaw>:$leakage_law
  );
  let assemblyFormat = [{
    $sym_name (`on` $supply^)? (`clock` $clock^)? `nominal_v` $nominal_v
    (`minimum_v` $minimum_v^)? (`maximum_v` $maximum_v^)?
    (`frequency_hz` $frequency_hz^ `law` $law)?
    (`leakage_w` $leakage_w^)? (`leakage_law` $leakage_law^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Power_ModeOp : Power_Op<"mode", [
    Symbol, HasParent<"TargetOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "another operating point of a domain at the same voltage";
  let description = [{
    A domain can be in this mode at any of its levels, such as with another body
    bias or in another performance class. There its frequency, dynamic energy and
    leakage power are those without a mode times these factors (1 where not given).
    To enter it costs `energy_j` joules and `time_s` seconds, and so does leaving
    it, besides what a change of level costs; a change from one mode to another is
    both.

    ```mlir
    power.domain @cluster nominal_v 1.1
    power.mode @forward_bias of @cluster frequency_factor 1.3 leakage_factor 4.0
      energy_j 1.0e-09 time_s 2.0e-06
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    FlatSymbolRefAttr:$domain,
    DefaultValuedAttr<F64Attr, "1.0">:$frequency_factor,
    DefaultValuedAttr<F64Attr, "1.0">:$dynamic_factor,
    DefaultValuedAttr<F64Attr, "1.0">:$leakage_factor,
    F64Attr:$energy_j,
    F64Attr:$time_s
  );
  let assemblyFormat = [{
    $sym_name `of` $domain (`frequency_factor` $frequency_factor^)?
    (`dynamic_factor` $dynamic_factor^)? (`leakage_factor` $leakage_factor^)?
    `energy_j` $energy_j `time_s` $time_s attr-dict
  }];
  let hasVerifier = 1;
}

def Power_ExcludeOp : Power_Op<"exclude", [
    HasParent<"TargetOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "voltages that domains can't have together";
  let description = [{
    States in which each of these domains is at one of its voltages of the list,
    in volts, are left out: level shifters that do not reach, a mode that needs
    another supply, operating points that nobody has characterised.

    ```mlir
    power.domain @sys nominal_v 1.1
    power.domain @weight nominal_v 1.1
    power.exclude [@sys, @weight] at [[0.9], [1.1]]
    ```
  }];
  let arguments = (ins
    TypedArrayAttrBase<FlatSymbolRefAttr, "list of domains">:$domains,
    TypedArrayAttrBase<Power_Numbers, "lists of numbers">:$voltages_v
  );
  let assemblyFormat = "$domains `at` custom<NumberLists>($voltages_v) attr-dict";
  let hasVerifier = 1;
}

def Power_MemoryOp : Power_Op<"memory", [
    Symbol, HasParent<"TargetOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a memory made of banks";
  let description = [{
    A memory supplied by a power domain, of `banks` banks of `bank_bytes` bytes,
    each of which leaks `bank_leakage_w` watts at the domain's nominal voltage
    unless it is gated. Without `banks` the memory is as large as the network
    needs. It works down to `minimum_v` volts, where that is given.

    A memory says whether it keeps its content in banks that are gated:

    - A `volatile` one keeps powered, in each layer, the banks of all that is still
      needed: of feature maps, the layer's own input and output and every value
      that is alive across it. Banks that only keep a value draw
      `bank_retention_w` instead of their leakage, where that is given, in watts
      at the domain's nominal voltage. Weights that it is to hold are all kept,
      always.
    - A `nonvolatile` one holds all weights of the network, and powers those of
      the layer. Weights for which there is no room are loaded again in each
      period, at `reload_energy_j` joules and `reload_time_s` seconds a byte;
      without these it is an error.
    - One that says neither has as many banks powered as the layer by itself works
      on, which is how the published arithmetic counts.

    A layer for which there are too few banks is an error where the memory says
    either. To power a bank costs `wake_energy_j` joules, and however many at once
    `wake_time_s` seconds; what is powered in a layer is then a choice of the
    schedule, as banks may be left on for the next. A memory has retention or costs
    of waking, not both.

    ```mlir
    power.domain @feeder nominal_v 1.1
    power.memory @ifmap in @feeder bank_bytes 32768 bank_leakage_w 2.0e-05 banks 25
    power.memory @ofmap in @feeder bank_bytes 65536 bank_leakage_w 1.0e-05 volatile
      bank_retention_w 2.0e-06
    power.memory @scratch in @feeder bank_bytes 65536 bank_leakage_w 1.0e-05
      volatile wake_energy_j 1.0e-10 wake_time_s 1.0e-07
    power.memory @flash in @feeder bank_bytes 8192 bank_leakage_w 2.0e-05
      banks 256 nonvolatile reload_energy_j 4.0e-11 reload_time_s 1.0e-09
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    FlatSymbolRefAttr:$domain,
    ConfinedAttr<I64Attr, [IntPositive]>:$bank_bytes,
    F64Attr:$bank_leakage_w,
    OptionalAttr<ConfinedAttr<I64Attr, [IntPositive]>>:$banks,
    OptionalAttr<F64Attr>:$minimum_v,
    UnitAttr:$is_volatile,
    OptionalAttr<F64Attr>:$bank_retention_w,
    UnitAttr:$is_nonvolatile,
    OptionalAttr<F64Attr>:$reload_energy_j,
    OptionalAttr<F64Attr>:$reload_time_s,
    OptionalAttr<F64Attr>:$wake_energy_j,
    OptionalAttr<F64Attr>:$wake_time_s
  );
  let assemblyFormat = [{
    $sym_name `in` $domain `bank_bytes` $bank_bytes
    `bank_leakage_w` $bank_leakage_w
    (`banks` $banks^)? (`minimum_v` $minimum_v^)?
    (`volatile` $is_volatile^ (`bank_retention_w` $bank_retention_w^)?)?
    (`nonvolatile` $is_nonvolatile^
     (`reload_energy_j` $reload_energy_j^ `reload_time_s` $reload_time_s)?)?
    (`wake_energy_j` $wake_energy_j^ `wake_time_s` $wake_time_s)? attr-dict
  }];
  let extraClassDeclaration = [{
    /// Whether it says what becomes of its content.
    bool keepsContent() { return getIsVolatile() || getIsNonvolatile(); }
    /// Whether powering banks costs something.
    bool hasWakeCosts();
  }];
  let hasVerifier = 1;
}

def Power_EngineOp : Power_Op<"engine", [Symbol, HasParent<"TargetOp">]> {
  let summary = "something else that can run a layer";
  let description = [{
    Besides the accelerator itself, which the target's own cost model describes,
    this engine can run layers: those that its `cost_model` can cost. Such a
    processor runs what the accelerator can't, or what it does better. To hand
    over from one engine to another, or back, costs `handover_energy_j` joules and
    `handover_time_s` seconds.

    ```mlir
    power.domain @core nominal_v 1.1 frequency_hz 2.4e+08
      law #power.frequency_table<voltage_v = [0.9, 1.1],
                                 frequency_hz = [1.6e+08, 2.4e+08]>
      leakage_w 1.0e-04
    power.engine @cpu cost_model #power.roofline<
        domain = "core", macs_per_cycle = 1.0, mac_energy_j = 2.0e-11,
        bytes_per_cycle = 4.0, byte_energy_j = 1.0e-11>
      handover_energy_j 5.0e-09 handover_time_s 1.0e-06
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    Power_CostModel:$cost_model,
    F64Attr:$handover_energy_j,
    F64Attr:$handover_time_s
  );
  let assemblyFormat = [{
    $sym_name `cost_model` $cost_model `handover_energy_j` $handover_energy_j
    `handover_time_s` $handover_time_s attr-dict
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

def Power_IdleStateOp : Power_Op<"idle_state", [Symbol, HasParent<"TargetOp">]> {
  let summary = "a state in which the accelerator waits, powered";
  let description = [{
    After the last layer the domains may go to these voltages (volts, in the order
    in which the target declares them), which rails must supply, and wait there at
    `power_w` watts until the period ends. What that takes is the target's
    transition costs. Without any idle state the accelerator waits in the state of
    its last layer.

    ```mlir
    power.domain @sys nominal_v 1.1
    power.domain @weight nominal_v 1.1
    power.idle_state @parked voltages_v [0.9, 0.9] power_w 4.0e-05
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    Power_Numbers:$voltages_v,
    F64Attr:$power_w
  );
  let assemblyFormat = [{
    $sym_name `voltages_v` custom<Numbers>($voltages_v) `power_w` $power_w
    attr-dict
  }];
  let hasVerifier = 1;
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

def Power_CornerOp : Power_Op<"corner", [Symbol, HasParent<"TargetOp">]> {
  let summary = "dies, or conditions, that differ from what the target says";
  let description = [{
    In a part of all dies, or of the time, `weight`, the accelerator runs `speed`
    times as fast as the target says, at the same voltages, and leaks `leakage` times
    as much. The weights of a target's corners add up to 1. What transitions, sleep
    and idle states and the rest of the system take is the same in all corners.

    A function runs in all corners of its target with one schedule: the time of a
    layer is that of the slowest corner, and it starts when the schedule says; where
    it is done earlier it waits in its state. Energies and leakage powers are means
    by weight. One with the attribute `power.corner` runs in that corner only.

    ```mlir
    power.corner @slow speed 0.85 leakage 0.4 weight 0.2
    power.corner @typical speed 1.0 leakage 1.0 weight 0.8
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    F64Attr:$speed,
    F64Attr:$leakage,
    F64Attr:$weight
  );
  let assemblyFormat = [{
    $sym_name `speed` $speed `leakage` $leakage `weight` $weight attr-dict
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

def Power_RegisterMapOp : Power_Op<"register_map", [
    NoTerminator, SingleBlock, HasParent<"TargetOp">]> {
  let summary = "how a power manager is told what to do";
  let description = [{
    What schedules become in registers: `base` is the address of the power
    manager's registers of `register_bits` bits each (8, 16, 32 or 64), and each
    `power.field` of the body a part of one of them, or a function of a vendor's
    library in its place. Registers read as zero until they are written.

    `levels_v` and `codes` say what a rail's field holds for each voltage, in volts
    and increasing; a field may have a list of its own. A level of the target for
    which there is no code can't be programmed, which is an error of what writes
    registers, not of the target: what-ifs on other levels stay possible. `timer_hz`
    is how fast the `timer` counts, in hertz.

    There must be fields for all that a schedule can set: a `rail` for each domain,
    or for the regulated supply that it is on; a `mode` for each domain with modes;
    `banks` for each memory; an `engine` where there are engines; and a `start`, a
    `done` and a `tail`. No field is twice, nor has bits of another.

    ```mlir
    power.domain @sys nominal_v 1.1
    power.register_map base 1073741824 register_bits 32 timer_hz 1.0e+06
        levels_v [0.9, 1.1] codes [0, 4] {
      power.field rail of @sys offset 0 shift 0 width 4
      power.field start offset 16 shift 0 width 16
      power.field tail offset 20 shift 0 width 2
      power.field ready offset 24 shift 0 width 1 value 1
      power.field done offset 24 shift 1 width 1 value 1
      power.field timer offset 28 shift 0 width 32
    }
    ```
    ```mlir
    power.domain @sys nominal_v 1.1
    power.register_map levels_v [0.9, 1.1] codes [900, 1100] {
      power.field rail of @sys function "vendor_set_millivolts" argument 0
      power.field start function "vendor_start_layer"
      power.field done function "vendor_is_done" value 1
      power.field tail function "vendor_wait"
    }
    ```
  }];
  let arguments = (ins
    OptionalAttr<I64Attr>:$base,
    DefaultValuedAttr<I64Attr, "32">:$register_bits,
    OptionalAttr<F64Attr>:$timer_hz,
    OptionalAttr<Power_Numbers>:$levels_v,
    OptionalAttr<DenseI64ArrayAttr>:$codes
  );
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`base` $base^)? (`register_bits` $register_bits^)? (`timer_hz` $timer_hz^)?
    (`levels_v` custom<Numbers>($levels_v)^ `codes` $codes)?
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The field of a kind, of a declaration where it has one; null if there is
    /// none.
    FieldOp getField(FieldKind kind, ::mlir::Operation *of = nullptr);
    /// The field of what supplies a domain: its own, or its regulated supply's.
    FieldOp getRail(DomainOp domain);
    /// The code of a voltage in a rail's field; nothing if there is none.
    ::std::optional<int64_t> getLevelCode(FieldOp rail, double voltageV);
    int64_t getRegisterBytes() { return getRegisterBits() / 8; }
  }];
}

def Power_FieldOp : Power_Op<"field", [
    HasParent<"RegisterMapOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a part of one of the power manager's registers";
  let description = [{
    `width` bits from bit `shift` of the register that is `offset` bytes behind the
    map's base; or a `function`, which takes the code, after an `argument` if one is
    given, or returns it. What the field is for:

    | kind | | code |
    | --- | --- | --- |
    | `rail` | of a domain or a regulated supply | of the voltage |
    | `mode` | of a domain | 0 for none, and its modes from 1, in order |
    | `banks` | of a memory | powered banks times `per_bank` (1 without) |
    | `engine` | | 0 for the accelerator, and engines from 1, in order |
    | `start` | written: the layer begins | its number, from 0 |
    | `finish` | written: it has been waited for | its number |
    | `tail` | written: the period's work is over | 0: stay; the target's idle states from 1; then its sleep states, in order |
    | `ready` | read until it is `value` before a layer starts | |
    | `done` | read until it is `value` after a layer started | |
    | `timer` | read: periods of `timer_hz` | |

    `start`, `finish` and `tail` are commands, and share their registers with
    nothing. With `per_bank` above one, a mean of half a bank can be commanded: a
    power manager that powers a bank half of the time is told so.

    ```mlir
    power.domain @sys nominal_v 1.1
    power.memory @sram in @sys bank_bytes 1024 bank_leakage_w 1.0e-05 banks 4
    power.register_map base 4096 {
      power.field rail of @sys offset 0 shift 0 width 1 levels_v [0.9, 1.1] codes [0, 1]
      power.field banks of @sram offset 4 shift 0 width 4 per_bank 2
      power.field start offset 8 shift 0 width 8
      power.field done offset 12 shift 0 width 1 value 1
      power.field tail offset 16 shift 0 width 1
    }
    ```
  }];
  let arguments = (ins
    Power_FieldKind:$kind,
    OptionalAttr<FlatSymbolRefAttr>:$of,
    OptionalAttr<StrAttr>:$function,
    OptionalAttr<I64Attr>:$argument,
    OptionalAttr<I64Attr>:$offset,
    OptionalAttr<I64Attr>:$shift,
    OptionalAttr<I64Attr>:$width,
    OptionalAttr<I64Attr>:$value,
    OptionalAttr<I64Attr>:$per_bank,
    OptionalAttr<Power_Numbers>:$levels_v,
    OptionalAttr<DenseI64ArrayAttr>:$codes
  );
  let assemblyFormat = [{
    $kind (`of` $of^)? (`function` $function^ (`argument` $argument^)?)?
    (`offset` $offset^ `shift` $shift `width` $width)? (`value` $value^)?
    (`per_bank` $per_bank^)?
    (`levels_v` custom<Numbers>($levels_v)^ `codes` $codes)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Of functions: what a code can have.
    static constexpr int64_t kFunctionBits = 32;
    /// Written once, and not kept.
    bool isCommand();
    /// Read, and not written.
    bool isRead();
    /// Whether a code has room.
    bool fits(int64_t code);
    /// The domain, supply or memory that it is of; null for none.
    ::mlir::Operation *getDeclaration();
  }];
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
    Work of the body that is no product is `vector`, by number format, priced with
    it. Operations of the body that no cost model covers are counted in `uncosted`.

    A layer takes time and energy whether or not its results are used, and keeps
    its place among the other layers and the power manager's operations: it has an
    effect on the power manager (`PowerManagerResource`) beside those of its body.
    What has no such effect can move past it as past the operations in it.

    A layer needs no body: a network known as a list of shapes is a list of layers
    with workloads, and a bare scheduling problem one with cost tables. One with
    nothing but a name is known to a cost model by that name, as `#power.measured`
    does.

    A layer that can run in several ways brings a table for each,
    `implementations`: by the name of an engine of the target, or by any other
    name for a way in which the accelerator runs it, such as a tiling. Which of
    them is chosen is part of its state.

    `probability` is the part of the periods that this layer is run in; without it,
    that of the layer before, and of the first layer, 1. It never rises: where it is
    less than that of the layer before, the other periods end there, and wait in a
    sleep state. Of layers that follow an early exit, or of a large network that a
    small one calls for, the energy counts in the mean; the deadline is kept by a
    period that runs all layers.

    ```mlir
    %1 = power.layer "fc" workload #power.matmul<m = 1, k = 512, n = 10> {
      %0 = linalg.matmul ins(%a, %b : tensor<1x512xf32>, tensor<512x10xf32>)
                         outs(%c : tensor<1x10xf32>) -> tensor<1x10xf32>
      power.yield %0 : tensor<1x10xf32>
    } : tensor<1x10xf32>
    power.layer "bare" costs #power.cost_table<[0.9] -> 1.0e-06 J, 2.0e-03 s, 1.0e-04 W>
    power.layer "tiled" implementations {
      small_tiles = #power.cost_table<[0.9] -> 1.2e-06 J, 1.0e-03 s, 1.0e-04 W>,
      large_tiles = #power.cost_table<[0.9] -> 1.0e-06 J, 2.0e-03 s, 1.0e-04 W>}
    power.layer "after_exit" workload #power.matmul<m = 1, k = 512, n = 10>
      probability 0.1
    ```
  }];
  let arguments = (ins
    StrAttr:$name,
    OptionalAttr<Power_Workload>:$workload,
    OptionalAttr<Power_CostTableAttr>:$costs,
    OptionalAttr<DictionaryAttr>:$implementations,
    OptionalAttr<F64Attr>:$probability,
    OptionalAttr<Power_StateAttr>:$state,
    OptionalAttr<DictionaryAttr>:$uncosted,
    OptionalAttr<TypedArrayAttrBase<Power_VectorAttr, "list of #power.vector">>:$vector
  );
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region MaxSizedRegion<1>:$body);
  let assemblyFormat = [{
    $name (`workload` $workload^)? (`vector` $vector^)? (`costs` $costs^)?
    (`implementations` $implementations^)? (`probability` $probability^)?
    (`state` $state^)? (`uncosted` $uncosted^)? attr-dict-with-keyword `` custom<LayerBody>($body)
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

def Power_SetModeOp : Power_Op<"set_mode", [
    Power_InFunction, Power_WritesManager,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "puts a power domain in another mode";
  let description = [{
    From now on this domain is in this mode, or in none; the cost is that of the
    mode that it leaves and of the one that it enters. At the beginning of a
    period, where all domains with modes are set, it costs nothing.

    ```mlir
    power.set_mode of @chip::@cluster to @chip::@forward_bias
    power.set_mode of @chip::@cluster
    ```
  }];
  let arguments = (ins
    SymbolRefAttr:$domain,
    OptionalAttr<SymbolRefAttr>:$mode
  );
  let assemblyFormat = "`of` $domain (`to` $mode^)? attr-dict";
}

def Power_HandOverOp : Power_Op<"hand_over", [
    Power_InFunction, Power_WritesManager,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "lets another engine run what follows";
  let description = [{
    The layers that follow run on this engine, or on the accelerator itself. At the
    beginning of a period it costs nothing.

    ```mlir
    power.hand_over to @chip::@cpu
    power.hand_over
    ```
  }];
  let arguments = (ins OptionalAttr<SymbolRefAttr>:$engine);
  let assemblyFormat = "(`to` $engine^)? attr-dict";
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
    Power_InFunction, Power_RunsManaged,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "waits for the next period, powered";
  let description = [{
    The rest of the period, `time_s` seconds, in the state of the last layer and
    at its leakage power; or in an idle state of the target, for which a
    `power.set_state` before it puts the domains on its voltages.

    ```mlir
    power.idle time_s 7.7e-08
    ```
  }];
  let arguments = (ins OptionalAttr<SymbolRefAttr>:$state, F64Attr:$time_s);
  let assemblyFormat = "($state^)? `time_s` $time_s attr-dict";
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
    and the idle or sleep state that ends the period (idle in the last layer's
    state without one). `energy_split_j` is the same energy as dynamic, leakage,
    transition and tail part, and, where the target has power of the system around
    it or of rails, these two: what the system takes while it is awake, and the
    rails.

    Where layers have a probability, energies are those of a period in the mean, and
    `early_tail` is the sleep state in which periods wait that end early: that of the
    target that draws least.

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
    OptionalAttr<SymbolRefAttr>:$early_tail,
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
    (`early_tail` $early_tail^)?
    `energy_split_j` custom<Numbers>($energy_split_j)
    (`baselines_j` $baselines_j^)? (`references` $references^)?
    (`uncosted` $uncosted^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Parts of `energy_split_j`, in order.
    enum Part { Dynamic, Leakage, Transition, Tail, Awake, Rails, NumParts };
    /// How many there are where the target has neither of the last two.
    static constexpr size_t kNumOwnParts = 4;
    /// One part; the last two are zero where they are not there.
    double getPartJ(Part part);
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
    /// What is left of the period after layers and transitions, in seconds.
    double getRemainingTimeS();
    /// The sleep state that ends the period; null if the network idles.
    SleepStateOp findTail(TargetOp target);
    /// The idle state that ends it; null if it sleeps, or idles in the state of
    /// the last layer.
    IdleStateOp findIdleState(TargetOp target);
    /// The sleep state of periods that end early; null if none do.
    SleepStateOp findEarlyTail(TargetOp target);
  }];
}

//===----------------------------------------------------------------------===//
// Systems
//===----------------------------------------------------------------------===//

def Power_SystemOp : Power_Op<"system", [
    Symbol, SingleBlock, NoTerminator, HasParent<"::mlir::ModuleOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "networks that run on the same rails";
  let description = [{
    The networks of the body run on one target, each by itself, on one set of rails:
    rails are silicon, and are shared, and every network has a schedule of its own on
    them. `on` names the target; without it, it is chosen as for one function.

    What is least is the power in the mean over all networks: the sum of the energies
    of a period over the period, each times the network's `share`. A module has one
    system at most, and passes work on its functions.

    Once scheduled, `rails_v` are the rails in volts, `power_w` is that sum, and no
    choice of rails and schedules has less than `lower_bound_w`. Each function then
    has a `power.schedule`, whose lower bound is about these rails.

    ```mlir
    power.system @camera on @pf40 {
      power.network @main period_s 2.0e-02
    }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    OptionalAttr<FlatSymbolRefAttr>:$target,
    OptionalAttr<Power_Numbers>:$rails_v,
    OptionalAttr<F64Attr>:$power_w,
    OptionalAttr<F64Attr>:$lower_bound_w
  );
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name (`on` $target^)? (`rails_v` custom<Numbers>($rails_v)^)?
    (`power_w` $power_w^)? (`lower_bound_w` $lower_bound_w^)?
    attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::SmallVector<NetworkOp> getNetworks();
  }];
}

def Power_NetworkOp : Power_Op<"network", [HasParent<"SystemOp">]> {
  let summary = "a function that is part of a system";
  let description = [{
    The function runs once every `period_s` seconds; without it, every so often as
    where it is the only one. `share`, from 0 to 1, is the part of the time that it
    does so, 1 by default.

    ```mlir
    power.network @main period_s 2.0e-02 share 0.5
    ```
  }];
  let arguments = (ins
    FlatSymbolRefAttr:$function,
    OptionalAttr<F64Attr>:$period_s,
    OptionalAttr<F64Attr>:$share
  );
  let assemblyFormat = [{
    $function (`period_s` $period_s^)? (`share` $share^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    double getShareOr1() {
      return getShare() ? getShare()->convertToDouble() : 1;
    }
  }];
}

#endif // PFMLIR_DIALECT_POWEROPS_TD
