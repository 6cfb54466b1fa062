import FleetSpec

/// What a device makes of a total that only ever grows: a register of so many bits that rolls over, that firmware resets, and that reads 0
/// for a while after a boot.
///
/// Sources: SunSpec's acc32 (roll-over at 2^32 Wh); field reports of totals that read 0 and then the real value after the night
/// (home-assistant issue 67366), and of daily resets about 7 minutes after midnight or an hour off in summer.
struct CounterDesign: Sendable {
  let register: CounterRegister
  /// Counts that fit; 0 for any number.
  private let size: Double

  private static let day: Milliseconds = 86_400_000

  init(_ register: CounterRegister) {
    self.register = register
    size = register.bits > 0 ? Double(1 << register.bits) : 0
  }

  /// The day to which a daily reset assigns an instant.
  func day(at time: Milliseconds, _ local: LocalTime) -> Int32 {
    let shifted = time - register.resetSkew
    guard register.ignoresDaylightSaving else { return Int32(clamping: local.day(at: shifted)) }
    // Summer time is the larger offset, and no winter is so short that a step of a quarter of a year misses it.
    var standard = local.rules.offset(at: shifted)
    for quarter in 1...3 { standard = min(standard, local.rules.offset(at: shifted + Milliseconds(quarter) * 91 * CounterDesign.day)) }
    let clock = shifted + standard
    return Int32(clamping: clock >= 0 ? clock / CounterDesign.day : (clock - CounterDesign.day + 1) / CounterDesign.day)
  }

  /// Counts on to a sample. Returns what the register shows, in the sensor's unit.
  /// - Parameters:
  ///   - total: since installation, in the sensor's unit.
  ///   - state: what the register has kept; moved on.
  ///   - faults: what shows in this reading alone.
  func shown(_ total: Double, boot: Int32, day: Int32, _ state: inout SensorState, faults: inout FaultSet) -> Double {
    if state.boot == 0 {
      begin(total, boot: boot, day: day, &state)
    } else {
      reset(boot: boot, day: day, &state)
    }
    state.total = total
    let counts = ((total - state.base) / register.step).rounded(.down)
    var rest = counts
    if size > 0 {
      if register.wraps {
        let wraps = (counts / size).rounded(.down)
        rest = counts - wraps * size
        if wraps > state.wraps { state.pending.insert(.rolledOver) }
        state.wraps = wraps
      } else if counts >= size {
        rest = size - 1
        faults.insert(.saturated)
      }
    }
    if state.samplesSinceBoot < register.zeroAtBoot {
      state.samplesSinceBoot += 1
      faults.insert(.zeroAfterBoot)
      return 0
    }
    return rest * register.step
  }

  private func begin(_ total: Double, boot: Int32, day: Int32, _ state: inout SensorState) {
    state.boot = boot
    state.day = day
    // The device has been up for long when the run begins.
    state.samplesSinceBoot = Int32(register.zeroAtBoot)
    if let beginsAt = register.beginsAt {
      state.base = total - beginsAt
    } else if register.reset != .never {
      state.base = total
    }
    state.wraps = size > 0 ? ((total - state.base) / register.step / size).rounded(.down) : 0
  }

  private func reset(boot: Int32, day: Int32, _ state: inout SensorState) {
    if boot != state.boot {
      state.boot = boot
      state.samplesSinceBoot = 0
      if register.reset == .boot {
        state.base = state.total
        state.wraps = 0
        state.pending.insert(.resetAtBoot)
      }
    }
    guard register.reset == .midnight, day != state.day else { return }
    state.day = day
    // What was counted since the sample before belongs to the new day: the device does not know better.
    state.base = state.total
    state.wraps = 0
    state.pending.insert(.midnightReset)
  }
}
