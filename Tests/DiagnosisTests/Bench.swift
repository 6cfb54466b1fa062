import Diagnosis
import FleetSpec
import Foundation
import Ledger
import Reconciliation
import World

/// A small fleet with everything that a pipeline can trip over, its deliveries drawn from a seed, and a table in memory.
final class Bench {
  let world: World
  let store: MemoryStore
  let random: RandomStream
  /// Device by device.
  private(set) var readings: [[Reading]] = []
  /// All transmissions in the order in which they arrive.
  private(set) var arrivals: [Arrival] = []
  private var runs: [DeliveryRun] = []
  private let folder: String

  struct Arrival {
    var device: Int
    var reading: Reading
    var at: Milliseconds
    var isFirst: Bool
  }

  static let start: Milliseconds = 1_782_000_000_000

  init(seed: UInt64, devices: Int = 24, duration: String = "240s", pipeline: String = "") throws {
    folder = NSTemporaryDirectory() + "heliograph-bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/fleet.yaml"
    try Bench.text(seed, devices, duration, pipeline).write(toFile: path, atomically: true, encoding: .utf8)
    let fleet = try FleetLoader.loadFleet(path: path).fleet
    world = World(fleet: fleet, start: Self.start)
    store = MemoryStore(qualityPosition: (fleet.pipeline.store?.attributes ?? []).firstIndex { $0.field == .quality }, knowsArrivals: true)
    random = RandomStream(seed: seed, device: 0, stream: 800_000)
    for device in world.devices.indices { deliver(device, fleet) }
    arrivals.sort { ($0.at, $0.device, $0.reading.seq, $0.isFirst ? 0 : 1) < ($1.at, $1.device, $1.reading.seq, $1.isFirst ? 0 : 1) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func text(_ seed: UInt64, _ devices: Int, _ duration: String, _ pipeline: String) -> String {
    """
    fleet: bench
    seed: \(seed)
    start: 2026-06-21T00:00:00Z
    sun_time: "11:30"
    duration: \(duration)
    sites: [{id: "north-{n}", count: 4, latitude: 40, longitude: 0}]
    devices:
      - {profile: probe, count: \(devices / 2), id: "probe-{n}"}
      - {profile: meter, count: \(devices - devices / 2), id: "meter-{n}"}
    profiles:
      probe:
        profile: probe
        description: weather
        firmware: "1.0"
        interval: 5s
        clock: {offset: 1500ms}
        sensors:
          - {name: temperature, type: TEMPERATURE, measures: ambient_temperature, unit: "°C", decimals: 2, range: [-40, 85], noise: 0.2}
          - {name: humidity, type: HUMIDITY, measures: humidity, unit: "%", decimals: 1, range: [0, 100], noise: 0.5}
          - {name: rain, type: OTHER, measures: rain_rate, unit: "mm/h", decimals: 1, range: [0, 200]}
        faults: &faults {malformed: 4 %, malformed_kinds: {"null": 1, syntax: 1, out_of_range: 2}}
      meter:
        profile: meter
        description: consumption
        firmware: "2.1"
        interval: 5s
        load: {average: 4800 W}
        sensors:
          - {name: power, type: POWER, measures: grid_power, unit: W, decimals: 1, range: [-20000, 20000], noise: 20}
          - {name: energy, type: ENERGY, measures: energy_imported, unit: Wh, decimals: 1, range: [0, 100000], counter: {bits: 16, begins_at: 65436}}
          - {name: voltage, type: VOLTAGE, measures: ac_voltage, unit: V, decimals: 1, range: [0, 300], noise: 1}
        faults: *faults
    pipeline:
      settling: 1s
      store: {url: "postgresql://nobody@127.0.0.1:1/none", table: sensor_readings}
    \(pipeline)
    """
  }

  /// Draws when and how often each reading leaves a device: most at once, some late, some twice, all after an outage that some have.
  private func deliver(_ device: Int, _ fleet: Fleet) {
    var stream = world.stream(device: device)
    var list: [Reading] = []
    while stream.nextSampleTime < Self.start + fleet.duration {
      stream.sample()
      for sensor in 0..<stream.readingCount { list.append(stream.reading(sensor)) }
    }
    readings.append(list)
    let draws = RandomStream(seed: fleet.seed, device: UInt64(device), stream: 800_001)
    let outage = draws.uniform(0) < 0.3 ? Self.start + Int64(draws.uniform(1) * 180_000) : .max
    let length = Int64(20_000 + draws.uniform(2) * 20_000)
    var queued: Int64 = 0
    for (index, reading) in list.enumerated() {
      func draw(_ number: UInt64) -> Double { draws.uniform(UInt64(index) * 8 + number + 8) }
      var sent = reading.trueTime + 20 + Int64(draw(0) * 60)
      if sent >= outage && sent < outage + length {
        queued += 20
        sent = outage + length + queued
      } else if draw(1) < 0.03 {
        sent += 3_000 + Int64(draw(2) * 6_000)
      }
      let kind = draw(3)
      guard kind >= 0.005 else {
        tell(device, reading, outcome: 3, sent: nil, again: nil)
        continue
      }
      let again = draw(4) < 0.04 ? sent + 1_000 + Int64(draw(5) * 3_000) : nil
      tell(device, reading, outcome: kind < 0.01 ? 2 : 1, sent: sent, again: again)
      guard kind >= 0.0075 else { continue }
      arrivals.append(Arrival(device: device, reading: reading, at: sent + 5 + Int64(draw(6) * 5), isFirst: true))
      if let again { arrivals.append(Arrival(device: device, reading: reading, at: again + 5 + Int64(draw(7) * 5), isFirst: false)) }
    }
  }

  private func tell(_ device: Int, _ reading: Reading, outcome: UInt8, sent: Milliseconds?, again: Milliseconds?) {
    let delay = sent.map { $0 - reading.trueTime } ?? 0
    let run = DeliveryRun(
      device: Int32(device), run: Int32(runs.count), firstSeq: reading.seq, lastSeq: reading.seq, outcome: outcome,
      attempts: sent == nil ? 0 : again == nil ? 1 : 2, firstSent: sent ?? 0, lastSent: again ?? sent ?? 0,
      acknowledgedAt: outcome == 1 ? (sent ?? 0) + 8 : 0, delayMinimum: delay, delayMaximum: delay)
    if let last = runs.last, last.device == run.device, runs[runs.count - 1].extend(by: run) { return }
    runs.append(run)
  }

  func value(_ device: Int, _ reading: Reading) -> Double {
    let powers: [Double] = [1, 10, 100, 1_000, 10_000, 100_000]
    return Double(reading.value) / powers[world.profile(of: device).decimals(of: reading)]
  }

  /// The row that an honest pipeline writes.
  func row(_ arrival: Arrival) -> TableRow {
    let reading = arrival.reading
    let profile = world.profile(of: arrival.device)
    let sensor = profile.sensors[Int(reading.sensor)]
    let attributes = (world.fleet.pipeline.store?.attributes ?? []).map { mapping -> String? in
      switch mapping.field {
      case .siteID: world.devices[arrival.device].siteID
      case .deviceID: world.devices[arrival.device].id
      case .sensorType: sensor.type.rawValue
      case .unit: profile.unitLabel(of: reading)
      case .quality: reading.quality.label
      }
    }
    return TableRow(
      sensorID: world.devices[arrival.device].sensorID(sensor), timestampMicroseconds: reading.timestamp * 1_000,
      value: value(arrival.device, reading), attributes: attributes, ingestedAtMicroseconds: arrival.at * 1_000)
  }

  /// Writes the ledger, judges, and says what the pipeline did.
  func diagnose() throws -> (result: ReconciliationResult, diagnosis: Diagnosis) {
    let path = folder + "/ledger.sqlite"
    let writer = try LedgerWriter(
      path: path, devices: world.devices.map { LedgerDevice(id: $0.id) },
      facts: [("run_id", "bench"), ("state", "running"), ("wall_start", String(Self.start)), ("start", String(Self.start))])
    var batch = LedgerBatch()
    batch.runs = runs
    batch.durable = Self.start + world.fleet.duration
    batch.measured = readings.indices.map { (Int32($0), Int64(readings[$0].count)) }
    batch.facts = [("state", "finished"), ("wall_end", String(Self.start + world.fleet.duration)), ("published", "1")]
    writer.submit(batch)
    try writer.close()
    let reconciler = try Reconciler(
      world: world, ledger: LedgerReader(path: path), store: store, options: ReconciliationOptions(salt: world.fleet.seed))
    var clock = Self.start + world.fleet.duration + 60_000
    reconciler.wallClock = { clock }
    reconciler.pause = { clock += $0 }
    let diagnostician = Diagnostician()
    reconciler.observer = diagnostician
    let result = try reconciler.reconcile()
    return (result, diagnostician.diagnose())
  }
}
