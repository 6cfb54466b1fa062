import FleetSpec

/// How the time of arrival is to be read: pipelines store it in another unit than the column's by mistake.
public enum ArrivalUnit: String, Sendable, CaseIterable {
  case right
  case millisecondsAsMicroseconds
  case secondsAsMicroseconds
  case nanosecondsAsMicroseconds

  /// Microseconds since 1970 of what the column says; nil when that cannot be.
  public func corrected(_ stored: Int64) -> Int64? {
    let (factor, divisor): (Int64, Int64) =
      switch self {
      case .right: (1, 1)
      case .millisecondsAsMicroseconds: (1_000, 1)
      case .secondsAsMicroseconds: (1_000_000, 1)
      case .nanosecondsAsMicroseconds: (1, 1_000)
      }
    let (product, overflow) = stored.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product / divisor
  }

  /// For people.
  public var text: String {
    switch self {
    case .right: "as the column says"
    case .millisecondsAsMicroseconds: "milliseconds where microseconds are expected, so that it lies in January 1970"
    case .secondsAsMicroseconds: "seconds where microseconds are expected, so that it lies on the first of January 1970"
    case .nanosecondsAsMicroseconds: "nanoseconds where microseconds are expected, so that it lies tens of thousands of years ahead"
    }
  }
}

extension ArrivalUnit {
  /// Rows with the times at which they really arrived.
  func corrected(_ rows: FoundRows) -> FoundRows {
    var rows = rows
    rows.firstArrival = rows.firstArrival.flatMap { corrected($0) }
    rows.lastArrival = rows.lastArrival.flatMap { corrected($0) }
    return rows
  }

  /// A window whose arrivals are as a table in this unit has them.
  func asStored(_ window: StoreWindow) -> StoreWindow {
    let (factor, divisor): (Int64, Int64) =
      switch self {
      case .right: (1, 1)
      case .millisecondsAsMicroseconds: (1, 1_000)
      case .secondsAsMicroseconds: (1, 1_000_000)
      case .nanosecondsAsMicroseconds: (1_000, 1)
      }
    guard self != .right else { return window }
    var stored = window
    stored.arrivedFrom = window.arrivedFrom / divisor * factor
    stored.arrivedUntil = (window.arrivedUntil / divisor + 1) * factor
    return stored
  }
}

extension Reconciler {
  private static let lookedAt = 4
  private static let fewestArrivals = 3

  /// Looks at the rows of a few sensors: where all of them arrived within the run once the unit is corrected, and none does as it stands, the
  /// table's times of arrival are in that unit. Without this, rows of the run would be taken for those of others.
  func senseArrivalUnit() throws {
    guard store.knowsArrivals, sensors.count > 0 else { return }
    let ids = Set((0..<Self.lookedAt).map { $0 * (sensors.count - 1) / max(1, Self.lookedAt - 1) })
    let from = (facts.wallStart - 3_600_000) * 1_000
    let to = (arrivedUntil + 3_600_000) * 1_000
    var counts = [Int](repeating: 0, count: ArrivalUnit.allCases.count)
    var part = window
    // A few buckets are enough to see it.
    part.to = min(part.to, part.from + 64 * table.bucket)
    try store.rows(of: ids.sorted().flatMap { sensors.allIDs(of: $0) }, in: part) { row in
      guard let arrival = row.ingestedAtMicroseconds else { return }
      for (index, unit) in ArrivalUnit.allCases.enumerated() {
        if let corrected = unit.corrected(arrival), corrected >= from, corrected <= to { counts[index] += 1 }
      }
    }
    guard counts[0] == 0, let best = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[best] >= Self.fewestArrivals else {
      return
    }
    arrivalUnit = ArrivalUnit.allCases[best]
  }
}
