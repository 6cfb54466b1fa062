import FleetSpec

/// What a device's clock shows: an error that each synchronisation draws anew, a rate error in between, and the faults that real clocks have.
///
/// Crystal clocks err by +-20 to 30 ppm and lose 0.035 ppm/K2 of rate away from 25 degrees (data sheets of 32 kHz crystals). A clock that
/// steps can run backwards at a synchronisation, as NTP clients that step do; one that slews works an error off at 500 ppm (adjtime(3), RFC
/// 5905). Everything is drawn by the number of the synchronisation or of the boot, so that any instant can be asked for.
struct DeviceClockModel: Sendable {
  let specification: DeviceClock
  private let start: Milliseconds

  /// How fast a clock that slews works an error off.
  static let slewRate = 500e-6

  /// - Parameter start: the instant at which the run begins.
  init(_ clock: DeviceClock, start: Milliseconds) {
    specification = clock
    self.start = start
  }

  /// The time between two synchronisations in which an instant lies.
  struct Epoch: Sendable, Equatable {
    /// Number of the synchronisation at its start; 0 is the one before the run.
    var number: Int64
    var start: Milliseconds
    /// The next synchronisation.
    var end: Milliseconds
  }

  func epoch(at time: Milliseconds, of device: RandomEntity) -> Epoch {
    let interval = specification.synchronisation
    // Without synchronisation the clock was set once, when the run began.
    guard interval > 0 else { return Epoch(number: 0, start: start, end: .max) }
    let first = start + Milliseconds(device.stream(StreamNumber.clockConstants).below(UInt64(interval), 1))
    // Before its first synchronisation in the run, the device was synchronised one interval earlier.
    let number = time >= first ? (time - first) / interval + 1 : 0
    let begin = first + (number - 1) * interval
    return Epoch(number: number, start: begin, end: begin + interval)
  }

  /// The error in milliseconds that synchronisation, rate and temperature give; no faults.
  /// - Parameter temperature: of the site, nil for 25 degrees.
  func ordinaryError(at time: Milliseconds, in epoch: Epoch, of device: RandomEntity, temperature: ClockTemperature?) -> Double {
    let errors = device.stream(StreamNumber.clockSynchronisation)
    let residual = Double(specification.offset) * errors.normal(UInt64(bitPattern: epoch.number))
    let grown = drift(from: epoch.start, to: time, of: device, temperature)
    guard specification.correction == .slew, epoch.number > 0 else { return residual + grown }
    let length = epoch.end - epoch.start
    let before =
      Double(specification.offset) * errors.normal(UInt64(bitPattern: epoch.number - 1))
      + drift(from: epoch.start - length, to: epoch.start, of: device, temperature)
    let excess = before - residual
    let left = max(0, abs(excess) - DeviceClockModel.slewRate * Double(time - epoch.start))
    return residual + grown + (excess < 0 ? -left : left)
  }

  /// Milliseconds that a clock gains between two instants.
  private func drift(
    from: Milliseconds, to: Milliseconds, of device: RandomEntity, _ temperature: ClockTemperature?
  ) -> Double {
    let rate = specification.driftPPM * device.stream(StreamNumber.clockConstants).normal(0)
    var gained = rate * 1e-6 * Double(to - from)
    if specification.curvature != 0, let temperature {
      gained += specification.curvature * 1e-6 * temperature.squares(from: from, to: to)
    }
    return gained
  }

  /// A jump of the clock that lasts until the next synchronisation.
  struct Jump: Sendable, Equatable {
    var at: Milliseconds
    var by: Milliseconds
  }

  /// The step within an epoch, if there is one.
  ///
  /// At most one for each synchronisation: with the probability that a Poisson process has an event in that time.
  func step(in epoch: Epoch, of device: RandomEntity) -> Jump? {
    guard specification.stepsEvery > 0,
      let at = jump(every: specification.stepsEvery, in: epoch, device.stream(StreamNumber.clockSteps))
    else { return nil }
    let size = device.stream(StreamNumber.clockSteps).normal(UInt64(bitPattern: epoch.number) &* 4 &+ 2)
    return Jump(at: at, by: Milliseconds((Double(specification.stepSize) * size).rounded()))
  }

  /// The jump by years within an epoch, if there is one.
  func farFuture(in epoch: Epoch, of device: RandomEntity) -> Jump? {
    guard specification.farFutureEvery > 0,
      let at = jump(every: specification.farFutureEvery, in: epoch, device.stream(StreamNumber.clockFarFuture))
    else { return nil }
    return Jump(at: at, by: specification.farFutureBy)
  }

  private func jump(every mean: Milliseconds, in epoch: Epoch, _ draws: RandomStream) -> Milliseconds? {
    let length = epoch.end - epoch.start
    let index = UInt64(bitPattern: epoch.number) &* 4
    // The first event of a Poisson process, when it falls into the epoch.
    let first = Double(mean) * draws.exponential(index)
    guard first < Double(length), epoch.end < .max else { return nil }
    return max(start, epoch.start + Milliseconds(first))
  }

  /// How long after a boot the clock counts from 1970; nil when the boot finds it running. The first boot always does.
  func unsetLength(boot: Int32, of device: RandomEntity) -> Milliseconds? {
    guard specification.unset > 0, boot > 1 else { return nil }
    let draws = device.stream(StreamNumber.clockUnset)
    let index = UInt64(boot) &* 2
    guard draws.uniform(index) < specification.unset else { return nil }
    let bounds = specification.unsetFor
    return bounds.lower + Milliseconds(draws.below(UInt64(bounds.upper - bounds.lower + 1), index + 1))
  }

  /// When the clock of a device is set for which power has just returned.
  /// - Parameters:
  ///   - boot: the number of the boot that begins.
  ///   - power: when power returned.
  ///   - before: the result for the boot before, `.min` for none.
  func setAt(boot: Int32, power: Milliseconds, before: Milliseconds, of device: RandomEntity) -> Milliseconds {
    guard let length = unsetLength(boot: boot, of: device) else { return min(before, power) }
    return power + length
  }

  /// Whether a device takes local for universal time.
  func showsLocalTime(_ device: RandomEntity) -> Bool {
    specification.localTime > 0 && device.stream(StreamNumber.clockLocalTime).uniform(0) < specification.localTime
  }

  /// What the clock shows at a true time, and what is wrong with it beyond its usual inaccuracy.
  /// - Parameters:
  ///   - boot: the number of the boot that is under way.
  ///   - setAt: when the clock is set that the last loss of its power has left unset; see `setAt(boot:_:)`.
  func reading(
    at time: Milliseconds, of device: RandomEntity, boot: Int32, setAt: Milliseconds, place: SiteEnvironment
  ) -> (timestamp: Milliseconds, faults: FaultSet) {
    var faults: FaultSet = []
    var zone: Milliseconds = 0
    if showsLocalTime(device) {
      zone = place.localTime.rules.offset(at: time)
      if zone != 0 { faults.insert(.wrongTimeZone) }
    }
    if time < setAt {
      faults.insert(.clockUnset)
      let poweredSince = setAt - (unsetLength(boot: boot, of: device) ?? 0)
      return (time - poweredSince + zone, faults)
    }
    let epoch = epoch(at: time, of: device)
    let temperature = specification.curvature == 0 ? nil : ClockTemperature(place)
    var shown = time + zone + Milliseconds(ordinaryError(at: time, in: epoch, of: device, temperature: temperature).rounded())
    if let step = step(in: epoch, of: device), step.at <= time, step.at >= setAt {
      shown += step.by
      faults.insert(.clockStepped)
    }
    if let jump = farFuture(in: epoch, of: device), jump.at <= time, jump.at >= setAt {
      shown += jump.by
      faults.insert(.clockFarFuture)
    }
    return (shown, faults)
  }
}
