/// Checks of `pipeline` that look at more than one value.
struct PipelineChecker {
  private(set) var errors: [SpecificationError] = []

  /// - Parameters:
  ///   - profiles: that the fleet uses.
  ///   - isWhole: whether no key was refused before.
  mutating func check(_ fleet: ObjectValue, profiles: [ProfileFinder.Found], isWhole: Bool) {
    if let pipeline = fleet["pipeline"]?.object {
      checkDeduplication(pipeline)
      if let store = pipeline["store"]?.object {
        var checker = StoreChecker(profiles: profiles, isWhole: isWhole)
        checker.check(store)
        errors += checker.errors
      }
    }
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkDeduplication(_ pipeline: ObjectValue) {
    var seen: [String] = []
    for key in pipeline["dedup"]?.object?["keys"]?.list ?? [] {
      guard let text = key.text else { continue }
      if seen.contains(text) { report(key.place, "'keys' names '\(text)' twice", suggestion: "keep one of them") }
      seen.append(text)
    }
  }
}
