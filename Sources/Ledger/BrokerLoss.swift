/// Offsets of one partition that a Kafka broker has acknowledged and lost since, as the run has proven.
public struct BrokerLoss: Sendable, Equatable, CustomStringConvertible {
  /// The row of the table `run` that holds all of them.
  public static let key = "broker_losses"

  public var topic: String
  public var partition: Int
  public var from: Int64
  public var through: Int64
  /// Wall-clock milliseconds since 1970 at which the first and the last of them were acknowledged.
  public var firstAcknowledged: Int64
  public var lastAcknowledged: Int64

  public var count: Int64 { through - from + 1 }

  /// Reads the row: fields separated by spaces, losses by semicolons.
  public static func decode(_ text: String) -> [BrokerLoss] {
    text.split(separator: ";").compactMap { item in
      let parts = item.split(separator: " ")
      guard parts.count == 6, let partition = Int(parts[1]) else { return nil }
      let numbers = parts[2...].compactMap { Int64($0) }
      guard numbers.count == 4 else { return nil }
      return BrokerLoss(
        topic: String(parts[0]), partition: partition, from: numbers[0], through: numbers[1], firstAcknowledged: numbers[2],
        lastAcknowledged: numbers[3])
    }
  }

  /// `telemetry, partition 3: offsets 50,102 to 51,233 were acknowledged and are no longer in the broker`.
  public var description: String {
    let which = from == through ? "offset \(Self.grouped(from)) was" : "offsets \(Self.grouped(from)) to \(Self.grouped(through)) were"
    return "\(topic), partition \(partition): \(which) acknowledged and \(from == through ? "is" : "are") no longer in the broker"
  }

  private static func grouped(_ number: Int64) -> String {
    var digits = Array(String(number))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }
}
