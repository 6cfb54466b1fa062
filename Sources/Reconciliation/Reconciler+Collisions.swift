/// Several readings that the store's key cannot tell apart: rows are given to them by what they say.
extension Reconciler {
  func judgeCollision(_ items: [Expected], _ sensor: Int, _ rows: [TableRow]) throws {
    var left = rows
    var served: [Expected] = []
    var unserved: [Expected] = []
    // What must not be there comes last: a row is given to it only when no sound reading explains it. What never left the device gets none.
    let sent = items.filter { $0.fate.mayHaveArrived && $0.fate.outcome != .beyond } + items.filter { $0.fate.outcome == .beyond }
    for item in items where !item.fate.mayHaveArrived { miss(item, sensor) }
    for item in sent.filter({ !isRefused($0) }) + sent.filter({ isRefused($0) }) {
      if sensors.tellsReading, try judgeOwn(item, sensor, &left) { continue }
      if takeRow(of: item, sensor, &left) { served.append(item) } else { unserved.append(item) }
    }
    try judgeServed(served, sensor, &left)
    var claimants: [Expected] = []
    for item in unserved {
      if rows.isEmpty || isRefused(item) || (sensors.tellsReading && contract.keyTellsMessages) {
        miss(item, sensor)
      } else {
        claimants.append(item)
      }
    }
    try handOutChanged(claimants, of: items.count, sensor, &left)
    for row in left { addStray(row, sensor) }
  }

  /// Gives rows that say something else than was sent to readings that have none. Whose they are nobody can know, but it must not hang on
  /// the order in which the store tells them: those with a reading's own value go to it first, the others from the least value on.
  private func handOutChanged(_ claimants: [Expected], of all: Int, _ sensor: Int, _ left: inout [TableRow]) throws {
    left.sort { ($0.value ?? -.infinity, "\($0.attributes)") < ($1.value ?? -.infinity, "\($1.attributes)") }
    func take(_ item: Expected, at index: Int) throws {
      let row = left.remove(at: index)
      try conclude(item, .corrupted, sensor, sensors.difference(row, sensor: sensor, reading: item.reading) ?? "")
    }
    var others: [Expected] = []
    for item in claimants {
      let value = sensors.value(of: item.reading, sensor: sensor)
      if let index = left.firstIndex(where: { sensors.tolerance.accepts($0.value, for: value) }) {
        try take(item, at: index)
      } else {
        others.append(item)
      }
    }
    for item in others {
      if !left.isEmpty {
        try take(item, at: 0)
      } else if item.fate.outcome != .beyond {
        try conclude(item, .collided, sensor, "\(all) readings share this key")
      }
    }
  }

  /// Readings that have a row each: further rows that say the same are theirs too, as many as the contract allows, or too many.
  private func judgeServed(_ served: [Expected], _ sensor: Int, _ left: inout [TableRow]) throws {
    var counts = [Int](repeating: 1, count: served.count)
    for index in served.indices {
      let allowed = contract.allowedRows(served[index].fate)
      while counts[index] < allowed, takeRow(of: served[index], sensor, &left) { counts[index] += 1 }
    }
    for index in served.indices {
      let item = served[index]
      let allowed = counts[index]
      while takeRow(of: item, sensor, &left) { counts[index] += 1 }
      if isRefused(item) {
        try conclude(item, .acceptedMalformed, sensor, "stored although its payload was malformed")
      } else if counts[index] > allowed {
        try conclude(item, .duplicated, sensor, "\(counts[index]) rows, sent \(Self.times(item.fate.attempts))")
      } else {
        try conclude(item, .stored, sensor, "")
      }
    }
  }

  /// Judges a reading by the rows that bear its id; false when there are none.
  private func judgeOwn(_ item: Expected, _ sensor: Int, _ left: inout [TableRow]) throws -> Bool {
    let message = sensors.message(of: item.reading)
    let own = left.filter { $0.message == message }
    guard !own.isEmpty else { return false }
    left.removeAll { $0.message == message }
    try judge(item, sensor, own[...])
    return true
  }

  private func isRefused(_ item: Expected) -> Bool { contract.isExpectedToBeRejected(item.reading) }

  private func takeRow(of item: Expected, _ sensor: Int, _ rows: inout [TableRow]) -> Bool {
    guard let index = rows.firstIndex(where: { sensors.difference($0, sensor: sensor, reading: item.reading) == nil }) else { return false }
    rows.remove(at: index)
    return true
  }
}
