/// How a device that holds a connection stands to the network, as one word.
public enum ConnectionState: UInt8, Sendable, CaseIterable {
  /// It has a connection over which everything gets through.
  case connected
  /// It has a connection that is dead or one-way, or cannot make one because of that or of its certificate.
  case impaired
  case connecting
  /// It waits out its back-off.
  case waiting
  /// A planned network outage.
  case noNetwork
  /// A planned power cut.
  case noPower
  /// Not connected by plan, until its next upload or until the load's phases have it there.
  case asleep
}

extension DeviceFirmware {
  /// Nil for a device that speaks through a gateway, and when its run is over.
  public var connectionState: ConnectionState? {
    if phase == .closed { return nil }
    if isOff { return .noPower }
    if networkDown { return .noNetwork }
    switch phase {
    case .connected: return flow == .open ? .connected : .impaired
    case .connecting: return .connecting
    case .offline, .closed: return isAsleep ? .asleep : isConnectingBlocked ? .impaired : .waiting
    }
  }
}
