import FleetSpec
import Reconciliation
import World

/// All that detectors look at: every bad reading, a sample of the others, and what is already explained.
struct CaseFile {
  let run: ObservedRun
  /// The bad ones, then those that may be dropped for their time and were, then the sample of the good ones.
  let cases: [Case]
  /// How many of the cases are bad.
  let badCount: Int
  /// Payloads that were broken on purpose and are not in the store.
  let refused: [Case]
  let phantoms: [PhantomRow]
  private(set) var isExplained: [Bool]
  private(set) var explainedPhantoms: Int64 = 0
  /// By case: the verdicts that an accepted finding foretells of it, one bit each. What is spoken for supports no other finding, whether it
  /// was harmed or spared.
  private var spokenFor: [UInt16]

  init(run: ObservedRun, bad: [Case], late: [Case], good: [Case], refused: [Case], phantoms: [PhantomRow]) {
    self.run = run
    let unit = ArrivalTimeUnitDetector.mistake(run)?.unit ?? .right
    cases = (unit == .right ? bad : bad.map { $0.corrected(unit) }) + late + good
    badCount = bad.count
    self.refused = refused
    self.phantoms = phantoms
    isExplained = [Bool](repeating: false, count: bad.count)
    spokenFor = [UInt16](repeating: 0, count: cases.count)
  }

  var world: World { run.world }
  var pipeline: Pipeline { run.world.fleet.pipeline }
  var phantomCount: Int64 { run.counts[.phantom] }

  /// Whether nothing in the table tells whose a row is: of readings with one instant and value it is not known which is missing.
  var isAnonymous: Bool { pipeline.store?.identity.isNone ?? false }

  /// Bad readings, and rows that no device sent.
  var bad: Int64 { Int64(badCount) + phantomCount }

  mutating func explain(_ hypothesis: Hypothesis) {
    for index in hypothesis.explained { isExplained[index] = true }
    explainedPhantoms += hypothesis.phantoms
    guard let rule = hypothesis.foretells else { return }
    for index in cases.indices where rule.of(cases[index]) { spokenFor[index] |= Self.bit(rule.verdict) }
  }

  private static func bit(_ verdict: Verdict) -> UInt16 { 1 << UInt16(Verdict.allCases.firstIndex(of: verdict) ?? 0) }

  /// Gives what lies at the edge of a finding, within the error of what is known of it, to that finding: it is no cause of its own.
  mutating func absorb(_ hypotheses: inout [Hypothesis]) {
    for number in hypotheses.indices {
      guard let edge = hypotheses[number].edge else { continue }
      let more = open(edge.verdict).filter { edge.of(cases[$0]) }
      for index in more { isExplained[index] = true }
      if !more.isEmpty { hypotheses[number].explained = (hypotheses[number].explained + more).sorted() }
    }
  }

  /// The readings with this verdict that nothing explains yet.
  func open(_ verdict: Verdict) -> [Int] { (0..<badCount).filter { !isExplained[$0] && cases[$0].verdict == verdict } }

  /// The open readings with this verdict, and those that could have come to the place where the pipeline does this harm and were spared. What
  /// is in the store in any way was not lost; but what was changed may never have come to where others are stored twice.
  func view(_ verdict: Verdict) -> [Int] {
    let bit = Self.bit(verdict)
    return cases.indices.filter { index in
      let item = cases[index]
      if item.verdict == verdict { return index < badCount && !isExplained[index] }
      let isSpared = verdict == .lost ? item.isIn : item.isWhole
      return isSpared && spokenFor[index] & bit == 0
    }
  }

  /// Counts how often a pattern foretells a verdict.
  func count(_ view: [Int], _ verdict: Verdict, _ foretells: (Case) -> Bool) -> Contingency {
    var counts = Contingency()
    for index in view {
      counts.add(isForetold: foretells(cases[index]), isHarmed: cases[index].verdict == verdict, weight: cases[index].weight)
    }
    return counts
  }

  func sensorID(_ item: Case) -> String {
    let device = Int(item.device)
    return world.devices[device].sensorID(world.profile(of: device).sensors[Int(item.sensor)])
  }

  func example(_ index: Int, _ detail: String) -> Diagnosis.Example {
    let item = cases[index]
    return Diagnosis.Example(
      deviceID: world.devices[Int(item.device)].id, sensorID: sensorID(item), seq: item.seq, timestamp: item.timestamp,
      verdict: item.verdict.rawValue, detail: detail)
  }

  /// A line of the fleet file's `pipeline` section as it holds, defaults included.
  enum ContractLine { case delivery, deduplication, lateness, future, malformed, key, timestamp, value, arrival }

  func contract(_ line: ContractLine) -> String {
    switch line {
    case .delivery: return "delivery: \(pipeline.delivery.rawValue)"
    case .deduplication:
      guard let promise = pipeline.deduplication else { return "dedup: none" }
      let window = promise.window.map { Units.format(milliseconds: $0) } ?? "forever"
      return "dedup: {keys: [\(promise.keys.joined(separator: ", "))], window: \(window)}"
    case .lateness: return "allowed_lateness: \(pipeline.allowedLateness.map { Units.format(milliseconds: $0) } ?? "forever")"
    case .future: return "future_tolerance: \(pipeline.futureTolerance.map { Units.format(milliseconds: $0) } ?? "forever")"
    case .malformed: return "malformed: \(pipeline.malformed.rawValue)"
    case .key: return "store: {identity: \(pipeline.store?.identityText ?? "-"), timestamp: \(pipeline.store?.timestampColumn ?? "-")}"
    case .timestamp: return "store: {timestamp: \(pipeline.store?.timestampColumn ?? "-")}"
    case .value: return "store: {value: \(pipeline.store?.valueText ?? "-")}"
    case .arrival: return "store: {ingested_at: \(pipeline.store?.ingestedAtColumn ?? "none")}"
    }
  }
}

/// What a detector says.
struct Hypothesis {
  var cause: Diagnosis.Cause
  var statement: String
  var evidence: [Diagnosis.Evidence]
  var doubts: [String] = []
  /// The contract's line that is broken.
  var contract: CaseFile.ContractLine
  /// Numbers of the bad cases that it explains.
  var explained: [Int]
  /// How many rows that no device sent it explains.
  var phantoms: Int64 = 0
  /// Whether it is about what no verdict judges.
  var changesNoVerdict = false
  /// The verdict that it foretells, and of which readings; nil where it foretells nothing.
  var foretells: (verdict: Verdict, of: (Case) -> Bool)?
  /// What lies so close to what it explains that it belongs to it, with its verdict.
  var edge: (verdict: Verdict, of: (Case) -> Bool)?
  /// How well it is supported, as a natural logarithm with the number of patterns tried taken off; where detectors compete.
  var strength = 0.0
  /// What it is about, where there may be several of one cause; without counts.
  var subject = ""
  /// What an example shows.
  var detail: (Case) -> String = { _ in "" }
}

/// Looks for one cause.
protocol Detector {
  init()
  /// What the unexplained readings show; nothing without support.
  func detect(_ file: CaseFile) -> [Hypothesis]
}
