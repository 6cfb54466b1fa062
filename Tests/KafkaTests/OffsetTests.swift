import Testing

@testable import Transport

@Suite struct OffsetTests {
  private func acknowledged(_ offsets: [Int64]) -> AcknowledgedOffsets {
    var book = AcknowledgedOffsets()
    for (time, offset) in offsets.enumerated() { book.acknowledge(topic: 0, partition: 3, offset: offset, at: Int64(time) * 1_000) }
    return book
  }

  private func lost(_ book: AcknowledgedOffsets) -> [ClosedRange<Int64>] { book.losses.map { $0.from...$0.through } }

  @Test func whatComesInOrderIsThere() {
    let book = acknowledged(Array(0..<100))
    #expect(book.losses.isEmpty)
    #expect(book.highest(topic: 0, partition: 3) == 99)
    #expect(book.highest(topic: 0, partition: 2) == nil)
  }

  @Test func anOffsetThatIsGivenAwayTwiceProvesALoss() {
    let book = acknowledged([10, 11, 12, 13, 14, 12])
    #expect(lost(book) == [12...14])
    #expect(book.losses[0].partition == 3)
    #expect(book.losses[0].firstAcknowledged == 2_000)
    #expect(book.losses[0].lastAcknowledged == 4_000)
    #expect(book.highest(topic: 0, partition: 3) == 12)
  }

  @Test func reportsOfSeveralProducersMayComeInAnyOrder() {
    #expect(acknowledged([5, 6, 7, 0, 1, 2, 3, 4, 20, 21, 8, 9]).losses.isEmpty)
  }

  /// After the loss of 12 to 19, one producer's reports for 15 to 17 come before another's for 12 to 14.
  @Test func reportsOfSeveralProducersAfterALossAreOneLoss() {
    let book = acknowledged(Array(0...19) + [15, 16, 17, 12, 13, 14, 18, 19, 20])
    #expect(lost(book) == [12...19])
    #expect(book.highest(topic: 0, partition: 3) == 20)
  }

  @Test func theSameOffsetsCanBeLostAgain() {
    let book = acknowledged(Array(0...9) + [5, 6, 7] + [6, 7, 8])
    #expect(lost(book) == [5...9, 6...7])
  }

  @Test func aHighWatermarkBelowProvesALoss() {
    var book = acknowledged(Array(0...9))
    book.compare(topic: 0, partition: 3, highWatermark: 10)
    #expect(book.losses.isEmpty)
    book.compare(topic: 0, partition: 3, highWatermark: 7)
    #expect(lost(book) == [7...9])
    book.compare(topic: 0, partition: 3, highWatermark: 7)
    #expect(lost(book) == [7...9], "it is told once")
  }

  /// Somebody else writes every other batch; memory stays small and nothing is claimed.
  @Test func aSharedPartitionProvesNothing() {
    var book = AcknowledgedOffsets()
    for offset in Int64(0)..<200_000 where offset % 20 < 10 { book.acknowledge(topic: 0, partition: 0, offset: offset, at: offset) }
    #expect(book.losses.isEmpty)
    book.acknowledge(topic: 0, partition: 0, offset: 199_980, at: 0)
    #expect(lost(book).last?.upperBound == 199_989)
  }
}
