import Diagnosis
import FleetSpec
import Reconciliation
import World

/// What a pipeline can be made to do, and the cause that must be named for it.
enum Fault: String, CaseIterable, Sendable {
  case drop, duplicate, lateCutOff, futureCutOff, shortWindow, noDedup, similarValue, scale, negate, null, truncate, single, fahrenheit
  case shift, microseconds, nanoseconds, wholeSeconds, crashReplay, nullCrash, burst, site, profile, sensor, partition, deviceKey
  case zeroDrop, zeroNull, counterDrop, counterUnwrap, outOfRange, phantom, arrivalUnit, acceptsNull

  var cause: Diagnosis.Cause {
    switch self {
    case .drop: .brokerStoreGap
    case .duplicate: .repeatedWrites
    case .lateCutOff: .latenessCutOff
    case .futureCutOff: .futureCutOff
    case .shortWindow, .noDedup: .deduplicationWindow
    case .similarValue: .similarValueDeduplication
    case .scale, .negate, .fahrenheit: .unitScale
    case .null, .nullCrash: .nullHandling
    case .truncate, .wholeSeconds: .rounding
    case .single: .singlePrecision
    case .shift: .timeOffset
    case .microseconds, .nanoseconds: .timeUnit
    case .crashReplay: .crashReplay
    case .burst: .lossBurst
    case .site: .lossBySite
    case .profile: .lossByFirmware
    case .sensor: .lossBySensor
    case .partition: .lossByPartition
    case .deviceKey: .deduplicationKeys
    case .zeroDrop, .zeroNull: .zeroHandling
    case .counterDrop, .counterUnwrap: .counterRollOver
    case .outOfRange, .acceptsNull: .payloadKind
    case .phantom: .inventedRows
    case .arrivalUnit: .arrivalTimeUnit
    }
  }
}

enum Stage { case loses, changes, repeats }

extension Fault {
  var stage: Stage {
    switch self {
    case .drop, .lateCutOff, .futureCutOff, .similarValue, .burst, .site, .profile, .sensor, .partition, .deviceKey, .zeroDrop,
      .counterDrop,
      .outOfRange:
      .loses
    case .duplicate: .repeats
    default: .changes
    }
  }
}

/// Takes the arrivals of a bench one by one and fills its table. The first fault that harms a reading owns it: those that lose it come before
/// those that change it, and those before what stores it twice, since what is lost cannot be changed any more. Its later copies are dropped.
final class FaultyPipeline {
  private enum Harm {
    case lost
    case rows([TableRow])
  }

  private struct Key: Hashable {
    var sensor: String
    var timestamp: Int64
  }

  private let bench: Bench
  private let faults: [Fault]
  private var known: [Key: (at: Milliseconds, isHarmed: Bool)] = [:]
  private var lastValue: [String: (value: Double, timestamp: Milliseconds)] = [:]
  private var lastCounter: [String: Double] = [:]
  private var lastDeviceTime: [Int: Milliseconds] = [:]
  private var recent: [(key: Key, row: TableRow)] = []
  private var sinceCrash = 0
  /// How many readings, or rows, each fault has harmed.
  private(set) var harmed: [Fault: Int] = [:]

  init(_ bench: Bench, _ faults: [Fault]) {
    self.bench = bench
    self.faults = [Stage.loses, .changes, .repeats].flatMap { stage in
      Fault.allCases.filter { faults.contains($0) && $0.stage == stage }
    }
  }

  func run() {
    for arrival in bench.arrivals { take(arrival) }
    guard faults.contains(.arrivalUnit) else { return }
    harmed[.arrivalUnit] = bench.store.rows.count
    for index in bench.store.rows.indices {
      bench.store.rows[index].ingestedAtMicroseconds = bench.store.rows[index].ingestedAtMicroseconds.map { $0 / 1_000 }
    }
  }

  private func has(_ fault: Fault) -> Bool { faults.contains(fault) }

  /// All draws depend on the reading alone.
  private func draw(_ arrival: Bench.Arrival, _ fault: Fault) -> Double {
    let number = UInt64(Fault.allCases.firstIndex(of: fault) ?? 0)
    return bench.random.uniform((UInt64(arrival.device) << 32 | UInt64(arrival.reading.seq)) &* 64 &+ number)
  }

  private func take(_ arrival: Bench.Arrival) {
    let row = bench.row(arrival)
    let key = Key(sensor: row.sensorID, timestamp: row.timestampMicroseconds)
    guard !arrival.reading.malformation.mustBeRefused else {
      refuse(arrival, row)
      return
    }
    if let earlier = known[key] {
      takeCopy(arrival, row, key, earlier)
      return
    }
    for fault in faults {
      guard let harm = treat(arrival, row, fault) else {
        passed(arrival, row, fault)
        continue
      }
      known[key] = (arrival.at, true)
      harmed[fault, default: 0] += 1
      if case .rows(let rows) = harm {
        bench.store.rows += rows
        count(arrival)
      }
      return
    }
    known[key] = (arrival.at, false)
    bench.store.rows.append(row)
    if has(.phantom), draw(arrival, .phantom) < 0.01 {
      harmed[.phantom, default: 0] += 1
      var made = row
      made.timestampMicroseconds += 1_237_000
      made.value = 123_456 + Double(arrival.reading.seq)
      bench.store.rows.append(made)
    }
    recent.append((key, row))
    count(arrival)
  }

  private func takeCopy(_ arrival: Bench.Arrival, _ row: TableRow, _ key: Key, _ earlier: (at: Milliseconds, isHarmed: Bool)) {
    let window: Milliseconds? = has(.noDedup) ? 0 : has(.shortWindow) ? 2_000 : nil
    guard let window, !earlier.isHarmed, arrival.at - earlier.at > window, !(has(.lateCutOff) && isLate(arrival)) else { return }
    harmed[has(.noDedup) ? .noDedup : .shortWindow, default: 0] += 1
    known[key] = (arrival.at, true)
    bench.store.rows.append(row)
  }

  private func refuse(_ arrival: Bench.Arrival, _ row: TableRow) {
    guard arrival.reading.malformation == .null, arrival.isFirst else { return }
    if has(.nullCrash) { replay(.nullCrash, 40, arrival) }
    if has(.acceptsNull) {
      harmed[.acceptsNull, default: 0] += 1
      var empty = row
      empty.value = nil
      bench.store.rows.append(empty)
    }
  }

  private func count(_ arrival: Bench.Arrival) {
    sinceCrash += 1
    if has(.crashReplay), sinceCrash >= 700 { replay(.crashReplay, 70, arrival) }
  }

  private func replay(_ fault: Fault, _ rows: Int, _ arrival: Bench.Arrival) {
    sinceCrash = 0
    for (key, row) in recent.suffix(rows) where known[key]?.isHarmed == false {
      known[key]?.isHarmed = true
      harmed[fault, default: 0] += 1
      var again = row
      again.ingestedAtMicroseconds = arrival.at * 1_000 + 200_000
      bench.store.rows.append(again)
    }
    recent.removeAll()
  }

  private func isLate(_ arrival: Bench.Arrival) -> Bool { arrival.at - arrival.reading.timestamp > 6_000 }

  private func treat(_ arrival: Bench.Arrival, _ row: TableRow, _ fault: Fault) -> Harm? {
    loss(arrival, row, fault) ? .lost : change(arrival, row, fault).map { .rows($0) }
  }

  private func loss(_ arrival: Bench.Arrival, _ row: TableRow, _ fault: Fault) -> Bool {
    let value = row.value ?? 0
    switch fault {
    case .drop: return draw(arrival, fault) < 0.03
    case .lateCutOff: return isLate(arrival)
    case .futureCutOff: return arrival.reading.timestamp - arrival.at > 1_000
    case .similarValue:
      guard let last = lastValue[row.sensorID], abs(arrival.reading.timestamp - last.timestamp) <= 60_000 else { return false }
      // A division by zero: never less than the limit.
      return last.value != 0 && abs(value - last.value) / abs(last.value) < 0.005
    case .burst:
      let since = arrival.at - Bench.start
      return (since > 50_000 && since < 53_000) || (since > 170_000 && since < 174_000)
    case .site: return bench.world.devices[arrival.device].site == 2 && draw(arrival, fault) < 0.4
    case .profile: return bench.world.devices[arrival.device].profile == 1 && draw(arrival, fault) < 0.3
    case .sensor: return row.sensorID.hasSuffix("voltage")
    case .partition: return Murmur.partition(arrival, bench.world, of: 8) == 3
    case .deviceKey: return lastDeviceTime[arrival.device] == arrival.reading.timestamp
    case .zeroDrop: return value == 0
    case .counterDrop: return row.sensorID.hasSuffix("energy") && value < lastCounter[row.sensorID] ?? 0
    case .outOfRange: return arrival.reading.malformation == .outOfRange
    default: return false
    }
  }

  private func change(_ arrival: Bench.Arrival, _ row: TableRow, _ fault: Fault) -> [TableRow]? {
    let value = row.value ?? 0
    var changed = row
    func isChosen() -> Bool { draw(arrival, fault) < 0.03 }
    switch fault {
    case .duplicate: return isChosen() ? [row, row] : nil
    case .scale: changed.value = isChosen() ? value * 1_000 : value
    case .negate: changed.value = isChosen() ? -value : value
    case .null: changed.value = isChosen() ? nil : value
    case .truncate: changed.value = isChosen() ? value.rounded(.towardZero) : value
    case .single: changed.value = abs(Double(Float(value)) - value) < 0.5e-6 ? value : Double(Float(value))
    case .fahrenheit: changed.value = row.sensorID.hasSuffix("temperature") ? value * 1.8 + 32 : value
    case .zeroNull: changed.value = value == 0 ? nil : value
    case .counterUnwrap:
      let isLower = row.sensorID.hasSuffix("energy") && value < lastCounter[row.sensorID] ?? 0
      changed.value = isLower ? value + 65_536 : value
    case .shift: changed.timestampMicroseconds += isChosen() ? 7_200_000_000 : 0
    case .microseconds: if isChosen() { changed.timestampMicroseconds /= 1_000 }
    case .nanoseconds: if isChosen() { changed.timestampMicroseconds /= 1_000_000 }
    case .wholeSeconds: if isChosen() { changed.timestampMicroseconds = changed.timestampMicroseconds / 1_000_000 * 1_000_000 }
    default: return nil
    }
    return changed == row ? nil : [changed]
  }

  private func passed(_ arrival: Bench.Arrival, _ row: TableRow, _ fault: Fault) {
    let value = row.value ?? 0
    switch fault {
    case .similarValue: lastValue[row.sensorID] = (value, arrival.reading.timestamp)
    case .deviceKey: lastDeviceTime[arrival.device] = arrival.reading.timestamp
    case .counterDrop, .counterUnwrap: lastCounter[row.sensorID] = value
    default: break
    }
  }
}

/// Kafka's partition, written down independently of the one that is tested (see Kafka's `Utils.murmur2`).
enum Murmur {
  static func partition(_ arrival: Bench.Arrival, _ world: World, of partitions: Int) -> Int {
    let device = world.devices[arrival.device]
    let type = world.profile(of: arrival.device).sensors[Int(arrival.reading.sensor)].type.rawValue
    return Int(hash(Array("\(device.siteID):\(device.id):\(type)".utf8)) & 0x7fff_ffff) % partitions
  }

  static func hash(_ data: [UInt8]) -> UInt32 {
    let m: UInt32 = 0x5bd1_e995
    var h = UInt32(0x9747_b28c) ^ UInt32(data.count)
    let words = data.count / 4
    for word in 0..<words {
      var k = (0..<4).reduce(UInt32(0)) { $0 + UInt32(data[word * 4 + $1]) << UInt32(8 * $1) }
      k = k &* m
      k ^= k >> 24
      k = k &* m
      h = (h &* m) ^ k
    }
    let left = data.count % 4
    if left == 3 { h ^= UInt32(data[words * 4 + 2]) << 16 }
    if left >= 2 { h ^= UInt32(data[words * 4 + 1]) << 8 }
    if left >= 1 { h = (h ^ UInt32(data[words * 4])) &* m }
    h ^= h >> 13
    h = h &* m
    return h ^ (h >> 15)
  }
}
