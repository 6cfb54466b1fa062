import FleetSpec
import Testing
import World

@testable import Firmware

@Suite struct ReadingBufferTests {
  private func specification(
    _ capacity: Int, _ overflow: StoreAndForward.Overflow = .dropOldest, _ order: StoreAndForward.Order = .oldestFirst,
    live: Bool = false, keepEvery: Int = 2
  ) throws -> StoreAndForward {
    var buffer = try Fixture.world(seed: 1).profile(of: 0).buffer
    buffer.capacity = capacity
    buffer.overflow = overflow
    buffer.order = order
    buffer.priority = live ? .live : .backlog
    buffer.keepEvery = keepEvery
    return buffer
  }

  /// Two sensors: readings 2k and 2k + 1 are of sample k.
  private func outgoing(_ seq: Int64) -> Outgoing {
    Outgoing(
      reading: Reading(
        boot: 1, sensor: Int32(seq % 2), seq: seq, timestamp: 0, trueTime: seq / 2 * 1_000, value: 0, quality: .good, malformation: .none),
      device: 0)
  }

  private func drain(_ buffer: inout ReadingBuffer) -> [Int64] {
    var seqs: [Int64] = []
    while let next = buffer.next {
      seqs.append(next.reading.seq)
      buffer.removeNext()
    }
    return seqs
  }

  @Test func liveReadingsLeaveBeforeTheBacklogInTheirOrder() throws {
    for order in StoreAndForward.Order.allCases {
      var buffer = ReadingBuffer(try specification(100, .dropOldest, order, live: true), liveLimit: 4)
      for seq in Int64(0)..<10 { _ = buffer.append(outgoing(seq)) }
      for seq in Int64(10)..<13 { _ = buffer.append(outgoing(seq), isLive: true) }
      #expect(buffer.nextIsLive)
      let backlog = order == .oldestFirst ? Array(0..<Int64(10)) : (0..<Int64(10)).reversed()
      #expect(drain(&buffer) == [10, 11, 12] + backlog)
    }
  }

  @Test func whatStaysTooLongIsNoLongerLive() throws {
    var buffer = ReadingBuffer(try specification(100, live: true), liveLimit: 4)
    for seq in Int64(0)..<10 { _ = buffer.append(outgoing(seq), isLive: true) }
    #expect(drain(&buffer) == [6, 7, 8, 9, 0, 1, 2, 3, 4, 5])
    for seq in Int64(0)..<3 { _ = buffer.append(outgoing(seq), isLive: true) }
    buffer.endLive()
    #expect(!buffer.nextIsLive)
  }

  @Test func thinningKeepsEveryNthSampleOfTheOlderHalfWhole() throws {
    for n in [2, 3] {
      var buffer = ReadingBuffer(try specification(24, .keepEveryNth, keepEvery: n))
      for seq in Int64(0)..<24 { #expect(buffer.append(outgoing(seq)) == nil) }
      #expect(buffer.needsThinning)
      let dropped = buffer.thinOut().map(\.reading.seq)
      let kept = (0..<Int64(12)).filter { ($0 / 2) % Int64(n) == 0 }
      #expect(dropped == (0..<Int64(12)).filter { !kept.contains($0) })
      #expect(drain(&buffer) == kept + Array(12..<24))
    }
  }

  /// However often it was thinned out, the past is there: coarser the older it is.
  @Test func aThinnedBufferReachesFarBack() throws {
    var buffer = ReadingBuffer(try specification(64, .keepEveryNth))
    var gone = 0
    for seq in Int64(0)..<10_000 {
      if buffer.needsThinning { gone += buffer.thinOut().count }
      if buffer.append(outgoing(seq)) != nil { gone += 1 }
    }
    #expect(gone + buffer.count == 10_000)
    let seqs = drain(&buffer)
    #expect(seqs.first == 0 && seqs.last == 9_999 && seqs == seqs.sorted())
    let steps = zip(seqs, seqs.dropFirst()).map { $1 - $0 }
    #expect(steps.suffix(16).allSatisfy { $0 == 1 } && (steps.max() ?? 0) > 500)
  }

  @Test func oneSampleThatFillsTheBufferGivesWayAsTheOldest() throws {
    var buffer = ReadingBuffer(try specification(2, .keepEveryNth))
    var gone: [Int64] = []
    for seq in Int64(0)..<6 {
      if buffer.needsThinning { gone += buffer.thinOut().map(\.reading.seq) }
      if let dropped = buffer.append(outgoing(seq)) { gone.append(dropped.reading.seq) }
    }
    #expect(gone == [0, 1, 2, 3] && drain(&buffer) == [4, 5])
  }

  @Test func ageIsCutAtTheOldEnd() throws {
    var buffer = ReadingBuffer(try specification(100))
    for seq in Int64(0)..<10 { _ = buffer.append(outgoing(seq)) }
    var old: [Int64] = []
    while let outgoing = buffer.popOldest(measuredBefore: 3_000) { old.append(outgoing.reading.seq) }
    #expect(old == Array(0..<6) && buffer.count == 4)
  }

  /// Against a plain array, whatever is done to both.
  @Test(arguments: UInt64(1)...20) func itBehavesAsAList(seed: UInt64) throws {
    let random = RandomStream(seed: seed, device: 0, stream: 700_002)
    let order: StoreAndForward.Order = seed % 2 == 0 ? .oldestFirst : .newestFirst
    var buffer = ReadingBuffer(try specification(9, .dropOldest, order))
    var list: [Int64] = []
    for step in UInt64(0)..<2_000 {
      switch random.below(8, step) {
      case 0...4:
        let dropped = buffer.append(outgoing(Int64(step)))
        if list.count == 9 { #expect(dropped?.reading.seq == list.removeFirst()) } else { #expect(dropped == nil) }
        list.append(Int64(step))
      case 5:
        #expect(buffer.next?.reading.seq == (order == .oldestFirst ? list.first : list.last))
        if !list.isEmpty {
          buffer.removeNext()
          _ = order == .oldestFirst ? list.removeFirst() : list.removeLast()
        }
      case 6:
        let refused = buffer.prepend(outgoing(-Int64(step)))
        #expect((refused != nil) == (list.count == 9))
        if list.count < 9 { list.insert(-Int64(step), at: 0) }
      default: #expect(buffer.popNewest()?.reading.seq == list.popLast())
      }
      #expect(buffer.count == list.count)
    }
  }
}
