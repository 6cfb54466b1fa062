import Firmware
import FleetSpec
import Foundation
import Glibc
import Ledger
import Reactor
import Transport

extension FleetRun {
  /// Wall-clock milliseconds within which at least one device must have connected.
  private static let firstConnectionWithin: Int64 = 20_000
  private static let housekeepingEvery: Int64 = 100
  private static let checkpointEvery: Int64 = 1_000
  private static let progressEvery: Int64 = 250
  /// Devices woken before the network is looked at again.
  private static let wakesPerTurn = 32

  /// Plays the run to its end. The ledger is complete when this returns or throws.
  /// - Throws: `RunError.unreachable` when no device could connect at all, or the ledger's disk failed.
  @discardableResult
  public func play() throws -> RunState {
    signals.received = { [weak self] signal in self?.stopSignal = signal }
    // What follows a run, such as its reconciliation, is interrupted as usual.
    defer { signals.stop() }
    // Both come back as errors of the call, which are handled.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    log.write(
      "started",
      [
        ("run_id", folder.runID), ("devices", String(own.count)), ("connections", String(connections)),
        ("seed", String(world.fleet.seed)),
      ])
    var problem: RunError?
    do {
      try loop()
    } catch let error as RunError {
      state = .failed
      problem = error
    }
    try finish(problem)
    return state
  }

  private func loop() throws {
    let origin = SimulatedClock.monotonicMicroseconds()
    var nextHousekeeping: Int64 = 0
    var nextCheckpoint = Self.checkpointEvery
    var nextProgress: Int64 = 0
    var isDrained = false
    while true {
      let monotonic = SimulatedClock.monotonicMicroseconds()
      meter.begin()
      let wall = (monotonic - origin) / 1_000
      let now = clock.time(at: monotonic)
      link.now = wall
      link.time = now
      wakeDevices(at: now)
      takeEvents(at: now)
      if wall >= nextHousekeeping {
        link.housekeeping()
        takeEvents(at: now)
        isDrained = now >= end && own.allSatisfy { firmware[$0].isIdle }
        nextHousekeeping = wall + Self.housekeepingEvery
      }
      if wall >= nextCheckpoint {
        checkpoint(at: now)
        try checkHealth(wall)
        nextCheckpoint = wall + Self.checkpointEvery
      }
      if wall >= nextProgress {
        report(now)
        nextProgress = wall + Self.progressEvery
      }
      try checkRefusals()
      if stopSignal != 0 {
        state = .interrupted
        return
      }
      if now >= limit || isDrained { return }
      meter.end(microseconds: SimulatedClock.monotonicMicroseconds() - monotonic)
      let ready = try reactor.wait(timeout: timeout(now, wall, [nextHousekeeping, nextCheckpoint, nextProgress]))
      let woken = SimulatedClock.monotonicMicroseconds()
      meter.begin()
      link.now = (woken - origin) / 1_000
      link.time = clock.time(at: woken)
      reactor.dispatch(ready)
      takeEvents(at: clock.time(at: woken))
      if ready > 0 { meter.end(microseconds: SimulatedClock.monotonicMicroseconds() - woken) }
    }
  }

  private func wakeDevices(at now: Milliseconds) {
    for _ in 0..<Self.wakesPerTurn {
      guard let (device, time) = due.first, time <= now else { return }
      sampler.lag.record(clock.wallMicroseconds(of: now - time))
      wake(device, at: now)
    }
  }

  private func wake(_ device: Int, at now: Milliseconds) {
    inflight -= firmware[device].inflightCount
    // Without 'self' it could be the C library's function as well.
    let next = firmware[device].wake(at: now, link: self.link, recorder: recorder)
    inflight += firmware[device].inflightCount
    due.set(device, to: max(next, now + 1))
  }

  func takeEvents(at now: Milliseconds) {
    var index = 0
    // Waking a device may append further events; they are taken in the same pass.
    while index < link.events.count {
      let event = link.events[index]
      index += 1
      let device = Int(event.device)
      inflight -= firmware[device].inflightCount
      switch event.kind {
      case .connected:
        everConnected += 1
        failures.connected(device)
        firmware[device].linkConnected(at: now, recorder: recorder)
      case .sentAgain:
        firmware[device].sentAgain(message: event.message, at: now, recorder: recorder)
      case .lost:
        count(event.failure, of: device)
        firmware[device].linkLost(at: now, recorder: recorder)
      case .acknowledged:
        firmware[device].acknowledged(message: event.message, at: now, recorder: recorder)
      case .rejected:
        count(event.failure, of: device)
        firmware[device].rejected(message: event.message, at: now, recorder: recorder)
      case .command: firmware[device].obey(event.command, at: now, link: self.link, recorder: recorder)
      }
      inflight += firmware[device].inflightCount
      wake(device, at: now)
    }
    link.events.removeAll(keepingCapacity: true)
  }

  private func count(_ failure: LinkFailure, of device: Int) {
    guard failures.add(failure, device: device) else { return }
    log.write("connection_failed", [("device", world.devices[device].id), ("reason", failure.description)])
  }

  private func timeout(_ now: Milliseconds, _ wall: Int64, _ deadlines: [Int64]) -> Int32 {
    var wait = max(0, (deadlines.min() ?? wall) - wall)
    if let next = due.first?.time {
      if inflight == 0 && link.isQuiet { clock.skip(from: now, to: min(next, limit)) }
      let again = clock.time(at: SimulatedClock.monotonicMicroseconds())
      wait = min(wait, clock.wallMilliseconds(from: again, until: next))
    }
    return Int32(clamping: wait)
  }

  private func checkHealth(_ wall: Int64) throws {
    if let error = writer.failure {
      let advice = error.isDiskFull ? "; free some disk space" : ""
      throw RunError.unreachable("the ledger cannot be written: \(error)\(advice). The run ends at its last durable point")
    }
    if let refusal = link.refusal {
      let cause = failures.causes.first { $0.failure == refusal }
      throw RunError.unreachable("nothing is accepted any more: \(cause.map(describe) ?? refusal.description)")
    }
    // A fleet that sleeps until its first upload has not tried yet.
    if everConnected == 0 && wall > Self.firstConnectionWithin && !(failures.isEmpty && link.isQuiet) {
      let reason = failures.mostFrequent.map(describe) ?? "no attempt has ended yet"
      throw RunError.unreachable("no device could connect within \(Self.firstConnectionWithin / 1_000) s: \(reason)")
    }
  }

  func describe(_ cause: FailureBook.Cause) -> String { "\(cause.failure) (first met by \(world.devices[cause.first].id))" }

  /// Does not wait for what waiting cannot change.
  private func checkRefusals() throws {
    guard failures.isHopeless(connections: connections) else { return }
    let reasons = failures.causes.filter { $0.failure.refusal != .passing }.map { cause in
      "\(cause.failure) (\(cause.count) times, first: \(world.devices[cause.first].id))"
    }
    throw RunError.unreachable("no device can connect, and none ever will: \(reasons.joined(separator: "; "))")
  }

  func report(_ now: Milliseconds, finished: Bool = false) {
    guard let onProgress else { return }
    var measured: Int64 = 0
    var backlog = 0
    // By index: iterating over the array would copy each device.
    for device in own {
      measured += firmware[device].measured
      backlog += firmware[device].backlog
    }
    onProgress(
      RunProgress(
        stage: finished ? .finished : now < end ? .measuring : .draining, elapsed: now - world.start, duration: world.fleet.duration,
        devices: connections, connected: link.connectedCount, measured: measured, published: link.published,
        acknowledged: recorder.acknowledged, backlog: backlog, sentAgain: recorder.sentAgain, repeated: recorder.repeated))
  }

  private func checkpoint(at now: Milliseconds) {
    recorder.drain(into: &unwritten)
    unwritten.metrics += metrics(now)
    sampleIfDue(now)
    unwritten.durable = now
    // The writer's thread may hold the queue and have no processor; then the next checkpoint takes this one along.
    if writer.offer(unwritten) { unwritten = LedgerBatch() }
  }

  private func metrics(_ now: Milliseconds) -> [MetricSample] {
    [
      ("connected", Int64(link.connectedCount)), ("published", link.published), ("acknowledged", recorder.acknowledged),
      ("inflight", Int64(inflight)),
    ].map { MetricSample(at: now, name: $0.0, value: $0.1) }
  }
}
