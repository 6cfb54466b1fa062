import FleetSpec
import Glibc
import World

/// The draws that firmware makes. What concerns a reading is drawn by its number, so that it does not depend on what the network did before.
///
/// Only the device's entity is kept: a stream is made anew for each draw, which takes a few nanoseconds.
struct FirmwareDice {
  let entity: RandomEntity
  private var waitIndex: UInt64 = 0

  /// Numbers from 65,536 on are Firmware's; World uses lower ones.
  private enum Number {
    static let late: UInt64 = 65_536
    static let lateBy: UInt64 = 65_537
    static let repeats: UInt64 = 65_538
    static let repeatAfter: UInt64 = 65_539
    static let cuts: UInt64 = 65_540
    static let waits: UInt64 = 65_541
    static let latency: UInt64 = 65_558
  }

  init(seed: UInt64, device: DeviceIdentity) {
    entity = RandomEntity(seed: seed, entity: device.randomEntity)
  }

  private static func draw(_ range: DurationRange, _ share: Double) -> Milliseconds {
    range.lower + Milliseconds(share * Double(range.upper - range.lower + 1))
  }

  /// How long a reading is held back, or nil when it is not.
  func lateness(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard faults.late > 0, entity.stream(Number.late).uniform(UInt64(seq)) < faults.late else { return nil }
    return Self.draw(faults.lateBy, entity.stream(Number.lateBy).uniform(UInt64(seq)))
  }

  /// After what time a reading is repeated, or nil when it is not.
  func repeatDelay(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard faults.repeats > 0, entity.stream(Number.repeats).uniform(UInt64(seq)) < faults.repeats else { return nil }
    return Self.draw(faults.repeatAfter, entity.stream(Number.repeatAfter).uniform(UInt64(seq)))
  }

  /// Whether the connection is cut right after the first transmission of a reading.
  func cutsAfter(_ seq: Int64, attempts: Int32, faults: DeviceFaults) -> Bool {
    attempts == 0 && faults.redelivery > 0 && entity.stream(Number.cuts).uniform(UInt64(seq)) < faults.redelivery
  }

  /// How long a reading takes from the firmware to the wire; at most an hour.
  func latency(of seq: Int64, _ latency: LinkLatency) -> Milliseconds {
    let factor = exp(latency.spread * entity.stream(Number.latency).normal(UInt64(seq)))
    return Milliseconds(min(Double(latency.median) * factor, 3_600_000).rounded())
  }

  /// When the device first connects, so that a fleet does not connect in one instant.
  mutating func startDelay(within span: Milliseconds) -> Milliseconds { wait(from: 0, to: span) }

  /// From power to the first connection attempt.
  mutating func bootDelay() -> Milliseconds { wait(from: 500, to: 3_000) }

  /// A uniform draw from 0...ceiling.
  mutating func backoff(upTo ceiling: Milliseconds) -> Milliseconds { wait(from: 0, to: ceiling) }

  private mutating func wait(from lower: Milliseconds, to upper: Milliseconds) -> Milliseconds {
    waitIndex += 1
    return Self.draw(DurationRange(lower: lower, upper: upper), entity.stream(Number.waits).uniform(waitIndex))
  }
}
