import Drawing
import Testing

@Suite struct LogScaleTests {
  @Test func eachDecadeHasTheSameHeight() {
    let frame = Frame(left: 0, top: 0, width: 100, height: 300)
    let scale = LogScale(1...900)
    #expect(scale.low == 1 && scale.high == 1_000)
    #expect(abs(scale.y(1, in: frame) - 300) < 1e-9 && abs(scale.y(10, in: frame) - 200) < 1e-9 && abs(scale.y(1_000, in: frame)) < 1e-9)
    // Nothing lies outside.
    #expect(scale.y(0, in: frame) == 300 && abs(scale.y(5_000, in: frame)) < 1e-9)
    #expect(scale.ticks == [1, 10, 100, 1_000])
  }

  @Test(arguments: [(0.0, 0.0), (3, 3), (1, 48), (0.2, 1e7), (999, 1_001)]) func ticksLieWithin(low: Double, high: Double) {
    let scale = LogScale(low...high)
    #expect(scale.ticks.count >= 2 && scale.ticks.count <= 12)
    #expect(scale.ticks.allSatisfy { $0 >= scale.low * 0.999 && $0 <= scale.high * 1.001 })
    #expect(scale.low <= max(low, 1) && scale.high >= high)
  }

  @Test func stepAreasEncloseWhatTheyCount() {
    let frame = Frame(left: 0, top: 0, width: 4, height: 10)
    #expect(StepArea.outline([0, 0, 0, 0], [0, 0, 0, 0], in: frame) { 10 - $0 }.isEmpty)
    #expect(StepArea.outline([0, 0, 0, 0], [0, 2, 2, 0], in: frame) { 10 - $0 } == "M1 8H3V10H1Z")
    #expect(StepArea.outline([0, 0, 0, 0], [1, 2, 0, 1], in: frame) { 10 - $0 } == "M0 9H1V8H2V10H0ZM3 9H4V10H3Z")
  }
}
