import FleetSpec

/// A row at a key that no reading has.
struct Stray: Sendable {
  var sensor: Int
  var timestampMicroseconds: Int64
  var value: Double?
  /// Microseconds since 1970, where the table tells.
  var arrival: Int64?
  /// The number or id of its message as a `MessageCode`; 0 where the table has none.
  var message: Int64 = 0

  var found: FoundRows {
    FoundRows(count: 1, timestampMicroseconds: timestampMicroseconds, value: value, firstArrival: arrival, lastArrival: arrival)
  }
}

/// A reading without a row at its key.
struct Missing: Sendable {
  var sensor: Int
  var timestamp: Milliseconds
  var value: Double
  /// Index into the caller's list.
  var entry: Int
  /// The number or id of its message as a `MessageCode`; 0 where the table has none.
  var message: Int64 = 0
}

/// Finds for strays the missing readings that they may be: same sensor, same value, timestamp changed in a way that explains it.
struct StrayMatcher {
  struct Match {
    var stray: Int
    var missing: Int
    /// Row's timestamp minus the reading's, in microseconds.
    var shift: Int64
    /// How the unit was mistaken, if it was.
    var unit: UnitError?
  }

  /// Mistakes of unit that move a timestamp by a factor.
  enum UnitError: String, CaseIterable, Sendable {
    case millisecondsAsMicroseconds = "milliseconds taken for microseconds"
    case millisecondsAsNanoseconds = "milliseconds taken for nanoseconds"
    case secondsAsMilliseconds = "seconds taken for milliseconds"
    case millisecondsAsSeconds = "milliseconds taken for seconds"
    case wholeSeconds = "milliseconds cut off"
    case wholeMinutes = "seconds cut off"

    /// The timestamp in microseconds that a reading's milliseconds become.
    func apply(_ milliseconds: Milliseconds) -> Int64? {
      switch self {
      case .millisecondsAsMicroseconds: milliseconds
      case .millisecondsAsNanoseconds: milliseconds / 1_000
      case .secondsAsMilliseconds: milliseconds / 1_000 * 1_000
      case .wholeSeconds: milliseconds / 1_000 * 1_000_000
      case .wholeMinutes: milliseconds / 60_000 * 60_000_000
      case .millisecondsAsSeconds:
        {
          let product = milliseconds.multipliedReportingOverflow(by: 1_000_000)
          return product.overflow ? nil : product.partialValue
        }()
      }
    }
  }

  private struct Key: Hashable {
    var sensor: Int
    var timestamp: Int64
  }

  private struct Content: Hashable {
    var sensor: Int
    var value: Double?
  }

  private let strays: [Stray]
  private let missing: [Missing]
  private let tolerance: ValueTolerance
  private var strayTaken: [Bool]
  private var missingTaken: [Bool]
  private var matches: [Match] = []
  /// Pairs of equal sensor and value that may still be looked at.
  private var budget = 20_000_000

  private init(_ strays: [Stray], _ missing: [Missing], _ tolerance: ValueTolerance) {
    self.tolerance = tolerance
    self.strays = strays
    self.missing = missing
    strayTaken = [Bool](repeating: false, count: strays.count)
    missingTaken = [Bool](repeating: false, count: missing.count)
  }

  /// - Parameters:
  ///   - common: shifts that are tried before any other, in this order; those found are appended, up to `mostShifts`.
  ///   - byMessage: whether rows bear the id of their message: what has one is matched by it, whatever its value.
  static func match(
    strays: [Stray], missing: [Missing], _ common: inout [Int64], tolerance: ValueTolerance = .exact, byMessage: Bool = false
  ) -> [Match] {
    guard !strays.isEmpty, !missing.isEmpty else { return [] }
    var matcher = StrayMatcher(strays, missing, tolerance)
    let byKey = matcher.straysByKey()
    if byMessage { matcher.matchMessages(byKey) }
    for unit in UnitError.allCases { matcher.matchUnit(unit, byKey) }
    for shift in common { matcher.matchShift(shift, byKey) }
    // Each round settles at least one pair. A pipeline that shifts in more than a hundred different ways has no shift to be found.
    for _ in 0..<mostShifts {
      guard let shift = matcher.mostCommonShift() else { return matcher.matches }
      matcher.matchShift(shift, byKey)
      if common.count < mostShifts { common.append(shift) }
    }
    matcher.matchContents()
    return matcher.matches
  }

  private static let mostShifts = 100

  private func straysByKey() -> [Key: [Int]] {
    var map: [Key: [Int]] = [:]
    for (index, stray) in strays.enumerated() {
      map[Key(sensor: stray.sensor, timestamp: stray.timestampMicroseconds), default: []].append(index)
    }
    return map
  }

  /// Matches by the id that a row bears, then rows at a reading's own key that bear a wrong one. Of the others, those whose id can be read
  /// are nobody's here.
  private mutating func matchMessages(_ byKey: [Key: [Int]]) {
    var byMessage: [Key: [Int]] = [:]
    for (index, stray) in strays.enumerated() where stray.message >= 0 {
      byMessage[Key(sensor: stray.sensor, timestamp: stray.message), default: []].append(index)
    }
    for index in missing.indices {
      let key = Key(sensor: missing[index].sensor, timestamp: missing[index].message)
      if let stray = (byMessage[key] ?? []).first(where: { !strayTaken[$0] }) { pair(index, stray) }
    }
    for index in missing.indices where !missingTaken[index] {
      let key = Key(sensor: missing[index].sensor, timestamp: missing[index].timestamp * 1_000)
      if let stray = (byKey[key] ?? []).first(where: { !strayTaken[$0] }) { pair(index, stray) }
    }
    for (index, stray) in strays.enumerated() where stray.message >= 0 { strayTaken[index] = true }
  }

  private mutating func pair(_ index: Int, _ stray: Int) {
    strayTaken[stray] = true
    missingTaken[index] = true
    let shift = strays[stray].timestampMicroseconds - missing[index].timestamp * 1_000
    let unit = UnitError.allCases.first { $0.apply(missing[index].timestamp) == strays[stray].timestampMicroseconds }
    matches.append(Match(stray: stray, missing: index, shift: shift, unit: shift == 0 ? nil : unit))
  }

  private mutating func matchUnit(_ unit: UnitError, _ byKey: [Key: [Int]]) {
    for index in missing.indices {
      guard let timestamp = unit.apply(missing[index].timestamp) else { continue }
      take(index, at: timestamp, byKey, unit)
    }
  }

  private mutating func matchShift(_ shift: Int64, _ byKey: [Key: [Int]]) {
    for index in missing.indices { take(index, at: missing[index].timestamp * 1_000 + shift, byKey, nil) }
  }

  private mutating func take(_ index: Int, at timestamp: Int64, _ byKey: [Key: [Int]], _ unit: UnitError?) {
    guard !missingTaken[index], let candidates = byKey[Key(sensor: missing[index].sensor, timestamp: timestamp)] else { return }
    for stray in candidates where !strayTaken[stray] && isEqual(stray, index) {
      strayTaken[stray] = true
      missingTaken[index] = true
      matches.append(Match(stray: stray, missing: index, shift: timestamp - missing[index].timestamp * 1_000, unit: unit))
      return
    }
  }

  /// Pairs what has no shift in common with anything, in the order of values and times: where the right value of the right sensor stands at
  /// a wrong time, no loss is proven, however many ways there are to be wrong.
  private mutating func matchContents() {
    let rows = strays.indices.filter { !strayTaken[$0] }.sorted {
      (strays[$0].sensor, strays[$0].value ?? -.infinity, strays[$0].timestampMicroseconds)
        < (strays[$1].sensor, strays[$1].value ?? -.infinity, strays[$1].timestampMicroseconds)
    }
    let readings = missing.indices.filter { !missingTaken[$0] }.sorted {
      (missing[$0].sensor, missing[$0].value, missing[$0].timestamp) < (missing[$1].sensor, missing[$1].value, missing[$1].timestamp)
    }
    var row = 0
    var reading = 0
    while row < rows.count, reading < readings.count {
      let (stray, one) = (strays[rows[row]], missing[readings[reading]])
      if stray.sensor == one.sensor, isEqual(rows[row], readings[reading]) {
        pair(readings[reading], rows[row])
        row += 1
        reading += 1
      } else if (stray.sensor, stray.value ?? -.infinity) < (one.sensor, one.value) {
        row += 1
      } else {
        reading += 1
      }
    }
  }

  private func isEqual(_ stray: Int, _ index: Int) -> Bool {
    tolerance.isDigestible ? strays[stray].value == missing[index].value : tolerance.accepts(strays[stray].value, for: missing[index].value)
  }

  /// What candidates have in common: the value too, where it is known exactly.
  private func content(_ sensor: Int, _ value: Double?) -> Content { Content(sensor: sensor, value: tolerance.isDigestible ? value : nil) }

  /// The shift that the most pairs of equal sensor and value have in common, and among those the smallest. A single pair is accepted too:
  /// where a row of the right sensor and value stands at a wrong time, no loss is proven.
  private mutating func mostCommonShift() -> Int64? {
    var byContent: [Content: [Int]] = [:]
    for index in strays.indices where !strayTaken[index] {
      byContent[content(strays[index].sensor, strays[index].value), default: []].append(index)
    }
    var votes: [Int64: Int] = [:]
    var candidates = 0
    for reading in missing.indices where !missingTaken[reading] {
      for stray in byContent[content(missing[reading].sensor, missing[reading].value)] ?? []
      where tolerance.isDigestible || isEqual(stray, reading) {
        votes[strays[stray].timestampMicroseconds - missing[reading].timestamp * 1_000, default: 0] += 1
        candidates += 1
      }
      // Enough to see what is common; the rest is matched by the shifts found.
      if candidates > min(budget, 2_000_000) { break }
    }
    budget -= candidates
    // The choice must not depend on the order of a dictionary.
    return votes.min { ($1.value, abs($0.key), $0.key) < ($0.value, abs($1.key), $1.key) }?.key
  }
}
