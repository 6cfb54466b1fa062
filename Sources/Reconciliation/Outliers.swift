import FleetSpec

/// Where a row stands: sensor and microseconds since 1970.
struct RowKey: Hashable {
  var sensor: Int
  var microseconds: Int64
}

/// Readings whose timestamp lies outside all buckets: a clock that counts from 1970, one that is years ahead, a wrong time zone. They are
/// few, and are looked for at their keys.
struct Outliers {
  /// The stretches of device time in which a device's outliers lie.
  private var ranges: [Int: [ClosedRange<Milliseconds>]] = [:]

  /// Timestamps that are closer belong to one stretch.
  private static let gap: Milliseconds = 3_600_000
  private static let mostRanges = 64

  /// Remembers that a device has a reading with this timestamp.
  mutating func add(device: Int, timestamp: Milliseconds) {
    var own = ranges[device] ?? []
    if let last = own.last, timestamp >= last.lowerBound - Outliers.gap, timestamp <= last.upperBound + Outliers.gap {
      own[own.count - 1] = min(last.lowerBound, timestamp)...max(last.upperBound, timestamp)
    } else if own.count < Outliers.mostRanges {
      own.append(timestamp...timestamp)
    } else {
      let last = own[own.count - 1]
      own[own.count - 1] = min(last.lowerBound, timestamp)...max(last.upperBound, timestamp)
    }
    ranges[device] = own
  }

  func has(device: Int) -> Bool { ranges[device] != nil }

  /// The stretches of some devices, ascending and without overlap.
  func stretches(of devices: [Int]) -> [ClosedRange<Milliseconds>] {
    let sorted = devices.flatMap { ranges[$0] ?? [] }.sorted { $0.lowerBound < $1.lowerBound }
    var merged: [ClosedRange<Milliseconds>] = []
    for range in sorted {
      if let last = merged.last, range.lowerBound <= last.upperBound + Outliers.gap {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
