import FleetSpec

/// A profile prepared for the hot path, and the end of measurement.
final class FirmwareSettings: Sendable {
  let profile: FirmwareProfile
  let end: Milliseconds
  /// Milliseconds between two readings of a backlog; 0 for no limit.
  let replaySpacing: Milliseconds
  /// Whether unacknowledged messages stay with the MQTT session when power is lost.
  let keepsSession: Bool

  init(profile: FirmwareProfile, end: Milliseconds) {
    self.profile = profile
    self.end = end
    replaySpacing = profile.buffer.replayRate > 0 ? Milliseconds((1_000 / profile.buffer.replayRate).rounded(.up)) : 0
    keepsSession = profile.connection.session == .persistent && profile.buffer.persistent
  }
}
