import Testing
import World

@testable import Transport

@Suite struct UnacknowledgedTests {
  private func entry(_ message: Int32) -> UnacknowledgedMessage {
    let reading = Reading(
      boot: 1, sensor: 0, seq: Int64(message), timestamp: 0, trueTime: 0, value: 0, quality: .good, malformation: .none)
    return UnacknowledgedMessage(message: message, source: 0, copy: 0, reading: reading)
  }

  /// What is to be sent, in order.
  private func sendAll(_ messages: inout UnacknowledgedMessages) -> [Int32] {
    var sent: [Int32] = []
    while let next = messages.nextUnsent {
      sent.append(next.message)
      messages.noteSent()
    }
    return sent
  }

  /// Against the plainest thing that does the same.
  @Test(arguments: 1...20) func keepsWhatAListKeeps(seed: UInt64) {
    let random = RandomStream(seed: seed, device: 1, stream: 700_001)
    var draws: UInt64 = 0
    func draw(_ bound: Int) -> Int {
      draws += 1
      return min(bound - 1, Int(random.uniform(draws) * Double(bound)))
    }
    var messages = UnacknowledgedMessages()
    var list: [Int32] = []
    var next: Int32 = 1
    for _ in 0..<2_000 {
      switch draw(20) {
      case 0..<10:
        messages.append(entry(next))
        list.append(next)
        // Some numbers are missing: those that were refused for good.
        next += draw(10) == 0 ? 2 : 1
      case 10..<18 where !list.isEmpty:
        let index = draw(min(list.count, 5))
        let (first, second) = (messages.remove(list[index]), messages.remove(list[index]))
        #expect(first && !second, "it is removed once")
        list.remove(at: index)
      case 18 where !list.isEmpty:
        messages.forgetSending()
        #expect(sendAll(&messages) == list)
      default: break
      }
      #expect(messages.count == list.count)
      #expect(messages.isEmpty == list.isEmpty)
    }
    messages.forgetSending()
    #expect(sendAll(&messages) == list)
  }

  @Test func whatWillNeverBeTakenIsSkipped() {
    var messages = UnacknowledgedMessages()
    for number in Int32(1)...3 { messages.append(entry(number)) }
    messages.forgetSending()
    messages.noteSent()
    messages.dropUnsent()
    #expect(messages.nextUnsent?.message == 3)
    #expect(messages.count == 2)
    let isThere = messages.remove(2)
    #expect(!isThere)
    messages.removeAll()
    #expect(messages.isEmpty && messages.nextUnsent == nil)
  }
}
