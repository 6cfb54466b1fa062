/// Where something stands: in a file, or on the command line.
public struct Place: Sendable, Equatable, CustomStringConvertible {
  /// The file as the user named it, or a label such as `--set seed=1`.
  public var file: String
  /// Counted from 1; 0 when the place is a whole file or a label.
  public var line: Int
  /// Counted from 1 in Unicode scalars; 0 when the place is a whole file or a label.
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// A whole file or a label without a position in it.
  public static func whole(_ file: String) -> Place {
    Place(file: file, line: 0, column: 0)
  }

  /// `file:line:column`, or the file or label alone.
  public var description: String {
    line == 0 ? file : "\(file):\(line):\(column)"
  }
}
