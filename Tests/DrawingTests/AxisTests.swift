import Testing

@testable import Drawing
@testable import FleetSpec

@Suite struct AxisTests {
  @Test(arguments: [
    (0.0, 9_987.0, true, [0.0, 2_000, 4_000, 6_000, 8_000, 10_000]), (49.93, 50.08, false, [49.95, 50.0, 50.05]),
    (0, 0, true, [0, 0.1, 0.2, 0.3, 0.4, 0.5]), (-12, 41, true, [0, 20, 40]),
  ])
  func ticksAreRoundNumbers(low: Double, high: Double, startsAtZero: Bool, ticks: [Double]) {
    let scale = NumberScale(low...high, startsAtZero: startsAtZero, ticks: ticks.count <= 3 ? 3 : 5)
    #expect(scale.ticks.count == ticks.count && zip(scale.ticks, ticks).allSatisfy { abs($0 - $1) < 1e-9 }, "\(scale.ticks)")
    #expect(scale.low <= low && scale.high >= high)
  }

  @Test func everyRangeHasTicksAndHoldsItsData() {
    for exponent in -6...9 {
      for factor in [1.0, 1.7, 3.3, 9.9] {
        let size = factor * Numbers.power(ofTen: max(0, exponent)) / Numbers.power(ofTen: max(0, -exponent))
        for offset in [0, 1e3 * size, -0.4 * size] {
          let scale = NumberScale(offset...(offset + size), startsAtZero: false, ticks: 4)
          #expect((1...9).contains(scale.ticks.count), "\(offset) \(size): \(scale.ticks)")
          #expect(scale.low <= offset + size * 1e-6 && scale.high >= offset + size * (1 - 1e-6))
        }
      }
    }
  }

  @Test func numbersForPeople() {
    #expect(Numbers.text(1_234_567.891, decimals: 2) == "1,234,567.89" && Numbers.text(-0.04, decimals: 1) == "0.0")
    #expect(Numbers.text(-1_234, decimals: 0) == "-1,234" && Numbers.brief(10, decimals: 2) == "10" && Numbers.brief(0.5) == "0.5")
    #expect(AxisUnit("W", magnitude: 9_000) == AxisUnit("W", magnitude: 499_999) && AxisUnit("W", magnitude: 600_000).label == "MW")
    #expect(
      AxisUnit("kW", magnitude: 2_455).label == "MW" && AxisUnit("kWh", magnitude: 4_761_890).label == "GWh"
        && AxisUnit("W", magnitude: 40).label == "W" && AxisUnit("degC", magnitude: 4_000).factor == 1)
  }

  private static let hour: Milliseconds = 3_600_000

  @Test func aDayHasTicksEveryTwoHoursInLocalTime() {
    let zone = TimeZoneRules(name: "UTC+2", periods: [.init(since: 0, offset: 2 * AxisTests.hour)])
    let start: Milliseconds = 1_781_992_800_000  // 2026-06-20T22:00:00Z
    let scale = TimeScale(from: start, to: start + 24 * AxisTests.hour, left: 0, width: 936, zone: zone)
    #expect(scale.ticks.map(\.label).prefix(3) == ["00:00", "02:00", "04:00"] && scale.ticks.count == 13)
    #expect(scale.ticks.first?.day == "Sun 21 Jun" && scale.ticks.last?.day == "Mon 22 Jun")
    #expect(scale.stamp(start) == "2026-06-21 00:00" && scale.stamp(start + 1_500) == "2026-06-21 00:00:01.500")
    #expect(scale.x(start) == 0 && scale.x(start + 12 * AxisTests.hour) == 468 && scale.x(start + 99 * AxisTests.hour) == 936)
  }

  /// 2026-03-29T01:00:00Z: Madrid goes from UTC+1 to UTC+2. Ticks stay on whole local hours and in order.
  @Test func ticksSurviveAChangeOfTheClocks() {
    let change: Milliseconds = 1_774_746_000_000
    let zone = TimeZoneRules(
      name: "Europe/Madrid", periods: [.init(since: 0, offset: AxisTests.hour), .init(since: change, offset: 2 * AxisTests.hour)])
    let scale = TimeScale(from: change - 12 * AxisTests.hour, to: change + 12 * AxisTests.hour, left: 0, width: 936, zone: zone)
    let ticks = scale.ticks
    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.time < $1.time })
    #expect(ticks.last?.label == "14:00" || ticks.last?.label == "15:00")
    for tick in ticks where tick.time > change { #expect(scale.stamp(tick.time).hasSuffix(tick.label), "\(tick)") }
  }

  @Test(arguments: [1, 60, 3_600, 86_400, 604_800, 31_557_600] as [Milliseconds]) func labelsNeverOverlap(seconds: Milliseconds) {
    let scale = TimeScale(from: 1_781_992_800_123, to: 1_781_992_800_123 + seconds * 1000, left: 0, width: 936)
    let ticks = scale.ticks
    #expect((2...20).contains(ticks.count), "\(ticks.map(\.label))")
    for (one, next) in zip(ticks, ticks.dropFirst()) { #expect(scale.x(next.time) - scale.x(one.time) >= 50) }
  }
}
