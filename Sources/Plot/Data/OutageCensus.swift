import FleetSpec
import World

/// Who is out when and why: numbers of devices over time, and a map of them.
struct OutageCensus: Sendable {
  private let from: Milliseconds
  private let to: Milliseconds
  private let columns: Int
  /// Device-columns out, kind by kind.
  private(set) var counts: [[Double]]
  /// How many outages of each kind, and how long all of them together.
  private(set) var episodes = [Int](repeating: 0, count: OutageKind.allCases.count)
  private(set) var lengths = [Double](repeating: 0, count: OutageKind.allCases.count)

  init(from: Milliseconds, to: Milliseconds, columns: Int) {
    self.from = from
    self.to = to
    self.columns = columns
    counts = OutageKind.allCases.map { _ in [Double](repeating: 0, count: columns) }
  }

  /// Adds a device's outages.
  /// - Parameter each: told every stretch in which one kind prevails, in order, without overlaps.
  mutating func add(_ events: [PlannedEvent], each: (OutageKind, Milliseconds, Milliseconds) -> Void) {
    for event in events {
      guard let kind = OutageKind(event) else { continue }
      episodes[kind.rawValue] += 1
    }
    for stretch in OutageCensus.stretches(events, from: from, to: to) {
      lengths[stretch.kind.rawValue] += Double(stretch.end - stretch.start)
      spread(stretch.start, stretch.end, into: &counts[stretch.kind.rawValue])
      each(stretch.kind, stretch.start, stretch.end)
    }
  }

  /// Adds to each column the share of it that a span covers.
  private func spread(_ start: Milliseconds, _ end: Milliseconds, into values: inout [Double]) {
    OutageCensus.shares(start, end, from: from, to: to, columns: columns) { values[$0] += $1 }
  }

  static func shares(
    _ start: Milliseconds, _ end: Milliseconds, from: Milliseconds, to: Milliseconds, columns: Int, _ body: (Int, Double) -> Void
  ) {
    let scale = Double(columns) / Double(to - from)
    let x0 = Double(start - from) * scale
    let x1 = Double(end - from) * scale
    guard x1 > x0 else { return }
    for column in Int(x0)...min(columns - 1, Int(x1)) {
      let share = min(x1, Double(column + 1)) - max(x0, Double(column))
      if share > 0 { body(column, share) }
    }
  }

  /// Which kind prevails when, without overlaps, within a span.
  static func stretches(_ events: [PlannedEvent], from: Milliseconds, to: Milliseconds) -> [(
    kind: OutageKind, start: Milliseconds, end: Milliseconds
  )] {
    var borders: [(time: Milliseconds, kind: Int, change: Int)] = []
    for event in events {
      guard let kind = OutageKind(event) else { continue }
      let (start, end) = (max(event.start, from), min(event.end, to))
      guard start < end else { continue }
      borders.append((start, kind.rawValue, 1))
      borders.append((end, kind.rawValue, -1))
    }
    borders.sort { ($0.time, $0.change, $0.kind) < ($1.time, $1.change, $1.kind) }
    var active = [Int](repeating: 0, count: OutageKind.allCases.count)
    var result: [(kind: OutageKind, start: Milliseconds, end: Milliseconds)] = []
    var previous = from
    for border in borders {
      if border.time > previous, let index = active.firstIndex(where: { $0 > 0 }), let kind = OutageKind(rawValue: index) {
        if let last = result.last, last.kind == kind, last.end == previous {
          result[result.count - 1].end = border.time
        } else {
          result.append((kind, previous, border.time))
        }
      }
      previous = border.time
      active[border.kind] += border.change
    }
    return result
  }
}

/// Rows of one or more devices each, columns of time, and in each cell the share that every kind has of it.
struct OutageMap: Sendable {
  struct Row: Sendable {
    var tooltip: String
    /// The site, at the first of its rows.
    var label: String
    var beginsSite: Bool
  }
  static let mostRows = 76

  let columns: Int
  private let from: Milliseconds
  private let to: Milliseconds
  private(set) var rows: [Row] = []
  private let devices: Int
  private var shares: [Float]

  init(from: Milliseconds, to: Milliseconds, columns: Int, devices: Int) {
    self.columns = columns
    self.from = from
    self.to = to
    self.devices = devices
    let rows = min(devices, OutageMap.mostRows)
    shares = [Float](repeating: 0, count: rows * columns * OutageKind.allCases.count)
  }

  /// Names the rows.
  /// - Parameter order: of the devices from top to bottom, as indices in `World.devices`.
  mutating func name(_ order: [Int], in world: World) {
    let count = min(devices, OutageMap.mostRows)
    var site = -1
    for row in 0..<count {
      let members = (row * devices / count)..<((row + 1) * devices / count)
      let first = world.devices[order[members.lowerBound]]
      let last = world.devices[order[members.upperBound - 1]]
      let name = members.count == 1 ? first.id : "\(members.count) devices, \(first.id) to \(last.id)"
      let sites = first.site == last.site ? first.siteID : "\(first.siteID) to \(last.siteID)"
      rows.append(Row(tooltip: "\(name) at \(sites)", label: first.siteID, beginsSite: first.site != site))
      site = first.site
    }
  }

  /// - Parameter place: of the device in the order.
  mutating func add(_ kind: OutageKind, _ start: Milliseconds, _ end: Milliseconds, place: Int) {
    let count = min(devices, OutageMap.mostRows)
    let row = min(count - 1, ((place + 1) * count - 1) / devices)
    let members = Float((row + 1) * devices / count - row * devices / count)
    OutageCensus.shares(start, end, from: from, to: to, columns: columns) { column, share in
      shares[(row * columns + column) * OutageKind.allCases.count + kind.rawValue] += Float(share) / members
    }
  }

  /// The kind with the greatest share of a cell, and the share of all kinds together.
  func prevailing(row: Int, column: Int) -> (kind: OutageKind, share: Double)? {
    let base = (row * columns + column) * OutageKind.allCases.count
    var best: OutageKind?
    var most: Float = 0
    var all: Float = 0
    for kind in OutageKind.allCases {
      let share = shares[base + kind.rawValue]
      all += share
      if share > most { (best, most) = (kind, share) }
    }
    return best.map { ($0, min(1, Double(all))) }
  }
}
