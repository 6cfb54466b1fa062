/// The defects that are switched on, parsed from their specifications.
///
/// Whatever the order on the command line, they strike in the order of `known`, and the first that harms a reading owns it: those that lose,
/// then those that change, then duplicate, at the first arrival; dedup-window at a later copy; phantom, crash-replay and null-crash after
/// the reading was stored unharmed.
public struct Defects: Sendable {
  var arrival: [any ArrivalDefect] = []
  var lateCutoff: LateCutoff?
  var dedupWindow: DedupWindow?
  var phantom: Phantom?
  var crashReplay: CrashReplay?
  var nullCrash: NullCrash?
  var ingestUnit: IngestUnit?

  static let known: [any Defect.Type] = [
    Drop.self, LateCutoff.self, FutureCutoff.self, LossBurst.self, SiteLoss.self, PartitionLoss.self, QualityFilter.self, DedupKeys.self,
    CounterRollOver.self, ZeroHandling.self, SimilarValueDedup.self, CorruptValue.self, UnitConversion.self, RoundValue.self,
    SinglePrecision.self, ShiftTimestamp.self, WrongTimeUnit.self, Duplicate.self, DedupWindow.self, Phantom.self, CrashReplay.self,
    NullCrash.self, IngestUnit.self,
  ]

  /// One line for each defect: its specification with defaults, and what it does.
  public static var help: String {
    known.map { "\($0.description.example)\n    \($0.description.summary)" }.joined(separator: "\n")
  }

  /// - Parameters:
  ///   - specifications: `name[:key=value[,key=value]]` each.
  ///   - seed: decides which readings a rate selects.
  /// - Throws: `LabError` that names the bad part, what is known, and what was probably meant.
  public init(_ specifications: [String], seed: UInt64 = 1) throws {
    var made: [String: any Defect] = [:]
    for spec in specifications {
      let parts = spec.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts.first ?? "")
      guard let type = Self.known.first(where: { $0.description.name == name }) else {
        let names = Self.known.map { $0.description.name }
        throw LabError(
          "unknown defect '\(name)' in '\(spec)'\(suggestion(name, names)) Known: \(names.joined(separator: ", "))")
      }
      if parts.count == 2, parts[1].isEmpty {
        throw LabError("defect '\(spec)': nothing stands behind the colon; \(type.description.usage)")
      }
      guard made[name] == nil else { throw LabError("defect '\(name)' is given twice: give it once, with all its parameters") }
      let parameters = try DefectParameters(type.description, parts.count == 2 ? parts[1] : "", seed: seed, spec: spec)
      made[name] = type.init(parameters)
    }
    for type in Self.known {
      guard let defect = made[type.description.name] else { continue }
      if let defect = defect as? any ArrivalDefect { arrival.append(defect) }
      if let defect = defect as? LateCutoff { lateCutoff = defect }
      if let defect = defect as? DedupWindow { dedupWindow = defect }
      if let defect = defect as? Phantom { phantom = defect }
      if let defect = defect as? CrashReplay { crashReplay = defect }
      if let defect = defect as? NullCrash { nullCrash = defect }
      if let defect = defect as? IngestUnit { ingestUnit = defect }
    }
  }
}
