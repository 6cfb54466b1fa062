import Ledger
import Simulation
import Testing
import World

/// Found by `heliograph prove`: the readings of a second link were summed up where another device's sums are, or beyond all of them.
@Suite struct SecondLinkDigestTests {
  @Test func whatGoesOutOverASecondLinkIsSummedUpOnce() throws {
    let history = try History(group: "second_link: 100 %")
    var once = try #require(DigestBook(world: history.world, salt: 1))
    var twice = try #require(DigestBook(world: history.world, salt: 1))
    for device in history.readings.indices {
      for reading in history.readings[device] {
        if !history.world.devices[device].isSecondLink { once.add(reading, device: device) }
        twice.add(reading, device: device)
      }
    }
    once.closeAll()
    twice.closeAll()
    #expect(String(describing: rows(&once)) == String(describing: rows(&twice)))
    #expect(rows(&once).isEmpty)
  }

  private func rows(_ book: inout DigestBook) -> [DigestRun] {
    var batch = LedgerBatch()
    book.drain(into: &batch)
    return batch.digests
  }
}
