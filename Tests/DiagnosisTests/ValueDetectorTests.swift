import Diagnosis
import Reconciliation
import Testing
import World

/// One tiny history for each way to change what is stored.
@Suite struct ValueDetectorTests {
  private func changed(_ value: (Int) -> Double, sensor: Int32 = 0, devices: Int = 4, first: Int = 0, _ change: (Double) -> Double?) throws
    -> Diagnosis.Finding
  {
    let story = try Story()
    for number in 0..<60 {
      let sent = value(number)
      let stored = number % 5 == 0 ? change(sent) : sent
      let found: Story.FoundValue? = stored == sent ? nil : stored.map { .number($0) } ?? .null
      story.tell(
        first + number % devices, sensor: sensor, at: Double(number), value: sent, found == nil ? .stored : .corrupted, found: found)
    }
    return try story.finding()
  }

  @Test(arguments: [
    (1_000.0, 0.0, "multiplied by 1,000"), (0.001, 0, "divided by 1,000"), (-1, 0, "negated"), (1.8, 32, "converted from °C to °F"),
    (1, 273.15, "converted from °C to K"), (7.25, 0, "multiplied by 7.25"),
  ])
  func anotherUnit(factor: Double, offset: Double, text: String) throws {
    let finding = try changed({ Double($0) * 0.37 + 11.21 }, { $0 * factor + offset })
    #expect(finding.cause == .unitScale && finding.statement == "stores 20 % of the values \(text)")
    #expect(finding.explained == 12)
  }

  @Test func singlePrecision() throws {
    let finding = try changed({ Double($0) * 0.37 + 11.21 }, { Double(Float($0)) })
    #expect(finding.cause == .singlePrecision)
  }

  @Test func wholeNumbers() throws {
    let finding = try changed({ Double($0) * 0.37 + 11.21 }, { $0.rounded(.towardZero) })
    #expect(finding.cause == .rounding && finding.statement.hasPrefix("stores values cut to whole numbers"))
  }

  @Test func oneDecimalPlace() throws {
    let finding = try changed({ Double($0) * 0.37 + 11.21 }, { ($0 * 10).rounded() / 10 })
    #expect(finding.cause == .rounding && finding.statement.hasPrefix("stores values rounded to one decimal place"))
  }

  @Test func nullInPlaceOfValues() throws {
    let finding = try changed({ Double($0) * 0.37 + 11.21 }, { _ in nil })
    #expect(finding.cause == .nullHandling && finding.statement == "stores NULL in place of 20 % of the values")
  }

  @Test func nullInPlaceOfZero() throws {
    let finding = try changed({ $0 % 5 == 0 ? 0 : Double($0) }, { _ in nil })
    #expect(finding.cause == .zeroHandling && finding.statement == "stores NULL in place of values that are 0")
  }

  @Test func aRegisterIsAdded() throws {
    let finding = try changed({ Double($0) * 10 + 100 }, sensor: 1, first: 4, { $0 + 4_294_967_296 })
    #expect(finding.cause == .counterRollOver && finding.statement.contains("4,294,967,296"))
  }

  @Test(arguments: [
    (Int64(1), Diagnosis.Cause.timeUnit, "milliseconds are taken for microseconds"),
    (1_000, .timeUnit, "milliseconds are taken for nanoseconds"),
  ])
  func timestampsInAnotherUnit(divisor: Int64, cause: Diagnosis.Cause, text: String) throws {
    let story = try Story()
    for number in 0..<50 {
      let at = Story.start + Int64(number) * 1_000
      story.tell(
        number % 4, at: Double(number), value: Double(number), number % 5 == 0 ? .misplaced : .stored,
        storedAt: number % 5 == 0 ? at / divisor : nil)
    }
    let finding = try story.finding()
    #expect(finding.cause == cause && finding.statement.contains(text) && finding.statement.contains("1970-01-"))
    #expect(finding.statement.hasPrefix("stores 20 % of the readings at a wrong time"))
  }

  @Test(arguments: [
    (Int64(-7_200_000_000), "2 h 00 m too early, as when a local time is taken for universal time or the reverse"),
    (777_000, "777 ms too late"),
  ])
  func aConstantOffset(shift: Int64, text: String) throws {
    let story = try Story()
    for number in 0..<50 {
      let at = (Story.start + Int64(number) * 1_000) * 1_000
      story.tell(
        number % 4, at: Double(number), value: Double(number), number < 4 ? .misplaced : .stored, storedAt: number < 4 ? at + shift : nil)
    }
    let finding = try story.finding()
    #expect(finding.cause == .timeOffset && finding.statement == "stores 8 % of the readings \(text)")
  }

  @Test func timesOfArrivalInAnotherUnit() throws {
    let story = try Story()
    story.tell(0, at: 1)
    for number in Int64(0)..<20 {
      let at = Story.start + number * 1_000
      story.arrivals.append(ObservedArrival(measuredAt: at, arrivedAtMicroseconds: at))
    }
    let diagnosis = story.diagnose()
    #expect(diagnosis.findings.map(\.cause) == [.arrivalTimeUnit] && diagnosis.bad == 0)
    #expect(diagnosis.findings[0].statement.contains("milliseconds where microseconds are expected"))
  }

  @Test func rowsThatNobodySentAndMalformedOnesAndSharedKeys() throws {
    let story = try Story()
    for number in 0..<20 { story.tell(0, at: Double(number), value: Double(number)) }
    for number in 0..<4 { story.tellPhantom(at: Double(number)) }
    for number in 0..<3 { story.tell(1, at: Double(number), .acceptedMalformed, kind: .null) }
    for number in 0..<2 { story.tell(2, at: Double(number), .collided) }
    let diagnosis = story.diagnose()
    #expect(diagnosis.findings.map(\.cause) == [.inventedRows, .payloadKind, .missingID])
    #expect(diagnosis.findings[1].statement == "stores readings from a value that is null")
    #expect(diagnosis.findings.map(\.explained) == [4, 3, 2] && diagnosis.remainder.count == 0)
  }
}
