import Diagnosis
import Reconciliation
import Testing
import World

/// One tiny history for each way to store readings twice.
@Suite struct RepeatDetectorTests {
  @Test func theWindowOfTheFilter() throws {
    let story = try Story()
    for number in 0..<100 { story.tell(number % 8, at: Double(number), value: Double(number)) }
    for number in 0..<30 {
      let span = Int64(number) * 1_000
      story.tell(
        number % 8, at: Double(100 + number), value: Double(number), span > 10_500 ? .duplicated : .stored, attempts: 2, span: span,
        rows: span > 10_500 ? 2 : 1)
    }
    let finding = try story.finding()
    #expect(finding.cause == .deduplicationWindow && finding.explained == 19)
    #expect(finding.statement == "forgets keys after 10 s: later repeats are stored again")
    #expect(finding.evidence[0].text == "19 of 19 readings that were sent again later than that have more rows than one; 0 of 111 others")
    #expect(finding.evidence[1].text == "boundary between 10 s and 11 s")
  }

  @Test func noFilterAtAll() throws {
    let story = try Story()
    for number in 0..<100 {
      let isRepeated = number % 7 == 0
      story.tell(
        number % 8, at: Double(number), value: Double(number), isRepeated ? .duplicated : .stored, attempts: isRepeated ? 2 : 1,
        span: isRepeated ? Int64(number) * 100 + 5 : 0, rows: isRepeated ? 2 : 1)
    }
    let finding = try story.finding()
    #expect(finding.cause == .deduplicationWindow && finding.statement == "does not remove repeats")
  }

  private func replayed(_ refused: [Double]) throws -> Diagnosis.Finding {
    let story = try Story()
    for number in 0..<400 {
      let isReplayed = (100..<120).contains(number) || (220..<240).contains(number) || (330..<350).contains(number)
      story.tell(number % 8, at: Double(number), value: Double(number), isReplayed ? .duplicated : .stored, rows: isReplayed ? 2 : 1)
    }
    for at in refused { story.tell(0, at: at, .rejected, kind: .null) }
    return try story.finding()
  }

  @Test func aStretchIsProcessedTwice() throws {
    let finding = try replayed([50, 160])
    #expect(finding.cause == .crashReplay && finding.explained == 60)
    #expect(finding.statement.hasPrefix("processes 3 stretches of its input twice, about 20 readings each"))
    #expect(finding.evidence[0].harmed == 60 && finding.evidence[0].foretold == 60)
  }

  @Test func theCrashComesFromANull() throws {
    let finding = try replayed([119.2, 239.2, 349.2])
    #expect(finding.cause == .nullHandling && finding.explained == 60)
    #expect(
      finding.statement == "crashes on a value that is null and then processes what came before once more: 3 stretches of about 20 readings"
    )
  }

  @Test func scatteredDuplicates() throws {
    let story = try Story()
    for number in 0..<300 {
      let isTwice = [3, 37, 58, 94, 121, 170, 203, 266].contains(number)
      story.tell(number % 8, at: Double(number), value: Double(number), isTwice ? .duplicated : .stored, rows: isTwice ? 2 : 1)
    }
    let finding = try story.finding()
    #expect(finding.cause == .repeatedWrites && finding.explained == 8)
  }

  @Test func theWindowIsWiderThanPromised() throws {
    let story = try Story()
    for number in 0..<100 { story.tell(number % 8, at: Double(number), value: Double(number)) }
    for number in 0..<8 {
      story.tell(number, at: Double(100 + number), value: Double(number), attempts: 2, span: 70_000 + Int64(number) * 5_000)
    }
    story.lateRepeats = 8
    let finding = try story.finding()
    #expect(finding.cause == .deduplicationWindow && finding.explained == 0 && finding.contract.hasSuffix("window: 1m}"))
    #expect(finding.statement == "removes repeats for longer than promised: for 1 m 45 s at least, not 1 m 00 s")
    #expect(finding.evidence[0].text == "8 of 8 readings that were sent again after the window have one row")
  }

  /// The edge of a stretch, known too vaguely to lie in it, is no cause of its own.
  @Test func whatLiesAtTheEdgeOfAReplayBelongsToIt() throws {
    let story = try Story()
    for number in 0..<400 {
      let isReplayed = (100..<140).contains(number)
      // Seven of the replayed ones seem to be sent a little before or after.
      let shift = isReplayed && number % 6 == 1 ? (number < 120 ? -23.0 : 23.0) : 0
      story.tell(
        number % 8, at: Double(number) / 100 + shift / 100, value: Double(number), isReplayed ? .duplicated : .stored,
        rows: isReplayed ? 2 : 1)
    }
    let finding = try story.finding()
    #expect(finding.cause == .crashReplay && finding.explained == 40)
  }
}
