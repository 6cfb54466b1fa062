/// How a diagnosis did, over many seeds.
public struct DiagnosisTally: Sendable, Equatable {
  /// Something that a diagnosis said wrongly, or did not say.
  public enum Failure: Sendable, Equatable {
    /// A finding that nothing in the run can have caused.
    case falseFinding
    /// A defect that did enough harm and is named by no finding.
    case overlooked
  }

  public struct Mistake: Sendable, Equatable {
    public var scenario: Scenario
    public var failure: Failure
    public var description: String
  }

  /// How often each cause was named, by its name in `verdicts.json`.
  public internal(set) var findings: [String: Int] = [:]
  /// In how many seeds each site did so much harm that it had to be named.
  public internal(set) var due: [FaultSite: Int] = [:]
  public internal(set) var named: [FaultSite: Int] = [:]
  public internal(set) var mistakes: [Mistake] = []

  public init() {}

  mutating func add(_ other: DiagnosisTally) {
    findings.merge(other.findings, uniquingKeysWith: +)
    due.merge(other.due, uniquingKeysWith: +)
    named.merge(other.named, uniquingKeysWith: +)
    mistakes += other.mistakes
  }

  public var findingCount: Int { findings.values.reduce(0, +) }
  public var dueCount: Int { due.values.reduce(0, +) }

  public func count(_ failure: Failure) -> Int { mistakes.reduce(0) { $0 + ($1.failure == failure ? 1 : 0) } }

  /// Findings rest on likelihoods, and defects that come together can hide each other: a few of many may be wrong. One in a hundred findings
  /// may be false, and one in ten defects overlooked; of few of them, one.
  public var holds: Bool {
    count(.falseFinding) <= max(1, findingCount / 100) && count(.overlooked) <= max(1, dueCount / 10)
  }
}
