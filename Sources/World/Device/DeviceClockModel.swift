import FleetSpec

/// What a device's clock shows: an error that each synchronisation draws anew, and a rate error in between.
///
/// Crystal clocks err by +-20 to 30 ppm (data sheets of RTCs). The clock can step backwards at a synchronisation, as NTP clients that
/// step do; nothing keeps timestamps apart when it does.
struct DeviceClockModel: Sendable {
  private let offset: Double
  private let rate: Double
  private let interval: Milliseconds
  /// When the first synchronisation of the run takes place; before it the device was synchronised one interval earlier.
  private let firstSynchronisation: Milliseconds
  private let start: Milliseconds
  private let errors: RandomStream

  init(_ clock: DeviceClock, seed: UInt64, entity: UInt64, start: Milliseconds) {
    let constants = RandomStream(seed: seed, device: entity, stream: StreamNumber.clockConstants)
    errors = RandomStream(seed: seed, device: entity, stream: StreamNumber.clockSynchronisation)
    offset = Double(clock.offset)
    rate = clock.driftPPM * 1e-6 * constants.normal(0)
    interval = clock.synchronisation
    firstSynchronisation = start + Milliseconds(constants.below(UInt64(max(0, clock.synchronisation)), 1))
    self.start = start
  }

  /// The clock's reading at a true time, both ms since 1970.
  func timestamp(at time: Milliseconds) -> Milliseconds {
    guard interval > 0 else {
      // Set once, when the run began.
      return time + Milliseconds((offset * errors.normal(0) + rate * Double(time - start)).rounded())
    }
    let since = time - firstSynchronisation
    let count = since >= 0 ? since / interval + 1 : 0
    let elapsed = since - (count - 1) * interval
    return time + Milliseconds((offset * errors.normal(UInt64(bitPattern: count)) + rate * Double(elapsed)).rounded())
  }
}
