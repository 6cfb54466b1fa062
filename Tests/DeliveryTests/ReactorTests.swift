import Reactor
import Testing
import World

@Suite struct ReactorTests {
  @Test(arguments: UInt64(1)...20) func theDueQueueAgreesWithASearch(seed: UInt64) {
    let random = RandomStream(seed: seed, device: 0, stream: 1)
    let count = 1 + Int(random.below(60, 0))
    var queue = DueQueue(count: count)
    var times = [Int64](repeating: .max, count: count)
    for step in UInt64(1)...2_000 {
      let entry = Int(random.below(UInt64(count), step * 2))
      let time = random.uniform(step * 2 + 1) < 0.1 ? Int64.max : Int64(random.below(500, step * 2 + 1))
      queue.set(entry, to: time)
      times[entry] = time
      let expected = times.indices.min { (times[$0], $0) < (times[$1], $1) } ?? 0
      if times[expected] == .max {
        #expect(queue.first == nil)
      } else {
        #expect(queue.first?.entry == expected && queue.first?.time == times[expected])
      }
    }
  }

  @Test(arguments: UInt64(1)...20) func quantilesAreWithinABucket(seed: UInt64) {
    let random = RandomStream(seed: seed, device: 0, stream: 2)
    var histogram = DurationHistogram()
    var values = (UInt64(0)..<5_000).map { Int64(random.exponential($0) * 3_000) }
    for value in values { histogram.record(value) }
    values.sort()
    for share in [0.5, 0.9, 0.99, 1] {
      let exact = values[min(values.count - 1, Int((share * 5_000).rounded(.up)) - 1)]
      let found = histogram.quantile(share)
      #expect(found >= exact && Double(found) <= Double(exact) * 1.25 + 1, "\(share): \(exact), found \(found)")
    }
    #expect(histogram.maximum == values.last && histogram.total == 5_000)
  }
}
