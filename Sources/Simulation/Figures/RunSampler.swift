import Firmware
import FleetSpec
import Ledger
import Reactor

/// Looks at the fleet and at this process once in each interval.
struct RunSampler {
  /// How late devices were woken since the last look.
  var lag = DurationHistogram()
  private let intervals: RunIntervals
  private var next: Milliseconds
  private let origin = SimulatedClock.monotonicMicroseconds()

  init(_ intervals: RunIntervals) {
    self.intervals = intervals
    next = intervals.start
  }

  func isDue(_ now: Milliseconds) -> Bool { now >= next }

  /// Figures of this process; ends the stretch of `lag`.
  mutating func look(at now: Milliseconds, busiest: Int64) -> [MetricSample] {
    next = intervals.begin(of: Int((now - intervals.start) / intervals.length) + 1)
    let usage = ProcessUsage.current()
    defer { lag = DurationHistogram() }
    return [
      ("processor_us", usage.processor), ("wall_ms", (SimulatedClock.monotonicMicroseconds() - origin) / 1_000),
      ("resident_bytes", usage.resident), ("timer_lag_p99_us", lag.quantile(0.99)), ("timer_lag_max_us", lag.maximum),
      ("loop_busy_max_us", busiest),
    ].map { MetricSample(at: now, name: $0.0, value: $0.1) }
  }
}

extension FleetRun {
  func sampleIfDue(_ now: Milliseconds) {
    if sampler.isDue(now) { sample(now) }
  }

  /// Adds to the next batch how the devices stand and what this process uses.
  func sample(_ now: Milliseconds) {
    var counts = [Int64](repeating: 0, count: ConnectionState.allCases.count)
    var backlog: Int64 = 0
    // By index: iterating over the array would copy each device.
    for device in own {
      if let state = firmware[device].connectionState { counts[Int(state.rawValue)] += 1 }
      backlog += Int64(firmware[device].backlog)
    }
    timerLag.merge(sampler.lag)
    unwritten.metrics += sampler.look(at: now, busiest: meter.takeLongest())
    unwritten.metrics += ConnectionState.allCases.map {
      MetricSample(at: now, name: Self.metric($0), value: counts[Int($0.rawValue)])
    }
    unwritten.metrics += [
      MetricSample(at: now, name: "buffered", value: backlog),
      MetricSample(at: now, name: "published_bytes", value: link.publishedBytes),
    ]
  }

  private static func metric(_ state: ConnectionState) -> String {
    switch state {
    case .connected: "state_connected"
    case .impaired: "state_impaired"
    case .connecting: "state_connecting"
    case .waiting: "state_waiting"
    case .noNetwork: "state_no_network"
    case .noPower: "state_no_power"
    case .asleep: "state_asleep"
    }
  }
}
