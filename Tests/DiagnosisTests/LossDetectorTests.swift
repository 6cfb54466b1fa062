import Diagnosis
import Reconciliation
import Testing
import World

/// One tiny history for each way to lose readings.
@Suite struct LossDetectorTests {
  @Test func latenessCutOffWithItsBoundary() throws {
    let story = try Story(pipeline: "  allowed_lateness: 30d")
    for number in 0..<40 { story.tell(0, at: Double(number) * 10, value: Double(number), late: Int64(number) * 100_000) }
    for number in 0..<12 {
      story.tell(1, at: Double(number) * 10, value: Double(number), .lost, late: 86_407_000 + Int64(number) * 3_600_000)
    }
    for number in 0..<4 { story.tell(2, at: Double(number) * 10, value: Double(number), late: 86_381_000 - Int64(number) * 60_000) }
    let finding = try story.finding()
    #expect(finding.cause == .latenessCutOff)
    #expect(finding.statement == "drops rows that arrive more than 24 h 00 m after their timestamp")
    #expect(finding.evidence[0].text == "12 of 12 later readings are missing; 0 of 44 earlier ones")
    #expect(finding.evidence[1].text == "boundary between 23:59:41 and 24:00:07")
    #expect(finding.explained == 12 && finding.share == 1 && finding.contract == "allowed_lateness: 30d")
    #expect(finding.examples.count == 3)
    #expect(finding.examples[0].command(folder: "runs/x") == "heliograph explain runs/x --device probe-2 --seq 0")
  }

  @Test func aCutOffThatTheContractAllowsIsNone() throws {
    let story = try Story(pipeline: "  allowed_lateness: 1h")
    for number in 0..<40 { story.tell(0, at: Double(number), value: Double(number), late: Int64(number) * 80_000) }
    for number in 0..<20 { story.tell(1, at: Double(number), value: Double(number), .droppedLate, late: 3_700_000 + Int64(number) * 1_000) }
    #expect(story.diagnose() == .healthy)
  }

  @Test func futureCutOff() throws {
    let story = try Story()
    for number in 0..<40 { story.tell(0, at: Double(number), value: Double(number), late: -Int64(number) * 1_000) }
    for number in 0..<12 { story.tell(1, at: Double(number), value: Double(number), .lost, late: -61_000 - Int64(number) * 1_000) }
    let finding = try story.finding()
    #expect(finding.cause == .futureCutOff && finding.explained == 12)
    #expect(finding.statement == "drops rows that are stamped more than 1 m 00 s ahead of their arrival")
  }

  /// The filter of realism.md: within 1 % and 60 s of the last one that was let through; after a zero it divides by zero and lets all through.
  @Test func similarValuesAreTakenForRepeats() throws {
    let story = try Story()
    let values: [Double] = [100, 100.4, 130, 130.9, 131.2, 150, 100, 99.5, 140, 139.1]
    for round in 0..<6 {
      for (index, value) in values.enumerated() {
        let isClose = [1, 3, 4, 7, 9].contains(index)
        story.tell(round, sensor: 0, at: Double(index) * 10, value: value, isClose ? .lost : .stored)
      }
      for index in 10..<15 { story.tell(round, sensor: 0, at: Double(index) * 10, value: 0) }
    }
    let finding = try story.finding()
    #expect(finding.cause == .similarValueDeduplication && finding.explained == 30)
    #expect(
      finding.statement
        == "takes real readings for repeats: drops those whose value is within 1 % of the sensor's last one, within 20 s or more")
    #expect(finding.evidence.contains { $0.text.hasPrefix("of zeros after a zero 0 of 24 are missing: it divides by the last value") })
  }

  @Test func readingsOfOneTimestampAreTakenForRepeats() throws {
    let story = try Story()
    for number in 0..<20 {
      for sensor in Int32(0)..<3 {
        story.tell(0, sensor: sensor, at: Double(number), value: Double(number) * 7 + Double(sensor) * 100, sensor == 0 ? .stored : .lost)
      }
    }
    let finding = try story.finding()
    #expect(finding.cause == .deduplicationKeys && finding.explained == 40)
    #expect(finding.contract == "dedup: {keys: [sensor_id, timestamp], window: 1m}")
  }

  @Test func zerosAreLost() throws {
    let story = try Story()
    for number in 0..<60 {
      story.tell(number % 4, at: Double(number), value: number % 3 == 0 ? 0 : Double(number) * 9, number % 3 == 0 ? .lost : .stored)
    }
    let finding = try story.finding()
    #expect(finding.cause == .zeroHandling && finding.statement == "drops readings whose value is 0" && finding.explained == 20)
  }

  @Test func countersThatBeginAnewAreLost() throws {
    let story = try Story()
    for device in 4..<8 {
      for number in 0..<20 {
        let value = number < 12 ? Double(60_000 + number * 450) : Double((number - 12) * 450 + 20)
        story.tell(device, sensor: 1, at: Double(number), value: value, number < 12 ? .stored : .lost)
      }
    }
    let finding = try story.finding()
    #expect(finding.cause == .counterRollOver && finding.explained == 32)
  }

  @Test func aQualityIsLost() throws {
    let story = try Story()
    for number in 0..<60 {
      let isBad = number % 6 == 0
      story.tell(number % 8, at: Double(number), value: Double(number) * 9, isBad ? .lost : .stored, quality: isBad ? .bad : .good)
    }
    let finding = try story.finding()
    #expect(finding.cause == .payloadKind && finding.statement == "drops readings with quality BAD")
  }

  @Test func aBurstLinesUpWithBrokenConnections() throws {
    let story = try Story()
    for number in 0..<600 {
      let isInside = number >= 300 && number < 330
      story.tell(number % 8, at: Double(number), value: Double(number % 97) * 9, isInside ? .lost : .stored)
    }
    story.events = [RunEvent(kind: .connectionLost, at: Story.start + 299_000, count: 8)]
    let finding = try story.finding()
    #expect(finding.cause == .lossBurst && finding.explained == 30)
    #expect(finding.evidence.contains { $0.text == "8 of 8 times that a connection broke fall within 3 s before they began" })
    #expect(finding.doubts.isEmpty)
  }

  @Test(arguments: [
    (Diagnosis.Cause.lossBySite, "loses all readings of site north-3"), (.lossByDevice, "loses all readings of device meter-3"),
    (.lossBySensor, "loses all readings of sensor type HUMIDITY"), (.lossByFirmware, "loses all readings of firmware 2.1 of meter"),
  ])
  func whatTheLostHaveInCommon(cause: Diagnosis.Cause, statement: String) throws {
    let story = try Story()
    for number in 0..<480 {
      let device = number % 8
      let sensor = Int32(number / 8 % 3)
      let isLost =
        switch cause {
        case .lossBySite: story.world.devices[device].siteID == "north-3"
        case .lossByDevice: device == 6
        case .lossByFirmware: device >= 4
        default: device < 4 && sensor == 1
        }
      story.tell(device, sensor: sensor, at: Double(number / 24) * 30, value: Double(number * 37 % 1_001) + 5, isLost ? .lost : .stored)
    }
    let finding = try story.finding()
    #expect(finding.cause == cause && finding.statement == statement)
  }

  @Test func lossWithoutAPatternIsAGap() throws {
    let story = try Story()
    // Numbers whose remainders have nothing to do with devices, sensors or time.
    let lost: Set<Int> = [3, 37, 58, 94, 121, 170, 203, 266, 291, 333, 370, 411]
    for number in 0..<480 {
      story.tell(number % 8, at: Double(number), value: Double(number * 37 % 1_001) + 5, lost.contains(number) ? .lost : .stored)
    }
    let finding = try story.finding()
    #expect(finding.cause == .brokerStoreGap && finding.explained == 12)
    #expect(finding.statement == "loses 2.5 % of the readings between broker and store, whatever they are")
    #expect(!finding.doubts.isEmpty)
  }

  @Test func fewLossesAreTooFewForAFinding() throws {
    let story = try Story()
    for number in 0..<100 {
      story.tell(number % 8, at: Double(number), value: Double(number), number == 40 || number == 71 ? .lost : .stored)
    }
    let diagnosis = story.diagnose()
    #expect(diagnosis.findings.isEmpty && diagnosis.remainder.count == 2 && diagnosis.remainder.verdicts == ["lost": 2])
    #expect(diagnosis.remainder.features.isEmpty)
  }

  @Test func whatNoDetectorExplainsIsToldWithWhatSeparatesIt() throws {
    let story = try Story()
    for number in 0..<200 {
      let isWrong = number % 8 == 5
      story.tell(
        number % 8, at: Double(number), value: Double(number), isWrong ? .corrupted : .stored,
        found: isWrong ? .number(Double(number * number % 91) + 1_000.5) : nil)
    }
    let diagnosis = story.diagnose()
    #expect(diagnosis.findings.isEmpty && diagnosis.remainder.count == 25)
    #expect(diagnosis.remainder.features.first == "device meter-2: 25 of 25, elsewhere 0 of 175")
  }
}
