import FleetSpec
import Store
import World

/// A stretch of a run that is judged by itself, while the run goes on.
///
/// It is a stretch of device time, so that readings and rows fall into the same one whatever a device's clock is worth. Readings whose
/// timestamps lie outside of the whole run, of clocks that were never set, belong to the part in which they were measured.
struct RunPart {
  /// The timestamps that belong to it.
  let timestamps: Range<Milliseconds>
  /// When readings with such timestamps may have been measured, by true time.
  let measured: Range<Milliseconds>
  /// What was sent until then has had its settling time; of what was sent later the store may know nothing yet.
  let settledUntil: Milliseconds
  /// Where readings are taken up.
  let streams: StreamCheckpoints
  private let all: Range<Milliseconds>
  /// A table that keeps whole seconds takes a timestamp back by less than this.
  static let coarsest: Milliseconds = 1_000

  init(_ timestamps: Range<Milliseconds>, of world: World, settledUntil: Milliseconds, streams: StreamCheckpoints) {
    self.timestamps = timestamps
    self.settledUntil = settledUntil
    self.streams = streams
    all = world.timestampRange
    measured = (timestamps.lowerBound - world.clockMarginAfter)..<(timestamps.upperBound + world.clockMarginBefore + Self.coarsest)
  }

  /// One bucket for each sensor: no row of another part may fall into it.
  var grid: BucketGrid {
    BucketGrid(origin: timestamps.lowerBound, length: timestamps.upperBound - timestamps.lowerBound, count: 1)
  }

  func contains(_ reading: Reading) -> Bool {
    timestamps.contains(all.contains(reading.timestamp) ? reading.timestamp : reading.trueTime)
  }

  /// A fate as far as the store can be asked for it: what was sent too late for that is as good as unconfirmed.
  func settled(_ fate: Fate, trueTime: Milliseconds) -> Fate {
    guard fate.outcome == .acknowledged else { return fate }
    let (sum, overflow) = trueTime.addingReportingOverflow(fate.delayMaximum)
    let first = fate.transmission?.latest ?? (overflow ? .max : sum)
    // A row of the ledger that tells of many readings ends with the last of them.
    let last = fate.attempts > 1 ? max(first, fate.transmission?.last ?? first) : first
    guard last > settledUntil else { return fate }
    var open = fate
    open.outcome = .unconfirmed
    return open
  }
}

/// Where the readings of all devices are taken up in the middle of a run: the nearer to the present, the closer together, so that neither
/// the memory nor the way to any reading grows with the run.
final class StreamCheckpoints {
  private struct Checkpoint {
    var at: Milliseconds
    /// By device; each stands at its first sample from then on.
    var streams: [DeviceStream]
  }

  private let world: World
  private let workspace: Workspace
  private var list: [Checkpoint] = []
  /// The gap between two checkpoints is at most this part of their distance from the newest.
  private static let density: Milliseconds = 4

  init(_ world: World) {
    self.world = world
    workspace = world.workspace()
  }

  var count: Int { list.count }

  /// The stream of a device at an instant or before it.
  func stream(of device: Int, at time: Milliseconds) -> DeviceStream {
    list.last { $0.at <= time }?.streams[device] ?? world.stream(device: device, in: workspace)
  }

  /// Adds a checkpoint.
  func advance(to time: Milliseconds) {
    guard time > list.last?.at ?? world.start else { return }
    var streams = list.last?.streams ?? world.devices.indices.map { world.stream(device: $0, in: workspace) }
    let end = min(time, world.start + world.fleet.duration)
    for device in streams.indices {
      while streams[device].nextSampleTime < end { streams[device].sample() }
    }
    list.append(Checkpoint(at: time, streams: streams))
    thin(now: time)
  }

  private func thin(now: Milliseconds) {
    var index = 1
    while index < list.count - 1 {
      let gap = list[index + 1].at - list[index - 1].at
      if gap * Self.density <= now - list[index + 1].at { list.remove(at: index) } else { index += 1 }
    }
  }
}
