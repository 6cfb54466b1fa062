/// One mistake in a fleet file, a profile or an override, told so that it can be put right.
public struct SpecificationError: Error, Sendable, Equatable, CustomStringConvertible {
  public var place: Place
  /// What is wrong.
  public var problem: String
  /// What would have been right; completes "expected ...".
  public var expected: String?
  /// How to put it right, as a sentence without a full stop.
  public var suggestion: String?

  public init(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    self.place = place
    self.problem = problem
    self.expected = expected
    self.suggestion = suggestion
  }

  /// The message without the place.
  public var message: String {
    var text = problem
    if let expected { text += "; expected \(expected)" }
    if let suggestion { text += "; \(suggestion)" }
    return text
  }

  /// `fleets/x.yaml:12:5: error: unknown key 'intervall'; expected one of ...; did you mean 'interval'?`
  public var description: String {
    "\(place): error: \(message)"
  }
}

/// All mistakes that were found, in the order in which they were found; at least one.
public struct SpecificationErrors: Error, Sendable, Equatable, CustomStringConvertible {
  public var errors: [SpecificationError]

  public init(_ errors: [SpecificationError]) {
    self.errors = errors
  }

  /// One line per mistake.
  public var description: String {
    errors.map(\.description).joined(separator: "\n")
  }
}
