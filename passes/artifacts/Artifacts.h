//===- Artifacts.h - What schedules are handed on as ------------*- C++ -*-===//
//
// Part of the pfmlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function a format, each in a file of its own and read by others' tools:
// docs/artifacts.md describes them. An error leaves nothing half-written.
//
//===----------------------------------------------------------------------===//

#ifndef PFMLIR_PASSES_ARTIFACTS_ARTIFACTS_H
#define PFMLIR_PASSES_ARTIFACTS_ARTIFACTS_H

#include "passes/Timeline.h"

namespace pfmlir::power {

/// A C99 header with the accesses to registers, and a loop that makes them.
llvm::LogicalResult writeCHeader(Timeline &timeline, llvm::raw_ostream &os);
/// Levels, banks, layers and power over the period, as a Value Change Dump.
llvm::LogicalResult writeVCD(Timeline &timeline, llvm::raw_ostream &os);
/// The same in the JSON of trace viewers.
llvm::LogicalResult writePerfetto(Timeline &timeline, llvm::raw_ostream &os);
/// A sequencer in SystemVerilog with the schedule in a ROM.
llvm::LogicalResult writeVerilog(Timeline &timeline, llvm::raw_ostream &os);
/// Operating points and regulators as a device tree.
llvm::LogicalResult writeDeviceTree(Timeline &timeline, llvm::raw_ostream &os);
/// Power domains, supplies and states in UPF 3.0.
llvm::LogicalResult writeUPF(Timeline &timeline, llvm::raw_ostream &os);
/// Power-supply currents as piece-wise linear sources for SPICE.
llvm::LogicalResult writeSpice(Timeline &timeline, llvm::raw_ostream &os);

/// All of these, by the name that translations and other callers know.
struct Artifact {
  llvm::StringLiteral name, description;
  llvm::LogicalResult (*write)(Timeline &timeline, llvm::raw_ostream &os);
};
llvm::ArrayRef<Artifact> getArtifacts();

/// A name as C, Verilog, SPICE and Tcl have them: letters, digits and
/// underscores, no digit first.
std::string makeIdentifier(llvm::StringRef name);

/// A number with as many digits as it needs to be read back.
std::string formatExactly(double value);

/// Text in quotes, with escapes as C and JSON have them.
std::string quote(llvm::StringRef text);

/// The rail that each domain, and the banks that each memory has, and the
/// layers that run: a track is what viewers of waveforms draw a line for.
struct Track {
  /// "sys_v", or "ifmap_banks".
  std::string name;
  /// The domain or memory.
  mlir::Operation *declaration;
};
/// One a domain, then one a memory.
llvm::SmallVector<Track> getTracks(TargetOp target);

} // namespace pfmlir::power

#endif // PFMLIR_PASSES_ARTIFACTS_ARTIFACTS_H
