import FleetSpec
import World

/// What really happened to each reading, written down by those who did it: the network, the broker and the pipeline.
///
/// Nothing here looks at the ledger, and nothing here is judged.
final class Truth {
  /// A reading on its way over one link.
  struct Entry {
    var reading: Reading
    /// How often it was put on the wire.
    var sends: Int32 = 0
    var firstSent: Milliseconds = .max
    var lastSent: Milliseconds = .min
    /// One bit for each event id under which it was sent.
    var copies: UInt32 = 0
    /// When the first acknowledgement came back; `.max` for never.
    var acknowledgedAt: Milliseconds = .max
    /// When the first copy reached the broker; `.max` for never.
    var arrivedAt: Milliseconds = .max
    /// Between which checkpoints its end was told; `.max` when the run had not told it yet.
    var toldIn: Int32 = .max
    /// Whether that was because the run ended.
    var wasToldAtEnd = false
    /// The sites that touched it, one bit each.
    var touched: UInt64 = 0
    /// What took its last copy away.
    var lossCause: FaultSite?

    var isAcknowledged: Bool { acknowledgedAt != .max }
  }

  let world: World
  /// By device and number; a second link has entries of its own.
  var entries: [[Entry]]
  /// Who measured what a device sends: itself, or for a second link its original.
  let originals: [Int]
  /// Its second link, by device.
  let secondLinks: [Int: Int]
  private(set) var keys: Set<RowKey> = []

  init(_ world: World) {
    self.world = world
    let workspace = world.workspace()
    let end = world.start + world.fleet.duration
    entries = world.devices.indices.map { device in
      guard !world.profile(of: device).sensors.isEmpty else { return [] }
      var stream = world.stream(device: device, in: workspace)
      var list: [Entry] = []
      while stream.nextSampleTime < end {
        stream.sample()
        for index in 0..<stream.readingCount { list.append(Entry(reading: stream.reading(index))) }
      }
      return list
    }
    originals = world.devices.indices.map { device in
      guard world.devices[device].isSecondLink, let twin = world.devices[device].twin else { return device }
      return twin.original
    }
    var links: [Int: Int] = [:]
    for device in world.devices.indices where world.devices[device].isSecondLink { links[originals[device]] = device }
    secondLinks = links
    for device in world.devices.indices {
      for entry in entries[device] { keys.insert(key(of: entry.reading, device)) }
    }
  }

  /// The identity in the store of a device's sensor.
  func sensorID(_ device: Int, _ sensor: Int32) -> String {
    world.devices[device].sensorID(world.profile(of: device).sensors[Int(sensor)])
  }

  /// Where a reading belongs in the store.
  func key(of reading: Reading, _ device: Int) -> RowKey {
    RowKey(sensorID: sensorID(device, reading.sensor), microseconds: reading.timestamp * 1_000)
  }

  /// Remembers that a site had a hand in what became of a reading.
  func touch(_ device: Int, _ seq: Int64, _ site: FaultSite) { entries[device][Int(seq)].touched |= 1 << site.number }
}

/// A place in the table.
struct RowKey: Hashable {
  var sensorID: String
  var microseconds: Int64
}
