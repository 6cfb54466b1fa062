/// What the pipeline did, inferred from the verdicts.
public struct Diagnosis: Codable, Sendable, Equatable {
  /// What can be said, by explained readings, the most first.
  public var findings: [Finding]
  /// What no finding explains.
  public var remainder: Remainder
  /// Readings and phantom rows whose verdict the contract does not permit, as far as they were looked at.
  public var bad: Int64
  /// Limits of what was looked at, for people.
  public var notes: [String]

  public init(findings: [Finding], remainder: Remainder, bad: Int64, notes: [String] = []) {
    self.findings = findings
    self.remainder = remainder
    self.bad = bad
    self.notes = notes
  }

  /// Nothing was wrong.
  public static let healthy = Diagnosis(findings: [], remainder: Remainder(count: 0, verdicts: [:], features: []), bad: 0)

  /// One thing that the pipeline does.
  public struct Finding: Codable, Sendable, Equatable {
    public var cause: Cause
    /// One sentence with numbers that continues "the pipeline ...".
    public var statement: String
    public var evidence: [Evidence]
    /// What speaks against it, or could be otherwise; may be empty.
    public var doubts: [String]
    /// At most three.
    public var examples: [Example]
    /// How many bad readings or rows it explains.
    public var explained: Int64
    /// The same by verdict.
    public var verdicts: [String: Int64]
    /// The part of all bad readings and rows that it explains, 0...1.
    public var share: Double
    /// The line of the fleet file's `pipeline` section that is broken.
    public var contract: String
    /// What it is about, where there may be several findings of one cause, such as a site; else nil. With the cause it stays the same when
    /// counts change.
    public var subject: String?

    public init(
      cause: Cause, statement: String, evidence: [Evidence], doubts: [String] = [], examples: [Example] = [], explained: Int64,
      verdicts: [String: Int64], share: Double, contract: String, subject: String = ""
    ) {
      self.cause = cause
      self.statement = statement
      self.evidence = evidence
      self.doubts = doubts
      self.examples = examples
      self.explained = explained
      self.verdicts = verdicts
      self.share = share
      self.contract = contract
      self.subject = subject.isEmpty ? nil : subject
    }
  }

  /// Counts that speak for a finding, and against it.
  public struct Evidence: Codable, Sendable, Equatable {
    /// For people.
    public var text: String
    /// Readings of which the finding foretells harm: how many were harmed, of how many. Nil where the evidence is no count.
    public var harmed: Int64?
    public var foretold: Int64?
    /// All others: how many were harmed, of how many.
    public var otherHarmed: Int64?
    public var others: Int64?

    public init(_ text: String, harmed: Int64? = nil, foretold: Int64? = nil, otherHarmed: Int64? = nil, others: Int64? = nil) {
      self.text = text
      self.harmed = harmed
      self.foretold = foretold
      self.otherHarmed = otherHarmed
      self.others = others
    }

    enum CodingKeys: String, CodingKey {
      case text, harmed, foretold, others
      case otherHarmed = "other_harmed"
    }
  }

  /// A reading that shows what a finding says; `heliograph explain RUN --device DEVICE --seq SEQ` tells its life.
  public struct Example: Codable, Sendable, Equatable {
    public var deviceID: String
    public var sensorID: String
    /// -1 for a row that no device sent.
    public var seq: Int64
    /// Device clock, milliseconds since 1970.
    public var timestamp: Int64
    public var verdict: String
    public var detail: String

    public init(deviceID: String, sensorID: String, seq: Int64, timestamp: Int64, verdict: String, detail: String) {
      self.deviceID = deviceID
      self.sensorID = sensorID
      self.seq = seq
      self.timestamp = timestamp
      self.verdict = verdict
      self.detail = detail
    }

    /// What to type to see its life, or nil for a row that no device sent.
    public func command(folder: String) -> String? {
      seq < 0 ? nil : "heliograph explain \(folder) --device \(deviceID) --seq \(seq)"
    }

    enum CodingKeys: String, CodingKey {
      case deviceID = "device_id"
      case sensorID = "sensor_id"
      case seq, timestamp, verdict, detail
    }
  }

  /// Bad readings and rows that no finding explains.
  public struct Remainder: Codable, Sendable, Equatable {
    public var count: Int64
    public var verdicts: [String: Int64]
    /// What separates them best from the others, for people, the best first; empty when nothing does.
    public var features: [String]

    public init(count: Int64, verdicts: [String: Int64], features: [String]) {
      self.count = count
      self.verdicts = verdicts
      self.features = features
    }
  }
}
