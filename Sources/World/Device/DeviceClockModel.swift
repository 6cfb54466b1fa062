import FleetSpec

/// What a device's clock shows: an error that each synchronisation draws anew, and a rate error in between.
///
/// Crystal clocks err by +-20 to 30 ppm (data sheets of RTCs). The clock can step backwards at a synchronisation, as NTP clients that
/// step do; nothing keeps timestamps apart when it does.
struct DeviceClockModel: Sendable {
  private let offset: Double
  private let driftPPM: Double
  private let interval: Milliseconds
  private let start: Milliseconds

  /// - Parameter start: the instant at which the run begins.
  init(_ clock: DeviceClock, start: Milliseconds) {
    offset = Double(clock.offset)
    driftPPM = clock.driftPPM
    interval = clock.synchronisation
    self.start = start
  }

  /// What a device's clock shows at a true time, both ms since 1970.
  func timestamp(at time: Milliseconds, of device: RandomEntity) -> Milliseconds {
    let constants = device.stream(StreamNumber.clockConstants)
    let errors = device.stream(StreamNumber.clockSynchronisation)
    let rate = driftPPM * 1e-6 * constants.normal(0)
    guard interval > 0 else {
      // Set once, when the run began.
      return time + Milliseconds((offset * errors.normal(0) + rate * Double(time - start)).rounded())
    }
    // Before its first synchronisation in the run, the device was synchronised one interval earlier.
    let since = time - start - Milliseconds(constants.below(UInt64(interval), 1))
    let count = since >= 0 ? since / interval + 1 : 0
    let elapsed = since - (count - 1) * interval
    return time + Milliseconds((offset * errors.normal(UInt64(bitPattern: count)) + rate * Double(elapsed)).rounded())
  }
}
