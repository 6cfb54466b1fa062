import FleetSpec
import World

/// A profile prepared for the hot path, and the end of measurement.
final class FirmwareSettings: Sendable {
  let profile: FirmwareProfile
  let end: Milliseconds
  /// Milliseconds between two readings of a backlog; 0 for no limit.
  let replaySpacing: Milliseconds

  init(profile: FirmwareProfile, end: Milliseconds) {
    self.profile = profile
    self.end = end
    replaySpacing = profile.buffer.replayRate > 0 ? Milliseconds((1_000 / profile.buffer.replayRate).rounded(.up)) : 0
  }
}

/// The draws that firmware makes. What concerns a reading is drawn by its number, so that it does not depend on what the network did before.
struct FirmwareDice {
  private let late: RandomStream
  private let lateBy: RandomStream
  private let repeats: RandomStream
  private let repeatAfter: RandomStream
  private let cuts: RandomStream
  private let waits: RandomStream
  private var waitIndex: UInt64 = 0

  init(seed: UInt64, device: DeviceIdentity) {
    let entity = device.randomEntity
    // Numbers from 65,536 on are Firmware's; World uses lower ones.
    late = RandomStream(seed: seed, device: entity, stream: 65_536)
    lateBy = RandomStream(seed: seed, device: entity, stream: 65_537)
    repeats = RandomStream(seed: seed, device: entity, stream: 65_538)
    repeatAfter = RandomStream(seed: seed, device: entity, stream: 65_539)
    cuts = RandomStream(seed: seed, device: entity, stream: 65_540)
    waits = RandomStream(seed: seed, device: entity, stream: 65_541)
  }

  private static func draw(_ range: DurationRange, _ share: Double) -> Milliseconds {
    range.lower + Milliseconds(share * Double(range.upper - range.lower + 1))
  }

  /// How long a reading is held back, or nil when it is not.
  func lateness(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard late.uniform(UInt64(seq)) < faults.late else { return nil }
    return Self.draw(faults.lateBy, lateBy.uniform(UInt64(seq)))
  }

  /// After what time a reading is repeated, or nil when it is not.
  func repeatDelay(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard repeats.uniform(UInt64(seq)) < faults.repeats else { return nil }
    return Self.draw(faults.repeatAfter, repeatAfter.uniform(UInt64(seq)))
  }

  /// Whether the connection is cut right after the first transmission of a reading.
  func cutsAfter(_ seq: Int64, attempts: Int32, faults: DeviceFaults) -> Bool {
    attempts == 0 && cuts.uniform(UInt64(seq)) < faults.redelivery
  }

  /// When the device first connects, so that a fleet does not connect in one instant.
  mutating func startDelay(within span: Milliseconds) -> Milliseconds { wait(from: 0, to: span) }

  /// From power to the first connection attempt.
  mutating func bootDelay() -> Milliseconds { wait(from: 500, to: 3_000) }

  /// A uniform draw from 0...ceiling.
  mutating func backoff(upTo ceiling: Milliseconds) -> Milliseconds { wait(from: 0, to: ceiling) }

  private mutating func wait(from lower: Milliseconds, to upper: Milliseconds) -> Milliseconds {
    waitIndex += 1
    return Self.draw(DurationRange(lower: lower, upper: upper), waits.uniform(waitIndex))
  }
}
