/// Areas between step lines, for stacks of counts over time.
package enum StepArea {
  /// The area between two step lines over the same columns, in runs where it is not empty; empty where there is none.
  /// - Parameters:
  ///   - below: the lower value of each column.
  ///   - above: the upper value of each column, as many.
  ///   - y: where a value lies.
  package static func outline(_ below: [Double], _ above: [Double], in frame: Frame, y: (Double) -> Double) -> String {
    var path = PathData()
    let width = frame.width / Double(max(1, below.count))
    var column = 0
    while column < below.count {
      guard above[column] > below[column] else {
        column += 1
        continue
      }
      let start = column
      while column < below.count && above[column] > below[column] { column += 1 }
      path.move(frame.left + Double(start) * width, y(above[start]))
      for index in start..<column {
        if index > start && above[index] != above[index - 1] {
          path.horizontal(frame.left + Double(index) * width)
          path.vertical(y(above[index]))
        }
      }
      path.horizontal(frame.left + Double(column) * width)
      for index in (start..<column).reversed() {
        if index == column - 1 || below[index] != below[index + 1] {
          if index < column - 1 { path.horizontal(frame.left + Double(index + 1) * width) }
          path.vertical(y(below[index]))
        }
      }
      path.horizontal(frame.left + Double(start) * width)
      path.close()
    }
    return path.text
  }
}
