// What the registers of a power manager can't be.
// RUN: pf-opt %s -split-input-file -verify-diagnostics

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects registers of 8, 16, 32 or 64 bits, but got 12}}
  power.register_map base 0 register_bits 12 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects a base that is a multiple of 4 bytes, but got 2}}
  power.register_map base 2 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'timer_hz' to be finite and positive, but got 0}}
  power.register_map base 0 timer_hz 0.0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects one code for each level, at least one, but got 1 for 2}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [0] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'levels_v' to be finite and positive, but got -0.9}}
  power.register_map base 0 levels_v [-0.9] codes [0] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects increasing levels, but got 0.9 after 1.1}}
  power.register_map base 0 levels_v [1.1, 0.9] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects a code of its own for each level, but got 1 twice}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [1, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects only fields in a power.register_map}}
    func.func private @f()
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects a function or an offset}}
    power.field rail of @a
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects a function or an offset}}
    power.field rail of @a function "set" offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects a function with a name}}
    power.field rail of @a function ""
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects no argument, because it is read}}
    power.field ready function "is_ready" argument 1 value 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects its map to have a base}}
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects an offset that is a multiple of 4 bytes, but got 2}}
    power.field rail of @a offset 2 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects to be in a register of 32 bits, but has 4 from bit 30}}
    power.field rail of @a offset 0 shift 30 width 4
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects to be in a register of 32 bits, but has 0 from bit 0}}
    power.field rail of @a offset 0 shift 0 width 0
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects a 'of'}}
    power.field rail offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects no 'of'}}
    power.field ready of @a offset 4 shift 0 width 1 value 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects a 'value'}}
    power.field ready offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects no 'value'}}
    power.field rail of @a offset 0 shift 0 width 1 value 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects no 'per_bank'}}
    power.field rail of @a offset 0 shift 0 width 1 per_bank 2
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects no 'levels_v'}}
    power.field finish offset 4 shift 0 width 1 levels_v [0.9] codes [0]
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0 banks 4
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects 'per_bank' to be positive, but got 0}}
    power.field banks of @m offset 4 shift 0 width 4 per_bank 0
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects codes of 1 bits, but that of what is waited for is 2}}
    power.field ready offset 4 shift 0 width 1 value 2
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-error@+1 {{expects @b to be a power.domain of its target}}
    power.field rail of @b offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects @b to be a power.domain of its target}}
    power.field mode of @b offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects @a to be a power.memory of its target}}
    power.field banks of @a offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-note@+1 {{another is here}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
  // expected-error@+1 {{expects to be the only one of its target}}
  power.register_map base 4096 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-note@+1 {{another is here}}
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects to be the only field of its kind}}
    power.field rail of @a offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-note@+1 {{another is here}}
    power.field rail of @a offset 0 shift 0 width 4
    // expected-error@+1 {{expects bits of its own, and a command a register}}
    power.field ready offset 0 shift 3 width 1 value 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    // expected-note@+1 {{another is here}}
    power.field rail of @a offset 0 shift 0 width 4
    // expected-error@+1 {{expects bits of its own, and a command a register}}
    power.field finish offset 0 shift 8 width 8
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map levels_v [0.9, 1.1] codes [0, 1] {
    // expected-note@+1 {{another is here}}
    power.field rail of @a function "set"
    // expected-error@+1 {{expects bits of its own, and a command a register}}
    power.field finish function "set"
    power.field start function "start"
    power.field done function "done" value 1
    power.field tail function "tail"
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map levels_v [0.9, 1.1] codes [0, 1] {
    // expected-note@+1 {{another is here}}
    power.field rail of @a function "set" argument 1
    // expected-error@+1 {{expects its function to be called in one way}}
    power.field finish function "set"
    power.field start function "start"
    power.field done function "done" value 1
    power.field tail function "tail"
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects a field 'rail' of @a}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.mode @fast of @a energy_j 0.0 time_s 0.0
  power.mode @slow of @a energy_j 0.0 time_s 0.0
  // expected-error@+1 {{expects a field 'mode' of @a}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0 banks 4
  // expected-error@+1 {{expects a field 'banks' of @m}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects a field 'start'}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  // expected-error@+1 {{expects 'timer_hz' and a field 'timer' together}}
  power.register_map base 0 timer_hz 1.0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 {
    // expected-error@+1 {{expects 'levels_v' with their codes, its own or its map's}}
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 2] {
    // expected-error@+1 {{expects codes of 1 bits, but that of a level is 2}}
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.mode @fast of @a energy_j 0.0 time_s 0.0
  power.mode @slow of @a energy_j 0.0 time_s 0.0
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects codes of 1 bits, but that of the last mode is 2}}
    power.field mode of @a offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.memory @m in @a bank_bytes 64 bank_leakage_w 0.0 banks 4
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects codes of 3 bits, but that of all banks is 8}}
    power.field banks of @m offset 4 shift 0 width 3 per_bank 2
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1
  power.sleep_state @nap power_w 1.0
  power.sleep_state @off power_w 0.0
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    // expected-error@+1 {{expects codes of 1 bits, but that of the last idle or sleep state is 2}}
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.supply @s regulated slew_v_per_s 1.0 settle_time_s 0.0
  power.domain @a on @s nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @s offset 0 shift 0 width 1
    // expected-error@+1 {{expects a domain that picks a rail by itself; its supply is regulated}}
    power.field rail of @a offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.supply @s selected
  power.domain @a on @s nominal_v 1.1
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects a regulated supply; domains on others pick rails}}
    power.field rail of @s offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]>
    leakage_w 1.0e-05
  power.engine @cpu cost_model #power.roofline<
      domain = "a", macs_per_cycle = 1.0, mac_energy_j = 2.0e-11,
      bytes_per_cycle = 4.0, byte_energy_j = 1.0e-11>
    handover_energy_j 1.0e-09 handover_time_s 1.0e-06
  power.engine @dsp cost_model #power.roofline<
      domain = "a", macs_per_cycle = 2.0, mac_energy_j = 2.0e-11,
      bytes_per_cycle = 4.0, byte_energy_j = 1.0e-11>
    handover_energy_j 1.0e-09 handover_time_s 1.0e-06
  // expected-error@+1 {{expects a field 'engine'}}
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}

// -----

power.target @t levels_v [0.9, 1.1] max_rails 2 {
  power.domain @a nominal_v 1.1 frequency_hz 2.0e+08
    law #power.frequency_table<voltage_v = [0.9, 1.1], frequency_hz = [1.0e+08, 2.0e+08]>
    leakage_w 1.0e-05
  power.engine @cpu cost_model #power.roofline<
      domain = "a", macs_per_cycle = 1.0, mac_energy_j = 2.0e-11,
      bytes_per_cycle = 4.0, byte_energy_j = 1.0e-11>
    handover_energy_j 1.0e-09 handover_time_s 1.0e-06
  power.engine @dsp cost_model #power.roofline<
      domain = "a", macs_per_cycle = 2.0, mac_energy_j = 2.0e-11,
      bytes_per_cycle = 4.0, byte_energy_j = 1.0e-11>
    handover_energy_j 1.0e-09 handover_time_s 1.0e-06
  power.register_map base 0 levels_v [0.9, 1.1] codes [0, 1] {
    power.field rail of @a offset 0 shift 0 width 1
    // expected-error@+1 {{expects codes of 1 bits, but that of the last engine is 2}}
    power.field engine offset 4 shift 0 width 1
    power.field start offset 16 shift 0 width 8
    power.field done offset 20 shift 0 width 1 value 1
    power.field tail offset 24 shift 0 width 1
  }
}
