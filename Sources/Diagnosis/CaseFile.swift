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
  /// Payloads that were broken on purpose and refused.
  let refused: [Case]
  let phantoms: [PhantomRow]
  private(set) var isExplained: [Bool]
  private(set) var explainedPhantoms: Int64 = 0

  init(run: ObservedRun, bad: [Case], late: [Case], good: [Case], refused: [Case], phantoms: [PhantomRow]) {
    self.run = run
    cases = bad + late + good
    badCount = bad.count
    self.refused = refused
    self.phantoms = phantoms
    isExplained = [Bool](repeating: false, count: bad.count)
  }

  var world: World { run.world }
  var pipeline: Pipeline { run.world.fleet.pipeline }
  var phantomCount: Int64 { run.counts[.phantom] }

  /// Bad readings, and rows that no device sent.
  var bad: Int64 { Int64(badCount) + phantomCount }

  mutating func explain(_ hypothesis: Hypothesis) {
    for index in hypothesis.explained { isExplained[index] = true }
    explainedPhantoms += hypothesis.phantoms
  }

  /// The readings with this verdict that nothing explains yet.
  func open(_ verdict: Verdict) -> [Int] { (0..<badCount).filter { !isExplained[$0] && cases[$0].verdict == verdict } }

  /// The open readings with this verdict, and all others that are in the store in some way.
  func view(_ verdict: Verdict) -> [Int] {
    cases.indices.filter { index in
      let item = cases[index]
      if item.verdict == verdict { return index < badCount && !isExplained[index] }
      return item.hasArrived && !item.isDropped
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
  var cause: Cause
  var statement: String
  var evidence: [Diagnosis.Evidence]
  var doubts: [String] = []
  /// The contract's line that is broken.
  var contract: CaseFile.ContractLine
  /// Numbers of the bad cases that it explains.
  var explained: [Int]
  /// How many rows that no device sent it explains.
  var phantoms: Int64 = 0
  /// The verdict that it foretells, and of which readings; nil where it foretells nothing.
  var foretells: (verdict: Verdict, of: (Case) -> Bool)?
  /// What an example shows.
  var detail: (Case) -> String = { _ in "" }
}

/// Looks for one cause.
protocol Detector {
  init()
  /// What the unexplained readings show; nothing without support.
  func detect(_ file: CaseFile) -> [Hypothesis]
}
