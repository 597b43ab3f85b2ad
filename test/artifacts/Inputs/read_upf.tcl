# Reads power intent: the commands that it may use, and what it may refer to.
proc upf_version {number} {}
proc create_supply_net {name args} { lappend ::nets $name }
proc create_supply_set {name args} {
  foreach {flag function} $args {
    if {[lindex $function 1] ni $::nets} { error "no net [lindex $function 1]" }
  }
  set ::states($name) {}
}
proc create_power_domain {name args} {}
proc set_retention {name args} {}
proc add_power_state {set flag name options} { lappend ::states($set) $name }
proc create_pst {name flag supplies} {
  foreach supply $supplies {
    set set [lindex [split $supply .] 0]
    puts "$set: $::states($set)"
    lappend ::columns $set
  }
}
proc add_pst_state {name flag table option states} {
  foreach set $::columns state $states {
    if {$state ni $::states($set)} { error "$set has no state $state" }
  }
  puts "$name: $states"
}
source [lindex $argv 0]
