import World

/// A message that is not acknowledged.
struct UnacknowledgedMessage {
  /// 0 when it was acknowledged out of order and only keeps its place.
  var message: Int32
  var source: Int32
  var copy: Int32
  var reading: Reading
}

/// The messages of one connection that are not acknowledged, in the order of their numbers. Adding and removing cost the same however many
/// there are, and allocate nothing once there is room.
struct UnacknowledgedMessages {
  private var entries: [UnacknowledgedMessage] = []
  /// The first that is not acknowledged; what lies before is only kept until it pays to move the rest.
  private var head = 0
  private(set) var count = 0
  /// How many of them, at the end, are still to be handed to librdkafka.
  private(set) var unsent = 0

  var isEmpty: Bool { count == 0 }

  /// The next that is to be handed over.
  var nextUnsent: UnacknowledgedMessage? { unsent > 0 ? entries[entries.count - unsent] : nil }

  /// - Parameter isSent: whether it was handed over; otherwise everything before it was, too.
  mutating func append(_ entry: UnacknowledgedMessage, isSent: Bool = true) {
    if head > 32 && head * 2 > entries.count {
      entries.removeSubrange(..<head)
      head = 0
    }
    entries.append(entry)
    count += 1
    if !isSent { unsent += 1 }
  }

  /// False when there is no such message.
  mutating func remove(_ message: Int32) -> Bool {
    guard count > 0, let index = place(of: message) else { return false }
    entries[index].message = 0
    count -= 1
    if count == 0 {
      entries.removeAll(keepingCapacity: true)
      head = 0
    } else {
      while entries[head].message == 0 { head += 1 }
    }
    return true
  }

  private func place(of message: Int32) -> Int? {
    // Numbers rise by one, but for messages that were refused for good.
    let guess = head + Int(message) - Int(entries[head].message)
    if entries.indices.contains(guess), entries[guess].message == message { return guess }
    return entries[head...].firstIndex { $0.message == message }
  }

  /// The next unsent message was handed over.
  mutating func noteSent() { unsent -= 1 }

  /// The next unsent message will never be taken.
  mutating func dropUnsent() {
    guard let message = nextUnsent?.message else { return }
    unsent -= 1
    _ = remove(message)
  }

  /// Nothing counts as handed over any more.
  mutating func forgetSending() {
    entries.removeAll { $0.message == 0 }
    head = 0
    unsent = count
  }

  mutating func removeAll() {
    entries.removeAll()
    head = 0
    count = 0
    unsent = 0
  }
}
