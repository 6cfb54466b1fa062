import Testing

@testable import FleetSpec

@Suite struct UnitsTests {
  @Test(
    arguments: [
      ("0", 0), ("90s", 90_000), ("15m", 900_000), ("15 min", 900_000), ("1h 30m", 5_400_000), ("1h30m", 5_400_000), ("250ms", 250),
      ("2d", 172_800_000), ("1.5h", 5_400_000), ("0.5s", 500), (" 5 s ", 5000), ("0s", 0),
    ] as [(String, Milliseconds)])
  func readsDurations(text: String, expected: Milliseconds) throws {
    #expect(try Units.duration(text) == expected)
  }

  @Test(arguments: ["", "s", "5", "-5s", "5x", "5s 3", "0.1ms", "5 s s", "1e30d", "five", "nan s", "inf"])
  func refusesOtherDurations(text: String) {
    #expect(throws: FormatError.self) { try Units.duration(text) }
  }

  @Test func suggestsTheUnitThatWasMeant() {
    #expect(throws: FormatError("a number without a unit", expected: Units.durationExpectation, suggestion: "did you mean '90s'?")) {
      try Units.duration("90")
    }
    do {
      _ = try Units.duration("3 hours")
      Issue.record("must not be read")
    } catch {
      #expect(error.suggestion == "did you mean '3h'?")
    }
  }

  /// A few thousand numbers of very different size, from a fixed linear congruential generator.
  static func numbers(_ seed: UInt64, _ count: Int) -> [UInt64] {
    var state = seed
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> UInt64(14 + index % 48)
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func printedDurationsReadBack(seed: UInt64) throws {
    for number in Self.numbers(seed, 2000) {
      let time = Milliseconds(number % 9_000_000_000_000_000)
      #expect(try Units.duration(Units.format(milliseconds: time)) == time)
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func printedInstantsReadBack(seed: UInt64) throws {
    for number in Self.numbers(seed, 2000) {
      let instant = Milliseconds(number % 253_402_300_800_000)
      #expect(try Units.instant(Units.format(instant: instant)) == instant)
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func printedNumbersReadBack(seed: UInt64) throws {
    for number in Self.numbers(seed, 2000) {
      let value = Double(number) / 1_000_003
      let split = try #require(Units.split("\(Units.format(value)) kW"))
      #expect(split.number == value && split.rest == "kW")
    }
  }

  @Test func readsInstants() throws {
    #expect(try Units.instant("1970-01-01T00:00:00Z") == 0)
    #expect(try Units.instant("2026-01-01T00:00:00.123Z") == 1_767_225_600_123)
    #expect(try Units.instant("2024-02-29T23:59:59.5Z") == 1_709_251_199_500)
    #expect(Units.format(instant: 1_767_225_600_123) == "2026-01-01T00:00:00.123Z")
    for text in ["2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "2026-1-1T00:00:00Z", "x"] {
      #expect(throws: FormatError.self) { try Units.instant(text) }
    }
  }

  @Test func readsSharesRatesAndLimits() throws {
    #expect(try Units.share("5 %") == 0.05)
    #expect(try Units.share("0.05") == 0.05)
    #expect(try Units.share("100%") == 1)
    #expect(try Units.rate("20/s") == 20)
    #expect(try Units.rate("300 / min") == 5)
    #expect(try Units.rate("7200/h") == 2)
    #expect(try Units.limit("12") == .count(12))
    #expect(try Units.limit("1 %") == .share(0.01))
    for text in ["5", "-1 %", "101 %", "x", "5 kW"] { #expect(throws: FormatError.self) { try Units.share(text) } }
    for text in ["20", "-1/s", "20 Hz", "x"] { #expect(throws: FormatError.self) { try Units.rate(text) } }
    for text in ["0.5", "-1", "1 kW", "x"] { #expect(throws: FormatError.self) { try Units.limit(text) } }
  }

  @Test func readsNumbersWithUnits() throws {
    func read(_ text: String, _ dimension: Dimension) throws -> Double {
      try Measure(dimension: dimension, range: -1e12...1e12, example: "1").parse(text)
    }
    #expect(try read("2 kW", .power) == 2000)
    #expect(try read("230V", .voltage) == 230)
    #expect(try read("-0.35 %/K", .perKelvin) == -0.0035)
    #expect(try read("20 ppm", .partsPerMillion) == 20)
    #expect(try read("25", .angle) == 25)
    #expect(try read("25 °", .angle) == 25)
    for text in ["2", "2 kV", "kW", "2 kw"] { #expect(throws: FormatError.self) { try read(text, .power) } }
    #expect(try Units.sensorRate("5 %/h").number == 5 * 8766)
    #expect(try Units.sensorRate("0.1 degC/year").unit == "degC")
    #expect(try Units.sensorRate("5 W/m2/year").unit == "W/m2")
  }

  @Test func readsDaysAndTimes() throws {
    #expect(try Units.timeOfDay("11:30") == 41_400_000)
    #expect(try Units.timeOfDay("7:05") == 25_500_000)
    #expect(try Units.monthDay("06-21") == MonthDay(month: 6, day: 21))
    #expect(try Units.monthDay("02-29") == MonthDay(month: 2, day: 29))
    for text in ["24:00", "11", "11:60", "11:3"] { #expect(throws: FormatError.self) { try Units.timeOfDay(text) } }
    for text in ["02-30", "13-01", "6-21", "0621"] { #expect(throws: FormatError.self) { try Units.monthDay(text) } }
  }

  @Test func readsRanges() throws {
    #expect(try Units.durationRange("5s..30s") == DurationRange(lower: 5000, upper: 30_000))
    #expect(try Units.durationRange("5s") == DurationRange(lower: 5000, upper: 5000))
    for text in ["30s..5s", "5..30", "5s-30s", ""] { #expect(throws: FormatError.self) { try Units.durationRange(text) } }
  }
}
