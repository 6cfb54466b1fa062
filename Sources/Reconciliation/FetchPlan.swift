/// The queries that fetch the rows of all disagreeing buckets: few, and each of a kind that its store likes.
///
/// QuestDB is asked for stretches of time, with the sensors that disagree there; PostgreSQL for many stretches of single sensors at once;
/// anything else for everything in one pass. When much disagrees, all rows are streamed without naming sensors, and what is in agreeing
/// buckets is dropped as it comes.
struct FetchPlan: Equatable {
  /// Buckets are columns of the bucket table.
  enum Batch: Equatable {
    case everything(in: Range<Int>)
    case sensors([Int], in: Range<Int>)
    case stretches([Stretch])
  }

  /// Neighbouring buckets of a sensor.
  struct Stretch: Equatable {
    var sensor: Int
    var buckets: Range<Int>
  }

  enum Access {
    case onePass
    case byTime
    case byStretches
  }

  private(set) var batches: [Batch] = []
  /// How many buckets of single sensors are asked for.
  private(set) var cells = 0

  /// The most stretches of time that are asked for apart.
  static let mostTimes = 128
  /// The most sensors that are named in a query.
  static let mostSensors = 5_000
  /// The most stretches of single sensors in a query, and of queries with such.
  static let mostStretches = 5_000
  static let mostStretchQueries = 8
  /// From this share of all sensors, or buckets, on, everything is streamed.
  static let mostShare = 0.25

  /// - Parameters:
  ///   - rowsPerBucket: of a sensor, about.
  ///   - mostRows: that a query should return; the server breaks off what takes too long.
  init(_ table: borrowing BucketTable, access: Access, rowsPerBucket: Double, mostRows: Double = 20_000_000) {
    let sensorsOfBucket = table.disagreeingSensors()
    let active = sensorsOfBucket.indices.filter { !sensorsOfBucket[$0].isEmpty }
    guard let first = active.first, let last = active.last else { return }
    let span = first..<(last + 1)
    switch access {
    case .onePass: batches = [Self.batch(span, sensorsOfBucket, table.sensorCount)]
    case .byTime: batches = Self.byTime(active, sensorsOfBucket, table, rowsPerBucket, mostRows)
    case .byStretches: batches = Self.byStretches(sensorsOfBucket, table) ?? [.everything(in: span)]
    }
    let sensorCount = table.sensorCount
    cells = batches.reduce(0) { $0 + $1.cells(of: sensorCount) }
  }

  private static func byTime(
    _ active: [Int], _ sensorsOfBucket: [[Int32]], _ table: borrowing BucketTable, _ rowsPerBucket: Double, _ mostRows: Double
  ) -> [Batch] {
    let mostColumns = max(1, Int(mostRows / max(1, rowsPerBucket * Double(table.sensorCount))))
    let columns = min(mostColumns, (table.bucketCount + mostTimes - 1) / mostTimes)
    // Where few buckets disagree, they are asked for one by one.
    let width = active.count <= mostTimes ? 1 : columns
    var batches: [Batch] = []
    var index = 0
    while index < active.count {
      let from = active[index]
      var to = from + 1
      while index < active.count, active[index] < from + width {
        to = active[index] + 1
        index += 1
      }
      batches.append(batch(from..<to, sensorsOfBucket, table.sensorCount))
    }
    return batches
  }

  private static func batch(_ buckets: Range<Int>, _ sensorsOfBucket: [[Int32]], _ sensorCount: Int) -> Batch {
    var named: Set<Int32> = []
    let most = min(mostSensors, max(64, Int(mostShare * Double(sensorCount))))
    for bucket in buckets {
      named.formUnion(sensorsOfBucket[bucket])
      if named.count > most { return .everything(in: buckets) }
    }
    return .sensors(named.sorted().map(Int.init), in: buckets)
  }

  /// Nil when there are too many.
  private static func byStretches(_ sensorsOfBucket: [[Int32]], _ table: borrowing BucketTable) -> [Batch]? {
    let wanted = sensorsOfBucket.reduce(0) { $0 + $1.count }
    let all = Double(table.sensorCount) * Double(table.bucketCount)
    guard wanted <= mostStretches || Double(wanted) <= mostShare * all else { return nil }
    var open: [Int32: Range<Int>] = [:]
    var stretches: [Stretch] = []
    for (bucket, sensors) in sensorsOfBucket.enumerated() {
      for sensor in sensors {
        if let range = open[sensor] {
          if range.upperBound == bucket {
            open[sensor] = range.lowerBound..<(bucket + 1)
            continue
          }
          stretches.append(Stretch(sensor: Int(sensor), buckets: range))
          if stretches.count > mostStretches * mostStretchQueries { return nil }
        }
        open[sensor] = bucket..<(bucket + 1)
      }
    }
    stretches += open.map { Stretch(sensor: Int($0.key), buckets: $0.value) }
    guard stretches.count <= mostStretches * mostStretchQueries else { return nil }
    // The order of a dictionary must not show.
    stretches.sort { ($0.sensor, $0.buckets.lowerBound) < ($1.sensor, $1.buckets.lowerBound) }
    return stride(from: 0, to: stretches.count, by: mostStretches).map {
      .stretches(Array(stretches[$0..<min($0 + mostStretches, stretches.count)]))
    }
  }
}

extension FetchPlan.Batch {
  fileprivate func cells(of sensorCount: Int) -> Int {
    switch self {
    case .everything(let buckets): buckets.count * sensorCount
    case .sensors(let sensors, let buckets): buckets.count * sensors.count
    case .stretches(let stretches): stretches.reduce(0) { $0 + $1.buckets.count }
    }
  }
}
