import FleetSpec

/// Mistakes in a fleet's transport that only the library which carries it can find.
public enum TransportProblems {
  /// Starts nothing and connects to nobody.
  /// - Throws: each mistake with its place in the fleet file.
  public static func check(_ fleet: Fleet) throws(SpecificationErrors) {
    guard case .kafka(let kafka) = fleet.transport else { return }
    let problems = KafkaSettings.problems(of: kafka)
    if !problems.isEmpty { throw SpecificationErrors(problems) }
  }
}
