/// A text that cannot be read as the value that it should be.
public struct FormatError: Error, Sendable, Equatable {
  /// What is wrong with the text; completes "'90', ...".
  public var problem: String
  /// What would have been right; completes "expected ...".
  public var expected: String
  public var suggestion: String?
  /// Whether the text may hold a secret and must not be repeated.
  public var isSecret: Bool
  /// Where in a text of several lines it is; then `problem` is a predicate: "is no valid JSON".
  public var position: Position?

  /// Counted from 1; columns in Unicode scalars.
  public struct Position: Sendable, Equatable {
    public var line: Int
    public var column: Int
  }

  public init(
    _ problem: String, expected: String, suggestion: String? = nil, isSecret: Bool = false, position: Position? = nil
  ) {
    self.position = position
    self.problem = problem
    self.expected = expected
    self.suggestion = suggestion
    self.isSecret = isSecret
  }
}
