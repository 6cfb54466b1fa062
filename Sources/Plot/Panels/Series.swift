import Drawing
import FleetSpec

/// What a line panel shows: one line, band or reference.
struct Series {
  enum Kind {
    /// Values between which the quantity moves; each column from its lowest to its highest value.
    case line
    /// Holds its value until the next one.
    case step
    /// Lowest to highest value of many devices, and their mean.
    case band
    /// Dashed: something to compare with.
    case reference
  }
  var name: String
  var kind: Kind
  var envelope: Envelope
  /// A line is broken where nothing came for longer than this.
  var gap: Milliseconds
  /// Decimals of the values as they were measured.
  var decimals: Int
}

extension Series {
  private func x(_ column: Int, _ time: TimeScale) -> Double {
    if envelope.count[column] == 1 { return time.x(envelope.first[column]) }
    return time.left + (Double(column) + 0.5) * time.width / Double(envelope.columns)
  }

  /// Columns with data, in runs without a gap.
  private var runs: [[Int]] {
    var runs: [[Int]] = []
    var previous: Int?
    for column in 0..<envelope.columns where envelope.count[column] > 0 {
      if let previous, envelope.first[column] - envelope.last[previous] <= gap {
        runs[runs.count - 1].append(column)
      } else {
        runs.append([column])
      }
      previous = column
    }
    return runs
  }

  /// A line through the extremes of every column.
  func line(_ scale: NumberScale, _ factor: Double, in frame: Frame, _ time: TimeScale) -> String {
    var path = PathData()
    for run in runs {
      var y: Double?
      for column in run {
        let top = scale.y(envelope.high[column] * factor, in: frame)
        let bottom = scale.y(envelope.low[column] * factor, in: frame)
        let isNearTop = abs((y ?? top) - top) <= abs((y ?? top) - bottom)
        let (near, far) = isNearTop ? (top, bottom) : (bottom, top)
        if y == nil { path.move(x(column, time), near) } else { path.line(x(column, time), near) }
        if far != near { path.vertical(far) }
        y = far
      }
      if run.count == 1 { path.dot() }
    }
    return path.text
  }

  /// Horizontal until the next value.
  func steps(_ scale: NumberScale, _ factor: Double, in frame: Frame, _ time: TimeScale) -> String {
    var path = PathData()
    for run in runs {
      for (index, column) in run.enumerated() {
        let final = scale.y(envelope.final[column] * factor, in: frame)
        if index == 0 {
          path.move(x(column, time), final)
        } else {
          path.horizontal(x(column, time))
        }
        if envelope.low[column] != envelope.high[column] {
          path.vertical(scale.y(envelope.low[column] * factor, in: frame))
          path.vertical(scale.y(envelope.high[column] * factor, in: frame))
        }
        path.vertical(final)
      }
      if let end = run.last { path.horizontal(max(x(end, time), time.x(min(envelope.last[end] + gap / 2, envelope.to)))) }
    }
    return path.text
  }

  /// The outline from lowest to highest.
  func outline(_ scale: NumberScale, _ factor: Double, in frame: Frame, _ time: TimeScale) -> String {
    var path = PathData()
    for run in runs {
      for (index, column) in run.enumerated() {
        let y = scale.y(envelope.high[column] * factor, in: frame)
        if index == 0 { path.move(x(column, time), y) } else { path.line(x(column, time), y) }
      }
      for column in run.reversed() { path.line(x(column, time), scale.y(envelope.low[column] * factor, in: frame)) }
      path.close()
    }
    return path.text
  }

  /// A line through the means of the columns.
  func means(_ scale: NumberScale, _ factor: Double, in frame: Frame, _ time: TimeScale) -> String {
    var path = PathData()
    for run in runs {
      for (index, column) in run.enumerated() {
        let y = scale.y(envelope.mean(column) * factor, in: frame)
        if index == 0 { path.move(x(column, time), y) } else { path.line(x(column, time), y) }
      }
      if run.count == 1 { path.dot() }
    }
    return path.text
  }

  /// For tooltips: the extremes with their times.
  func summary(unit: String, _ time: TimeScale) -> String {
    guard !envelope.isEmpty else { return "\(name): no readings" }
    let low = Numbers.text(envelope.lowest.value, decimals: decimals)
    let high = Numbers.text(envelope.highest.value, decimals: decimals)
    return "\(name): \(Numbers.count(envelope.total)) values, lowest \(low) \(unit) at \(time.stamp(envelope.lowest.time)),"
      + " highest \(high) \(unit) at \(time.stamp(envelope.highest.time))"
  }
}
