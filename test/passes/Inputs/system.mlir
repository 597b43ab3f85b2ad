// Two networks to solve by hand. Each alone would have rails of its own.
power.target @t levels_v [0.8, 0.9, 1.0, 1.1] max_rails 1 {
  power.domain @core nominal_v 1.1
  power.sleep_state @off power_w 0.0
}
func.func @often() {
  power.layer "l" costs <[0.8] -> 1.0 J, 4.0 s, 0.0 W, [0.9] -> 2.0 J, 3.0 s, 0.0 W,
                         [1.0] -> 3.0 J, 2.0 s, 0.0 W, [1.1] -> 4.0 J, 1.0 s, 0.0 W>
  return
}
func.func @seldom() {
  power.layer "l" costs <[0.8] -> 1.0 J, 8.0 s, 0.0 W, [0.9] -> 2.0 J, 6.0 s, 0.0 W,
                         [1.0] -> 3.0 J, 4.0 s, 0.0 W, [1.1] -> 4.0 J, 2.0 s, 0.0 W>
  return
}
func.func @not_in_it() {
  return
}
power.system @both {
  power.network @often period_s 4.0
  power.network @seldom period_s 4.0 share 0.25
}
