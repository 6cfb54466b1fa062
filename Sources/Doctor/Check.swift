/// One thing that was looked at.
public struct Check: Sendable, Equatable {
  public enum Status: String, Sendable {
    case good
    /// A run would work, but something is worth knowing.
    case warning
    /// A run would fail.
    case problem
  }
  public var subject: String
  public var status: Status
  public var found: String
  /// What to do about it; empty when nothing is to be done.
  public var fix: String

  public init(_ subject: String, _ status: Status, _ found: String, fix: String = "") {
    self.subject = subject
    self.status = status
    self.found = found
    self.fix = fix
  }
}
