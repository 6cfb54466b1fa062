/// The queries that fetch the rows of all disagreeing buckets: few, and each of a kind that a store likes.
///
/// Where a store finds rows by their time, a few stretches of time are asked for with the sensors that disagree there. Where it does not,
/// one pass over the table gives everything. When much disagrees, whole stretches are streamed without naming sensors: what is
/// in agreeing buckets is dropped as it comes.
struct FetchPlan: Equatable {
  struct Batch: Equatable {
    /// Columns of the bucket table.
    var buckets: Range<Int>
    /// Nil for all of them.
    var sensors: [Int]?
  }

  private(set) var batches: [Batch] = []

  /// The most stretches of time that are asked for apart.
  static let mostStretches = 128
  /// The most sensors that are named in a query.
  static let mostSensors = 5_000
  /// From this share of all sensors on, none is named.
  static let mostShare = 0.25

  /// - Parameters:
  ///   - findsByTime: whether the store finds rows by their time without looking at all others.
  ///   - rowsPerBucket: of a sensor, about.
  ///   - mostRows: that a query should return; the server breaks off what takes too long.
  init(_ table: borrowing BucketTable, findsByTime: Bool, rowsPerBucket: Double, mostRows: Double = 20_000_000) {
    let sensorsOfBucket = table.disagreeingSensors()
    let active = sensorsOfBucket.indices.filter { !sensorsOfBucket[$0].isEmpty }
    guard let first = active.first, let last = active.last else { return }
    guard findsByTime else {
      batches = [Self.batch(first..<(last + 1), sensorsOfBucket, table.sensorCount)]
      return
    }
    let rowsPerColumn = max(1, rowsPerBucket * Double(table.sensorCount))
    let mostColumns = max(1, Int(mostRows / rowsPerColumn))
    let stretches = max(Self.mostStretches, (table.bucketCount + mostColumns - 1) / mostColumns)
    let columns = min(mostColumns, max(1, (table.bucketCount + stretches - 1) / stretches))
    // Where few buckets disagree, they are asked for one by one.
    let width = active.count <= stretches ? 1 : columns
    var index = 0
    while index < active.count {
      let from = active[index]
      var to = from + 1
      while index < active.count, active[index] < from + width {
        to = active[index] + 1
        index += 1
      }
      batches.append(Self.batch(from..<to, sensorsOfBucket, table.sensorCount))
    }
  }

  private static func batch(_ buckets: Range<Int>, _ sensorsOfBucket: [[Int32]], _ sensorCount: Int) -> Batch {
    var named: Set<Int32> = []
    let most = min(mostSensors, max(64, Int(mostShare * Double(sensorCount))))
    for bucket in buckets {
      named.formUnion(sensorsOfBucket[bucket])
      if named.count > most { return Batch(buckets: buckets, sensors: nil) }
    }
    return Batch(buckets: buckets, sensors: named.sorted().map(Int.init))
  }
}
