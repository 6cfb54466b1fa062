/// Why the lab could not do what it was asked to, for people.
public struct LabError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What is wrong, where, what was expected and how to put it right.
  public let description: String

  /// True when a server found its port taken, so that another port may help.
  let isPortTaken: Bool

  init(_ description: String, isPortTaken: Bool = false) {
    self.description = description
    self.isPortTaken = isPortTaken
  }

  /// A server did not start: tells the end of its log.
  static func notServing(_ what: String, port: Int, reason: String, log: String) -> LabError {
    let tail = Files.tail(log)
    return LabError("\(what) does not serve port \(port) (\(reason)); \(tail)", isPortTaken: tail.contains("Address already in use"))
  }
}
