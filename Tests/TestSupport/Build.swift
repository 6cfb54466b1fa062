/// How the tests were built.
public enum Build {
  /// True in release builds. What looks at millions of readings runs there: `scripts/test` builds both, and code that is not optimised
  /// would take half an hour for the same answer.
  public static let isOptimised: Bool = {
    var optimised = true
    assert(
      {
        optimised = false
        return true
      }())
    return optimised
  }()
}
