import FleetSpec
import World

/// The pipeline's promise, as far as it decides between verdicts.
public struct Contract: Sendable {
  private let pipeline: Pipeline
  /// Breaks the judgement on purpose; see `Mutation`.
  package var mutation: Mutation?

  public init(_ pipeline: Pipeline) { self.pipeline = pipeline }

  /// Whether two messages with one timestamp are stored apart: then a row of the one does not explain that the other has none.
  public var keyTellsMessages: Bool { pipeline.deduplication?.keys.contains("event_id") ?? true }

  /// How many rows a reading may have.
  public func allowedRows(_ fate: Fate) -> Int {
    if mutation == .allowsAnyRows { return .max }
    if pipeline.delivery == .exactlyOnce || mutation == .allowsOneRow { return 1 }
    let sends = max(1, Int(fate.attempts))
    guard let deduplication = pipeline.deduplication else {
      return pipeline.delivery == .atLeastOnce || fate.mayHaveBeenSentMore ? .max : sends
    }
    let byEventID = deduplication.keys.contains("event_id")
    // How often, how far apart, and under which event ids a killed run has sent a reading is not known.
    if fate.mayHaveBeenSentMore && (deduplication.window != nil || byEventID) { return .max }
    // A repeat under a new event id is another message where that is the key.
    let messages = byEventID ? max(1, Int(fate.ids)) : 1
    guard let window = deduplication.window, fate.attempts > 1, fate.sentSpan > window else { return messages }
    return sends
  }

  /// Whether the pipeline may have dropped a reading for its timestamp alone.
  public func mayDropForTime(_ reading: Reading, _ fate: Fate) -> Bool {
    if mutation == .forgetsLateness { return false }
    let clockError = reading.timestamp - reading.trueTime
    if let lateness = pipeline.allowedLateness {
      // With an unknown delay nothing about lateness is proven.
      if fate.delayMaximum == .max || fate.delayMaximum - clockError > lateness { return true }
    }
    if let future = pipeline.futureTolerance, clockError > future { return true }
    return false
  }

  /// The verdict on a reading that has no row at its key.
  public func verdictWithoutRow(_ reading: Reading, _ fate: Fate, isDrained: Bool) -> Verdict {
    switch fate.outcome {
    case .discarded: return .discarded
    case .withheld: return mutation == .withheldIsDiscarded ? .discarded : .withheld
    case .unconfirmed, .unknown, .beyond:
      if mutation == .unconfirmedIsLost { return .lost }
      return isExpectedToBeRejected(reading) ? .rejected : .unconfirmed
    case .acknowledged:
      if isExpectedToBeRejected(reading) { return .rejected }
      if mayDropForTime(reading, fate) { return .droppedLate }
      return isDrained ? .lost : .pending
    }
  }

  /// Whether a reading must not be in the store. A sound event with a wrong content is no reason to refuse it.
  public func isExpectedToBeRejected(_ reading: Reading) -> Bool {
    reading.malformation.mustBeRefused && pipeline.malformed == .reject && mutation != .expectsMalformed
  }

  /// The verdict that holds when a bucket's digest agrees with what was expected: all that should be there is there, once.
  public func verdictOnAgreement(_ reading: Reading, _ fate: Fate) -> Verdict {
    switch fate.outcome {
    case .discarded: .discarded
    case .withheld: mutation == .withheldIsDiscarded ? .discarded : .withheld
    case .acknowledged, .unconfirmed, .unknown, .beyond: isExpectedToBeRejected(reading) ? .rejected : .stored
    }
  }
}
