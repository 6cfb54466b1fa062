import Testing

@testable import Simulation
@testable import Transport

/// When a run knows that waiting is of no use, and how it says what went wrong.
@Suite struct FailureBookTests {
  private static let revoked = LinkFailure.alert(44)
  private static let expired = LinkFailure.alert(45)

  @Test func oneRefusalThatAllShareIsEnough() {
    var book = FailureBook(devices: 5_000, choices: 1)
    #expect(book.add(.certificate(10), device: 17) && book.isHopeless(connections: 5_000))
  }

  @Test func withTwoBrokersBothMustRefuse() {
    var book = FailureBook(devices: 3, choices: 2)
    _ = book.add(.certificate(10), device: 0)
    #expect(!book.isHopeless(connections: 3))
    _ = book.add(.unreachable(0), device: 0)
    _ = book.add(.certificate(10), device: 0)
    #expect(!book.isHopeless(connections: 3), "the other broker may come back")
    _ = book.add(.certificate(10), device: 0)
    #expect(book.isHopeless(connections: 3))
  }

  @Test func refusalsOfDevicesAreWaitedForUntilAllHaveThem() {
    var book = FailureBook(devices: 3, choices: 1)
    for (device, failure) in [(0, Self.revoked), (1, Self.expired), (1, Self.expired)] { _ = book.add(failure, device: device) }
    #expect(!book.isHopeless(connections: 3))
    _ = book.add(.timedOut, device: 1)
    _ = book.add(Self.revoked, device: 2)
    #expect(!book.isHopeless(connections: 3), "the last attempt of one may have been bad luck")
    _ = book.add(Self.expired, device: 1)
    #expect(book.isHopeless(connections: 3))
    var lucky = book
    lucky.connected(2)
    #expect(!lucky.isHopeless(connections: 3))
  }

  @Test func sentencesCountAndNameTheFirst() {
    var book = FailureBook(devices: 4, choices: 1)
    for device in [2, 1, 2, 2] { _ = book.add(Self.revoked, device: device) }
    _ = book.add(.closed, device: 3)
    _ = book.add(.rejected(0x97), device: 3)
    book.connected(1)
    let sentences = book.lasting { "d-\($0)" }
    #expect(
      sentences == [
        "4 times, 1 device to the end: the broker refused the device's certificate: it was revoked (first: d-2)",
        "once: the broker rejected the message: quota exceeded (0x97) (first: d-3)",
      ], "\(sentences)")
  }
}
