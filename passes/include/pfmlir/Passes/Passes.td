//===----------------------------------------------------------------------===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table of contents of this folder: one pass a file, and the pipeline that
// runs them. An option is described here and nowhere else: the pipeline, help
// texts, reference pages and Python have it from here.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_PASSES_TD
#define PFMLIR_PASSES_PASSES_TD

include "pfmlir/Passes/Options.td"

def AssignTarget : Pass<"power-assign-target", "::mlir::ModuleOp"> {
  let summary = "Choose the accelerator that a network runs on";
  let description = [{
    Finds the function to schedule and the target it is to run on, and writes the
    target's symbol to the function (`power.target`). The target is, in this
    order: the one that the `target` option names (a symbol of the module, a
    built-in target, or a file with one `power.target`), the one that the function
    already has, the only one of the module, or the built-in `pf40_keep`. One that is
    not in the module is added to it. A module has one function with a target, or
    those of its `power.system`, for all of which it is chosen: others lose theirs,
    and their schedules.

    The other options change what the target declares, in the IR, so that the
    module says by itself what it was scheduled for. New levels must be ones that
    the target's laws and transition costs speak of.
  }];
  let options = [
    DefaultOption<"function", "function", FunctionGroup, Text, /*default=*/"",
                  "Function to schedule, where there is a choice">,
    DefaultOption<"target", "target", TargetGroup, Text, /*default=*/"",
                  "Symbol in the module, built-in name, or path of a file">,
    ManyOption<"levelsV", "levels-v", ChipGroup, Positive,
               "Candidate supply levels, instead of the target's", "V">,
    UnsetOption<"gating", "gating", ChipGroup, Gating,
                "Memory banks to gate, instead of the target's">,
    UnsetOption<"gatingGranularity", "gating-granularity", ChipGroup, Count,
                "Banks that are gated together, instead of the target's number">,
    UnsetOption<"transitionEnergyJ", "transition-energy-j", ChipGroup, NotNegative,
                "Energy of a domain's change of level, instead of the target's",
                "J">,
    UnsetOption<"transitionTimeS", "transition-time-s", ChipGroup, NotNegative,
                "Time of a domain's change of level, instead of the target's",
                "s">,
    UnsetOption<"sleepPowerW", "sleep-power-w", ChipGroup, NotNegative,
                "Power asleep; replaces the target's sleep states by one that "
                "switches every domain off and on",
                "W">,
    DefaultOption<"sleep", "sleep", ChipGroup, Flag, /*default=*/"true",
                  "Whether the target may sleep at the end of a period">,
    UnsetOption<"awakePowerW", "awake-power-w", ChipGroup, NotNegative,
                "Power of the rest of the system whenever it is not asleep, "
                "instead of the target's",
                "W">,
    UnsetOption<"railPowerW", "rail-power-w", ChipGroup, NotNegative,
                "Power that each rail in use draws throughout the period, "
                "instead of the target's",
                "W">,
    UnsetOption<"dispatchTimeS", "dispatch-time-s", ChipGroup, NotNegative,
                "Time before each layer, at the layer's leakage power, instead "
                "of the target's",
                "s">,
    UnsetOption<"margin", "margin", ChipGroup, Fraction,
                "Part of the period that must be left when all is done, instead "
                "of the target's">,
    ManyOption<"banks", "banks", ChipGroup, BankCount,
               "Numbers of banks of memories, as memory:number">,
    UnsetOption<"reductionChunk", "reduction-chunk", ChipGroup, Count,
                "Longest accumulation that the analytical model's weight buffer "
                "holds, in elements, instead of the model's">,
    UnsetOption<"maxRails", "max-rails", RailsGroup, Count,
                "How many levels may become rails, instead of the target's "
                "number">
  ];
  let dependentDialects = ["::pfmlir::power::PowerDialect"];
}

def FormLayers : Pass<"power-form-layers", "::mlir::ModuleOp"> {
  let summary = "Group linalg operations into the layers of an accelerator";
  let description = [{
    Every convolution and matrix product of the function, named or as a
    `linalg.generic`, becomes one `power.layer` with its shape as workload.
    Operations around it join it: pads become the convolution's padding; what
    depends on weights alone goes where it is used; element-wise operations on
    a layer's own result and on weights (bias, normalisation, activation) are
    part of it, and so is what only turns stored integers into numbers. All others
    (pooling, softmax, additions of two layers' results, transpositions of data,
    ...) join the layer before them. What they read, write and compute is its
    `vector` work, where the target's cost model costs that; else they are counted
    in its `uncosted`: they cost time and energy that no model knows.

    Number formats are those of the types. A transposed convolution is a product of
    its samples with all weights; of one in three dimensions, each plane of the
    output is an image of the planes that its kernel sees.

    A weight is whatever does not depend on an argument of the function.

    A layer takes its name from the location of its operation, where that has
    one, else from the kind of operation. Weights that are broadcast over a batch
    make one product of the batch's rows; a product of two batches of data is
    `batch` products.

    `probabilities` says of layers, by name, in which part of the periods they run:
    what comes after an early exit, or a large network that a small one calls for.

    A function that already consists of layers is left as it is, but for
    `probabilities`; a convolution
    or product beside them is an error. Where layers are formed, the power
    manager's operations of an earlier schedule are removed.
  }];
  let options = [
    DefaultOption<"skipVectorLayers", "skip-vector-layers", LayersGroup, Flag,
                  /*default=*/"false",
                  "Leave layers that compute a single position uncosted: "
                  "squeeze-excite blocks and classifier heads">,
    DefaultOption<"listVectorWork", "list-vector-work", LayersGroup, Flag,
                  /*default=*/"false",
                  "List work that is no product as uncosted, even where the "
                  "target's cost model costs it">,
    DefaultOption<"allowUncosted", "allow-uncosted", LayersGroup, Flag,
                  /*default=*/"false",
                  "List products that no workload describes as uncosted, "
                  "instead of failing">,
    ManyOption<"probabilities", "probabilities", LayersGroup, LayerProbability,
               "Of layers, the part of the periods that goes on with this layer, "
               "instead of ending before it, as layer:number">
  ];
  let statistics = [
    Statistic<"numLayers", "num-layers", "Layers formed">,
    Statistic<"numUncosted", "num-uncosted", "Operations that no model costs">
  ];
  let dependentDialects = ["::pfmlir::power::PowerDialect"];
}

def SplitCorners : Pass<"power-split-corners", "::mlir::ModuleOp"> {
  let summary = "Give a network a schedule for each corner of its target";
  let description = [{
    With `by-corner`, puts in the place of a function one for each corner of its
    target, `@net_slow` in corner `@slow` of `@net`, all in one `power.system`, with
    the corners' weights as shares: they get schedules of their own on one set of
    rails, of which a chip takes one when it has been tested or when it starts.
    The functions of a system are split likewise. Without the option, a function has
    one schedule for all corners.
  }];
  let options = [
    DefaultOption<"byCorner", "by-corner", CornersGroup, Flag, /*default=*/"false",
                  "Choose a schedule for each corner of the target, on the same "
                  "rails, instead of one for all of them">
  ];
  let dependentDialects = ["::pfmlir::power::PowerDialect"];
}

def TabulateCosts : Pass<"power-tabulate-costs", "::mlir::ModuleOp"> {
  let summary = "Write every layer's costs into the IR";
  let description = [{
    Gives every layer without a cost table the table that the target's cost model
    makes: one row for each state at the target's levels. What is left to
    schedule is then a problem in numbers, to read, to edit and to send around.
    Not part of the pipeline.
  }];
  let dependentDialects = ["::pfmlir::power::PowerDialect"];
}

def SelectStates : Pass<"power-select-states", "::mlir::ModuleOp"> {
  let summary = "Search for the schedule of least energy";
  let description = [{
    Asks the target's cost model what each layer costs in each state, and chooses
    the rails, the state of every layer and the end of the period so that one
    period costs least energy and meets its deadline. The choice is written to
    the layers (`state`) and to a `power.schedule`, with the lower bound that the
    search proved, after code that shares nothing with the search recomputed it.

    `pf-opt --help` lists the searches. Without a period the network gets the time
    that it takes at nominal voltage. A deadline that can't be met is an error that
    says what could.

    The networks of a `power.system` are scheduled together: on those rails on which
    they take least power in the mean. Which these are is proven by the exact search,
    the only one that there is for systems.
  }];
  let options = [
    UnsetOption<"fps", "fps", RateGroup, Positive, "Inferences a second", "1/s">,
    UnsetOption<"periodS", "period-s", RateGroup, Positive,
                "From one inference to the next", "s">,
    DefaultOption<"search", "search", SearchGroup, Search, /*default=*/"\"exact\"",
                  "How to search">,
    UnsetOption<"timeLimitS", "time-limit-s", LimitsGroup, Positive,
                "Time after which the exact search stops with the best schedule "
                "it has, and a bound on how far that is from the optimum",
                "s">,
    DefaultOption<"gap", "gap", LimitsGroup, Fraction, /*default=*/"0",
                  "The exact search stops once its schedule is proven to be this "
                  "close to the optimum, relative to its energy">,
    DefaultOption<"memoryLimitBytes", "memory-limit-bytes", LimitsGroup, Count,
                  /*default=*/"::pfmlir::scheduler::kDefaultLabelBytes",
                  "Memory that the exact search may take for partial schedules; "
                  "at the limit it stops as at that of time",
                  "bytes">,
    DefaultOption<"threads", "threads", ThreadsGroup, Count, /*default=*/"1",
                  "Threads of the exact search; does not change the result. "
                  "Without MLIR's own threads there is one">
  ];
  let statistics = [
    Statistic<"numRailSets", "num-rail-sets", "Sets of rails to choose from">,
    Statistic<"numOpened", "num-rail-sets-opened",
              "Sets of rails that their bound did not discard">,
    Statistic<"numRelaxations", "num-relaxations",
              "Shortest paths computed for bounds">,
    Statistic<"numLabels", "num-labels", "Partial schedules kept">
  ];
  let dependentDialects = ["::pfmlir::power::PowerDialect"];
}

def InsertStates : Pass<"power-insert-states", "::mlir::ModuleOp"> {
  let summary = "Write a schedule out as power-manager operations";
  let description = [{
    Inserts `power.set_state` before each layer whose state differs from that of
    the layer before, `power.gate_banks` where the number of powered banks
    changes, and `power.sleep` or `power.idle` after the last layer. Replaces
    such operations from before.
  }];
  let dependentDialects = ["::pfmlir::power::PowerDialect"];
}

def VerifySchedule : Pass<"power-verify-schedule", "::mlir::ModuleOp"> {
  let summary = "Recompute a schedule from the IR alone";
  let description = [{
    Follows the power manager through the function and recomputes the state, cost
    and time of every layer, the transitions, the powered banks, the end of the
    period, the rails and all sums; shares no code with the searches. Whatever
    differs from what the IR says is an error at the operation that says it.

    Baselines and references are recomputed, too, from costs that are asked for
    anew: nominal voltage by following the power manager; the greedy ones take
    the choice of states from the scheduler's greedy search, and compute what
    that costs and takes without it.

    That no schedule costs less than the lower bound is believed, unless
    `prove-bound` is given: only that the bound isn't above the energy is checked.
  }];
  let options = [
    DefaultOption<"proveBound", "prove-bound", ProofGroup, Flag, /*default=*/"false",
                  "Prove the lower bound again, by the exact search">
  ];
}

def InlineLayers : Pass<"power-inline-layers", "::mlir::ModuleOp"> {
  let summary = "Move the operations of layers out of them";
  let description = [{
    Puts the operations of every layer in the layer's place, and what it yielded in
    the place of its results. A layer without a body computes nothing, and is
    dropped; so are names, workloads, costs and states. Not part of the pipeline,
    but the way from it to code for a machine: before or after bufferization, and
    before control flow becomes blocks (`convert-scf-to-cf`), of which a layer has
    one.

    The operations of the power manager stay where they are, between the
    operations that they are for, and so do the `power.schedule` and its target:
    whoever lowers them next needs them. With `strip` they are removed too, as are
    the functions' attributes `power.target` and `power.period_s`; what is left
    computes the network and says nothing of power, which is what a path to LLVM
    that has no power manager to speak to can translate.

    ```
    pf-opt --powerflow-schedule=fps=60 \
      --one-shot-bufferize=bufferize-function-boundaries \
      --power-inline-layers=strip=true --convert-linalg-to-loops ...
    ```
  }];
  let options = [
    DefaultOption<"stripPower", "strip", LoweringGroup, Flag, /*default=*/"false",
                  "Remove all else that is of the power dialect, too">
  ];
  let statistics = [
    Statistic<"numLayers", "num-layers", "Layers inlined">
  ];
}

def StoreResults : Pass<"power-store-results", "::mlir::ModuleOp"> {
  let summary = "Store the network's results in parameters";
  let description = [{
    Makes of each tensor that the network's function returns a parameter after its
    operands, a buffer that the result is stored in. That comes before the power
    manager ends the period: a processor that is told to sleep has nothing left to do.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect"];
}

def LowerManager : Pass<"power-lower-manager", "::mlir::ModuleOp"> {
  let summary = "Lower the power manager's operations to accesses";
  let description = [{
    Puts in the place of each operation of the power manager, and around each layer,
    what the target's `power.register_map` says: writes of registers, or calls of a
    vendor's functions, in program order. Around a layer: wait until the power
    manager is ready, write the layer's number to `start`; then wait until the layer is
    done, and write its number to `finish`. The target and the schedule go; layers
    stay. The schedule is replayed first: one that does not hold is an error.

    Registers are accessed by two functions, `@power_write` of an address and a value
    and `@power_wait` of an address, a mask and a value, which are defined with
    volatile accesses that nothing in memory is moved across, or declared only, with
    `hooks`, for firmware to define.

    ```
    pf-opt --powerflow-schedule=fps=60 --power-lower-manager --power-outline-layers ...
    ```
  }];
  let options = [
    DefaultOption<"hooks", "hooks", LoweringGroup, Flag, /*default=*/"false",
                  "Declare what accesses registers, for firmware to define">,
    DefaultOption<"addressBits", "address-bits", LoweringGroup, Count,
                  /*default=*/"64", "Bits of an address">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::scf::SCFDialect"];
}

def OutlineLayers : Pass<"power-outline-layers", "::mlir::ModuleOp"> {
  let summary = "Make a function of each layer";
  let description = [{
    Moves the operations of each layer to a private function, `@net_layer_0` of the
    first of `@net`, that is never inlined, and calls that: what layers compute stays
    between the accesses that start and end them, whatever is optimised later.
    Constants and empty tensors that the layer uses move along; other values are
    arguments. A layer without a body is dropped. The network's function is called
    from C as `_mlir_ciface_net`.

    With `profile`, so do the operations between layers, in functions `@net_between_0`,
    and around each call come `@power_work_begin` and `@power_work_end` of the layer's
    number, or of the number of layers for what is between them. With `observe`, each
    result of a layer is given to a function of its own, `@net_observe_0_0` of the first
    of the first layer. All these are somebody else's.
  }];
  let options = [
    DefaultOption<"entry", "entry", LoweringGroup, Text, /*default=*/"",
                  "New name of the network's function">,
    DefaultOption<"profile", "profile", LoweringGroup, Flag, /*default=*/"false",
                  "Call what begins and ends work">,
    DefaultOption<"observe", "observe", LoweringGroup, Flag, /*default=*/"false",
                  "Call what takes each layer's results">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::scf::SCFDialect"];
}

def ExternalizeWeights : Pass<"power-externalize-weights", "::mlir::ModuleOp"> {
  let summary = "Move weights from the module to a file of bytes";
  let description = [{
    Of each `memref.global` with a value of at least `least-bytes`, leaves a
    declaration, and writes the value to file `path`, as it is in memory, with an
    assembly file `path.s` that includes it: assembled in that file's folder, it
    defines the symbols. So weights never become text. Without a path it does nothing.
    Where the module has one public function, their names begin with its name, so that
    programs can have several networks.
  }];
  let options = [
    DefaultOption<"path", "path", LoweringGroup, Text, /*default=*/"",
                  "File of the weights">,
    DefaultOption<"leastBytes", "least-bytes", LoweringGroup, Count,
                  /*default=*/"64", "Smaller values stay", "bytes">
  ];
  let statistics = [
    Statistic<"numGlobals", "num-globals", "Values moved">
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def PlaceBuffers : Pass<"power-place-buffers", "::mlir::ModuleOp"> {
  let summary = "Give every buffer its place in one block of memory";
  let description = [{
    Replaces each `memref.alloc` by a view of one uninitialised global, `@net_buffers`
    of a function `@net`, so that nothing is allocated when the network runs. Buffers
    that are not in use at the same time share their places; those of a function come
    behind those of whoever calls it. Two runs of a network can't overlap in time, then.

    Expects sizes that are known, functions that don't call themselves, and buffers that
    stay in their loop or branch. A `memref.dealloc` has no place here.
  }];
  let statistics = [
    Statistic<"numBuffers", "num-buffers", "Buffers with a place">,
    Statistic<"numBytes", "num-bytes", "Bytes of the block">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ExpandCopies : Pass<"power-expand-copies", "::mlir::ModuleOp"> {
  let summary = "Copy between buffers of other strides in loops";
  let description = [{
    Makes a `linalg.copy` of each `memref.copy` that is not from one run of memory to
    another, which would otherwise be a call of `memrefCopy` in MLIR's C runner
    utilities.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def ApproximateMath : Pass<"power-approximate-math", "::mlir::ModuleOp"> {
  let summary = "Compute functions such as exp and tanh without a library";
  let description = [{
    Replaces `math.exp`, `math.tanh`, `math.erf` and the like, of 32 bits or fewer, by
    MLIR's polynomial approximations, with an error of a few units in the last place,
    and others by those. What processors have instructions for, such as square roots,
    stays; so do functions of 64 bits.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

//===----------------------------------------------------------------------===//
// The pipeline
//===----------------------------------------------------------------------===//

def PowerFlow : Pipeline<"powerflow-schedule",
    "Schedule a network of linalg operations, or of layers, for least energy a "
    "period",
    [AssignTarget, FormLayers, SplitCorners, SelectStates, InsertStates,
     VerifySchedule]>;

#endif // PFMLIR_PASSES_PASSES_TD
