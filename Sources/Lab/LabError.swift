/// Why the lab could not do what it was asked to, for people.
public struct LabError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What is wrong, where, what was expected and how to put it right.
  public let description: String

  init(_ description: String) { self.description = description }
}
