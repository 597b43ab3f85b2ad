// A target of one domain and two levels, in a file of its own.
power.target @small levels_v [0.9, 1.1] max_rails 2 {
  power.domain @core nominal_v 1.1
}
