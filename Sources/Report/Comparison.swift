import Drawing
import FleetSpec
import Ledger
import Reconciliation

/// Two runs side by side: what got better, what got worse.
public struct Comparison: Codable, Sendable, Equatable {
  public enum Judgement: String, Codable, Sendable {
    case better, worse, same
    /// Different, but neither is better: what was planned, or what only one of the runs knows.
    case other
  }

  public struct Line: Codable, Sendable, Equatable {
    public var name: String
    /// For people; `-` when a run does not know it.
    public var this: String
    public var other: String
    public var change: String
    public var judgement: Judgement
  }

  public var otherRun: String
  public var otherFolder: String
  public var sameSeed: Bool
  /// Whether the fleet files are the same but for seed, start, broker and store.
  public var sameFleet: Bool
  public var lines: [Line]

  enum CodingKeys: String, CodingKey {
    case otherRun = "other_run"
    case otherFolder = "other_folder"
    case sameSeed = "same_seed"
    case sameFleet = "same_fleet"
    case lines
  }

  /// - Parameters:
  ///   - this: the run that the report is about.
  ///   - other: the run that it is held against.
  public init(_ this: RunReport, against other: RunReport) {
    otherRun = other.runID
    otherFolder = other.folder
    sameSeed = this.seed == other.seed
    var fleet = other.fleet
    fleet.seed = this.fleet.seed
    fleet.start = this.fleet.start
    fleet.transport = this.fleet.transport
    fleet.pipeline.store = this.fleet.pipeline.store
    sameFleet = fleet == this.fleet
    lines = []
    compareVerdicts(this, other)
    compareFigures(this, other)
  }

  /// In one sentence: what may be concluded from the numbers.
  public var basis: String {
    switch (sameSeed, sameFleet) {
    case (true, true): "Same fleet and same seed: the devices measured the same and had the same outages."
    case (false, true): "Same fleet, but not the same seed: what was measured and which outages there were differ."
    case (true, false): "Same seed, but not the same fleet file: numbers can be compared only in parts."
    case (false, false): "Neither the same fleet file nor the same seed: numbers can be compared only in parts."
    }
  }

  /// Latencies are known to within a fifth, the width of their buckets; less is no difference.
  private static let tolerance = 0.2

  private mutating func compareVerdicts(_ this: RunReport, _ other: RunReport) {
    guard let own = this.result, let old = other.result else { return }
    let order: [RunReport.Outcome] = [.failed, .noVerdict, .passed]
    let (left, right) = (order.firstIndex(of: this.outcome) ?? 0, order.firstIndex(of: other.outcome) ?? 0)
    add("outcome", this.outcome.words, other.outcome.words, "", left == right ? .same : left > right ? .better : .worse)
    add(
      "readings", Numbers.text(Double(own.readings)), Numbers.text(Double(old.readings)), "", own.readings == old.readings ? .same : .other)
    for verdict in Verdict.allCases where own[verdict] > 0 || old[verdict] > 0 {
      let shares = (Double(own[verdict]) / Double(max(1, own.readings)), Double(old[verdict]) / Double(max(1, old.readings)))
      var judgement = Judgement.same
      if shares.0 != shares.1 {
        let isFewer = shares.0 < shares.1
        judgement = verdict == .stored ? (isFewer ? .worse : .better) : verdict.isPermitted ? .other : isFewer ? .better : .worse
      }
      add(
        VerdictWords.label(verdict.rawValue), Self.count(own[verdict], of: own.readings), Self.count(old[verdict], of: old.readings),
        Self.signed(own[verdict] - old[verdict]), judgement)
    }
  }

  private static func count(_ count: Int64, of readings: Int64) -> String {
    count == 0 ? "0" : "\(Numbers.text(Double(count))) (\(Terminal.share(count, of: readings)))"
  }

  private static func signed(_ difference: Int64) -> String {
    difference == 0 ? "" : (difference > 0 ? "+" : "−") + Numbers.text(Double(difference.magnitude))
  }

  private mutating func compareFigures(_ this: RunReport, _ other: RunReport) {
    addMeasure("messages per second", Self.rate(this), Self.rate(other), .perSecond, isLessBetter: nil)
    addLatency("publish to acknowledgement", this.figures.sentToAcknowledged?.whole, other.figures.sentToAcknowledged?.whole)
    // What never arrived is not in these; where more is lost, the rest may look faster.
    let isFair = this.result?[.lost] == other.result?[.lost]
    addLatency("measurement to store", this.statistics?.arrivals?.whole, other.statistics?.arrivals?.whole, isFair: isFair)
    let events: [(String, [UInt8])] = [
      ("network outages", [5]), ("power cuts", [3]), ("connections lost", [2, 7, 11, 29]), ("re-deliveries", [8]),
      ("repeats", [9, 40, 41]),
    ]
    for (name, numbers) in events {
      let counts = [this, other].map { run in numbers.reduce(Int64(0)) { $0 + run.figures.total($1) } }
      guard counts != [0, 0] else { continue }
      add(
        name, Numbers.text(Double(counts[0])), Numbers.text(Double(counts[1])), Self.signed(counts[0] - counts[1]),
        counts[0] == counts[1] ? .same : .other)
    }
    func lag(_ run: RunReport) -> Double? { run.figures.loop.first { $0.name == "timer_lag_us" }?.percentiles.p99 }
    addMeasure("simulator: timers late, p99", lag(this), lag(other), .milliseconds, isLessBetter: true)
    func memory(_ run: RunReport) -> Double? { run.figures.resident?.compactMap { $0 }.max() }
    addMeasure("simulator: memory at most", memory(this), memory(other), .mebibytes, isLessBetter: true)
  }

  private static func rate(_ run: RunReport) -> Double { Double(run.published) / (Double(max(1, run.duration)) / 1_000) }

  private mutating func addLatency(_ name: String, _ this: Percentiles?, _ other: Percentiles?, isFair: Bool = true) {
    let isLessBetter: Bool? = isFair ? true : nil
    addMeasure("\(name), p50", this?.p50, other?.p50, .milliseconds, isLessBetter: isLessBetter)
    addMeasure("\(name), p99", this?.p99, other?.p99, .milliseconds, isLessBetter: isLessBetter)
    addMeasure("\(name), longest", this?.maximum, other?.maximum, .milliseconds, isLessBetter: isLessBetter)
  }

  private mutating func addMeasure(_ name: String, _ this: Double?, _ other: Double?, _ unit: ChartUnit, isLessBetter: Bool?) {
    guard this != nil || other != nil else { return }
    var judgement = Judgement.other
    var change = ""
    if let this, let other {
      let isSame = abs(this - other) <= Self.tolerance * max(abs(this), abs(other)) || (unit == .milliseconds && abs(this - other) <= 1)
      if isSame {
        judgement = .same
      } else if let isLessBetter {
        judgement = (this < other) == isLessBetter ? .better : .worse
      }
      if other > 0 && this != other {
        let percent = (this / other - 1) * 100
        change = (percent < 0 ? "−" : "+") + Numbers.text(abs(percent), decimals: abs(percent) < 10 ? 1 : 0) + " %"
      }
    }
    add(name, this.map(unit.text) ?? "-", other.map(unit.text) ?? "-", change, judgement)
  }

  private mutating func add(_ name: String, _ this: String, _ other: String, _ change: String, _ judgement: Judgement) {
    lines.append(Line(name: name, this: this, other: other, change: change, judgement: judgement))
  }
}

extension Comparison.Judgement {
  /// A mark and a word: nothing depends on a colour.
  var text: String {
    switch self {
    case .better: "▲ better"
    case .worse: "▼ worse"
    case .same: "= same"
    case .other: ""
    }
  }
}

extension RunReport.Outcome {
  var words: String {
    switch self {
    case .passed: "passed"
    case .failed: "failed"
    case .noVerdict: "no verdict"
    }
  }
}

extension HTMLReport {
  func writeComparison(_ html: HTMLWriter) {
    guard let comparison else { return }
    html.section("comparison", "Comparison with \(comparison.otherRun)", comparison.basis) {
      let better = comparison.lines.filter { $0.judgement == .better }.count
      let worse = comparison.lines.filter { $0.judgement == .worse }.count
      html.text(
        "p",
        "\(better == 1 ? "1 figure is" : "\(better) figures are") better, \(worse) \(worse == 1 ? "is" : "are") worse. "
          + "A line has this run's figure, that of \(comparison.otherRun), and the change. Durations within a fifth of each other count as the same."
      )
      html.table(
        [
          HTMLWriter.Cell("Figure"), .number("This run"), .number(comparison.otherRun), .number("Change"), HTMLWriter.Cell(""),
        ],
        comparison.lines.map { line in
          HTMLWriter.Row(cells: [
            HTMLWriter.Cell(line.name), .number(line.this), .number(line.other), .number(line.change),
            HTMLWriter.Cell(
              line.judgement.text,
              line.judgement == .better || line.judgement == .worse ? "nowrap \(line.judgement.rawValue)" : "soft nowrap"),
          ])
        }, class: "grid3 compared")
    }
  }
}
