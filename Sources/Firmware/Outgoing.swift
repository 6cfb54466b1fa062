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
  /// Under how many event ids it was sent.
  public var ids: Int8 = 1
  /// Under which of them it goes out next: 0 is its own.
  public var copy: Int8 = 0
  /// Whether it went out with a batch of acknowledged readings; it does so only once.
  public var wasReplayed = false

  public init(reading: Reading, device: Int) {
    self.reading = reading
    self.device = Int32(device)
  }
}
