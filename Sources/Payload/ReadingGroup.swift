import World

/// Readings of one device, one sensor each, that bear the same timestamp and leave together over one connection in one message.
///
/// A link appends readings as firmware publishes them, and sends the message when the next reading does not belong to it, or at the firmware's
/// `flush`. Every reading keeps a number and a delivery of its own: the message's acknowledgement is that of each of them (`GroupNumbers`),
/// and so each has a verdict of its own.
public struct ReadingGroup: Sendable {
  /// In the order in which they were published.
  public private(set) var readings: [Reading] = []
  /// Index in `World.devices` of who measured them, or -1.
  public private(set) var device = -1
  /// Index in `World.devices` of who sends them, or -1.
  public private(set) var connection = -1
  /// 0 for the readings' own event ids, above for new ones.
  public private(set) var copy = 0
  /// The number of the first reading; those behind it count on.
  public private(set) var firstNumber: Int32 = 0

  public init() { readings.reserveCapacity(32) }

  public var isEmpty: Bool { readings.isEmpty }

  /// Whether a reading may be one of several in a message: broken ones go alone, so that they break nothing else, and so do differences, which
  /// only a message of one reading marks as such.
  public static func mayJoin(_ reading: Reading) -> Bool { reading.malformation == .none && !reading.isDifference }

  /// Whether a reading can be appended; false when what is there must be sent first.
  public func takes(_ reading: Reading, of device: Int, copy: Int, over connection: Int) -> Bool {
    guard let first = readings.first else { return true }
    return device == self.device && connection == self.connection && copy == self.copy && reading.timestamp == first.timestamp
      && reading.boot == first.boot && reading.version == first.version && !readings.contains { $0.sensor == reading.sensor }
  }

  /// - Parameter number: follows that of the reading before it.
  public mutating func append(_ reading: Reading, of device: Int, copy: Int, over connection: Int, number: Int32) {
    if readings.isEmpty {
      self.device = device
      self.connection = connection
      self.copy = copy
      firstNumber = number
    }
    readings.append(reading)
  }

  /// Forgets the readings, keeps the memory.
  public mutating func removeAll() { readings.removeAll(keepingCapacity: true) }
}

/// The numbers of readings that share messages: which readings an acknowledgement is about.
///
/// A message stays in it until it is acknowledged or its session is forgotten, so that it may go out again over any number of connections.
public struct GroupNumbers: Sendable {
  private struct Sent {
    var message: Int32
    var first: Int32
    var count: Int32
  }

  /// By connection.
  private var sent: [[Sent]]
  private var last: [Int32]
  private let used: [Bool]

  /// - Parameter used: by connection, whether its readings may share messages; on all others a message's own number is that of its reading.
  public init(used: [Bool]) {
    sent = [[Sent]](repeating: [], count: used.count)
    last = [Int32](repeating: 0, count: used.count)
    self.used = used
  }

  /// Nil when no device of a fleet sends wide messages.
  public init?(_ world: World) {
    guard world.fleet.profiles.contains(where: { $0.payload.shape == .wide }) else { return nil }
    self.init(
      used: world.devices.indices.map { connection in
        world.members(ofConnection: connection).contains { world.profile(of: $0).payload.shape == .wide }
      })
  }

  /// Whether the readings of a connection have numbers from here.
  public func isUsed(_ connection: Int) -> Bool { used[connection] }

  /// The number of the next reading of a connection, above 0.
  public mutating func next(_ connection: Int) -> Int32 {
    last[connection] = last[connection] == .max ? 1 : last[connection] + 1
    return last[connection]
  }

  /// Notes that a message holds `count` readings, numbered from `first`.
  public mutating func note(message: Int32, first: Int32, count: Int, of connection: Int) {
    sent[connection].append(Sent(message: message, first: first, count: Int32(count)))
  }

  /// The readings of an acknowledged message, which is forgotten; empty when it is not known.
  public mutating func acknowledged(message: Int32, of connection: Int) -> Range<Int32> {
    guard let index = sent[connection].firstIndex(where: { $0.message == message }) else { return 0..<0 }
    let found = sent[connection].remove(at: index)
    return found.first..<(found.first + found.count)
  }

  /// The session is gone, and all that waited in it.
  public mutating func forget(_ connection: Int) { sent[connection].removeAll(keepingCapacity: true) }

  /// Messages that wait for their acknowledgement.
  public func count(of connection: Int) -> Int { sent[connection].count }
}
