power.target @one levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
}
power.target @other levels_v [0.9] max_rails 1 {
  power.domain @core nominal_v 0.9
}
