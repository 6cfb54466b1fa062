import Drawing

/// One diagram of a picture; all share the axis of time.
protocol Panel {
  /// Stands above the diagram.
  var title: String { get }
  /// Of the diagram without its title, in pixels.
  var height: Double { get }
  /// Whether nights are shaded behind it.
  var showsNights: Bool { get }
  func draw(_ svg: MarkupWriter, in frame: Frame, time: TimeScale)
}

extension Panel {
  var showsNights: Bool { true }
}

/// Where things stand in a picture, in pixels.
enum Layout {
  static let width = 1200.0
  static let left = 68.0
  static let right = 196.0
  static let plotWidth = width - left - right
  /// One column of data for each pixel.
  static let columns = Int(plotWidth)
  static let titleHeight = 20.0
  static let gap = 9.0
  static let axisHeight = 40.0
  static let legendRow = 27.0
}
