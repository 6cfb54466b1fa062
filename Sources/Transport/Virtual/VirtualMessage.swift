import FleetSpec
import World

/// One transmission of a reading over a virtual network.
public struct VirtualMessage: Sendable, Equatable {
  /// Who measured the reading; index in `World.devices`.
  public var device: Int
  /// Over whose connection it went.
  public var connection: Int
  public var reading: Reading
  /// 0 for the reading's own event id, above for a new one.
  public var copy: Int
  /// When it was put on the wire, true time.
  public var sent: Milliseconds
  /// When it reaches the broker, true time.
  public var arrived: Milliseconds

  public init(device: Int, connection: Int, reading: Reading, copy: Int, sent: Milliseconds, arrived: Milliseconds) {
    self.device = device
    self.connection = connection
    self.reading = reading
    self.copy = copy
    self.sent = sent
    self.arrived = arrived
  }
}
