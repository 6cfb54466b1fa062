import FleetSpec
import World

/// A reading on its way out of the device.
public struct Outgoing: Sendable, Equatable {
  public var reading: Reading
  /// The device that measured it; index in `World.devices`.
  public var device: Int32
  /// How often it was put on the wire so far.
  public var attempts: Int32 = 0
  public var firstSent: Milliseconds = 0
  public var lastSent: Milliseconds = 0
  /// When the first acknowledgement came, or 0.
  public var acknowledgedAt: Milliseconds = 0

  public init(reading: Reading, device: Int) {
    self.reading = reading
    self.device = Int32(device)
  }
}
