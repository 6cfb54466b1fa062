import FleetSpec
import World

/// Verdicts by site, by firmware profile, by version of the firmware, and by when the reading was measured. Its memory is fixed by the
/// fleet, not by the number of readings.
public struct VerdictBreakdown: Codable, Sendable, Equatable {
  /// Milliseconds since 1970 at which slot 0 begins.
  public var from: Milliseconds
  /// Milliseconds of a slot.
  public var slot: Milliseconds
  /// Whether the readings of some devices were known by stretches only, and are spread evenly over each stretch's slots. The sums of a row,
  /// and all verdicts other than `stored`, are exact all the same.
  public var readingsAreSpread: Bool
  /// One for `site`, `profile` and `firmware` each.
  public var tables: [Table]

  enum CodingKeys: String, CodingKey {
    case from, slot, tables
    case readingsAreSpread = "readings_are_spread"
  }

  /// All readings that were counted.
  public var readings: Int64 { tables.first?.rows.reduce(0) { $0 + $1.readings.reduce(0, +) } ?? 0 }

  public struct Table: Codable, Sendable, Equatable {
    public var name: String
    public var rows: [Row]
  }

  public struct Row: Codable, Sendable, Equatable {
    public var name: String
    /// Readings measured in each slot.
    public var readings: [Int64]
    /// Those of them that are not `stored`, by verdict, in each slot; verdicts that do not occur are absent. `phantom` counts rows by their
    /// own timestamp.
    public var verdicts: [String: [Int64]]

    /// Of some verdicts, in one slot.
    public func count(_ verdicts: [Verdict], slot: Int) -> Int64 {
      verdicts.reduce(0) { $0 + (self.verdicts[$1.rawValue]?[slot] ?? 0) }
    }

    /// Of one verdict, in all slots.
    public func total(_ verdict: Verdict) -> Int64 { verdicts[verdict.rawValue]?.reduce(0, +) ?? 0 }
  }
}

/// Counts verdicts for a breakdown.
public struct VerdictTally: Sendable, Codable {
  private struct Counter: Sendable, Codable {
    let name: String
    let labels: [String]
    /// By row and slot.
    var readings: [Int64]
    /// By verdict, row and slot; empty for verdicts that have not occurred.
    var exceptions: [[Int64]]

    init(_ name: String, _ labels: [String], slots: Int) {
      self.name = name
      self.labels = labels
      readings = [Int64](repeating: 0, count: labels.count * slots)
      exceptions = Verdict.allCases.map { _ in [] }
    }
  }

  /// The most slots that a breakdown has.
  private static let most: Milliseconds = 24
  private static let steps: [Milliseconds] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200].map { $0 * 1_000 }
    + [1, 2, 7, 14, 28].map { $0 * 86_400_000 }

  private let from: Milliseconds
  private let slot: Milliseconds
  private let slots: Int
  private var counters: [Counter]
  private var isSpread = false
  private let start: Milliseconds
  private let end: Milliseconds
  private let sites: [Int32]
  private let profiles: [Int32]
  /// The row of a profile's first version.
  private let firstVersion: [Int32]

  public init(world: World) {
    let duration = max(1, world.fleet.duration)
    slot = Self.steps.first { (duration + $0 - 1) / $0 <= Self.most } ?? (duration + Self.most - 1) / Self.most
    start = world.start
    end = world.start + duration
    from = world.start - (world.start % slot + slot) % slot
    slots = Int((world.start + duration - from + slot - 1) / slot)
    var versions: [String] = []
    var firstVersion: [Int32] = []
    for profile in world.fleet.profiles {
      firstVersion.append(Int32(versions.count))
      versions += profile.versions.map { "\(profile.name) \($0.firmware)" }
    }
    self.firstVersion = firstVersion
    sites = world.devices.map { Int32($0.site) }
    profiles = world.devices.map { Int32($0.profile) }
    counters = [
      Counter("site", world.fleet.sites.map(\.id), slots: slots), Counter("profile", world.fleet.profiles.map(\.name), slots: slots),
      Counter("firmware", versions, slots: slots),
    ]
  }

  /// Counts a reading, whatever became of it.
  @inline(__always)
  mutating func add(_ reading: Reading, of device: Int) {
    let slot = position(reading.trueTime)
    counters[0].readings[Int(sites[device]) * slots + slot] += 1
    counters[1].readings[Int(profiles[device]) * slots + slot] += 1
    counters[2].readings[(Int(firstVersion[Int(profiles[device])]) + Int(reading.version)) * slots + slot] += 1
  }

  /// Counts readings of which only the stretch of time is known that they fill evenly.
  /// - Parameters:
  ///   - version: of the firmware that measured them.
  ///   - stretch: device time; what lies outside the run is left out of account.
  mutating func add(_ count: Int64, version: UInt8, of device: Int, in stretch: Range<Milliseconds>) {
    guard count > 0 else { return }
    let lower = max(start, min(stretch.lowerBound, end - 1))
    let upper = max(lower + 1, min(stretch.upperBound, end))
    let (first, last) = (position(lower), position(upper - 1))
    if last > first { isSpread = true }
    let profile = Int(profiles[device])
    let rows = [Int(sites[device]), profile, Int(firstVersion[profile]) + Int(version)]
    var done: Int64 = 0
    for slot in first...last {
      let until = min(upper, from + Milliseconds(slot + 1) * self.slot)
      let sum = slot == last ? count : Int64(Double(count) * Double(until - lower) / Double(upper - lower))
      for (counter, row) in rows.enumerated() { counters[counter].readings[row * slots + slot] += sum - done }
      done = sum
    }
  }

  /// Counts a verdict other than `stored` on a reading that was counted already.
  mutating func add(_ verdict: Verdict, _ reading: Reading, of device: Int) {
    add(verdict, device, version: Int(reading.version), slot: position(reading.trueTime))
  }

  /// Counts a row that nobody sent, under the first version of the device's firmware.
  mutating func addPhantom(of device: Int, timestamp: Milliseconds) { add(.phantom, device, version: 0, slot: position(timestamp)) }

  private func position(_ time: Milliseconds) -> Int { max(0, min(slots - 1, Int((time - from) / slot))) }

  private mutating func add(_ verdict: Verdict, _ device: Int, version: Int, slot: Int) {
    let profile = Int(profiles[device])
    let rows = [Int(sites[device]), profile, Int(firstVersion[profile]) + version]
    let index = Verdict.allCases.firstIndex(of: verdict) ?? 0
    for counter in counters.indices {
      if counters[counter].exceptions[index].isEmpty {
        counters[counter].exceptions[index] = [Int64](repeating: 0, count: counters[counter].readings.count)
      }
      counters[counter].exceptions[index][rows[counter] * slots + slot] += 1
    }
  }

  /// What was counted; rows without a reading and without a verdict are left out.
  public var breakdown: VerdictBreakdown {
    VerdictBreakdown(
      from: from, slot: slot, readingsAreSpread: isSpread, tables: counters.map { VerdictBreakdown.Table(name: $0.name, rows: rows($0)) })
  }

  private func rows(_ counter: Counter) -> [VerdictBreakdown.Row] {
    counter.labels.indices.compactMap { index in
      let range = (index * slots)..<((index + 1) * slots)
      var verdicts: [String: [Int64]] = [:]
      for (verdict, counts) in zip(Verdict.allCases, counter.exceptions) where !counts.isEmpty {
        let own = Array(counts[range])
        if own.contains(where: { $0 > 0 }) { verdicts[verdict.rawValue] = own }
      }
      let readings = Array(counter.readings[range])
      guard !verdicts.isEmpty || readings.contains(where: { $0 > 0 }) else { return nil }
      return VerdictBreakdown.Row(name: counter.labels[index], readings: readings, verdicts: verdicts)
    }
  }
}
