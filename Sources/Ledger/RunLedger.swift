import FleetSpec

/// The ledger of a run: one file, or one for each shard that has played a part of the fleet.
public final class RunLedger {
  public let shards: [LedgerReader]
  private let shardOfDevice: (Int) -> Int

  /// - Parameter shardOfDevice: the place in `shards` of the ledger that tells of a device.
  public init(_ shards: [LedgerReader], shardOfDevice: @escaping (Int) -> Int) {
    precondition(!shards.isEmpty, "a run has a ledger")
    self.shards = shards
    self.shardOfDevice = shardOfDevice
  }

  public convenience init(_ ledger: LedgerReader) { self.init([ledger], shardOfDevice: { _ in 0 }) }

  /// The only ledger; nil when there are several.
  public var single: LedgerReader? { shards.count == 1 ? shards[0] : nil }

  /// The place in `shards` of the ledger that tells of a device.
  public func shard(ofDevice device: Int) -> Int { shardOfDevice(device) }

  private func reader(_ device: Int) -> LedgerReader { shards[shardOfDevice(device)] }

  /// The deliveries of one device in the order of their readings.
  /// - Parameter seq: those of earlier readings alone are left out.
  public func deliveries(of device: Int, from seq: Int64 = 0) throws -> [DeliveryRun] {
    try reader(device).deliveries(of: device, from: seq)
  }

  /// What happened to one device between two instants, in order.
  public func timeline(of device: Int, from: Milliseconds, to: Milliseconds) throws -> [TimelineEntry] {
    try reader(device).timeline(of: device, from: from, to: to)
  }

  /// Calls `body` for what the run has kept of a device's readings, in their order.
  public func forEachDigest(of device: Int, _ body: (DigestRun) throws -> Void) throws {
    try reader(device).forEachDigest(of: device, body)
  }

  /// How often some events happened over all devices in each second in which they did, by time and event.
  /// - Parameter events: raw values.
  public func eventsBySecond(_ events: [UInt8]) throws -> [(at: Milliseconds, event: UInt8, count: Int64)] {
    if let single { return try single.eventsBySecond(events) }
    return try shards.flatMap { try $0.eventsBySecond(events) }.sorted { ($0.at, $0.event) < ($1.at, $1.event) }
  }

  /// A row of the table `run` that holds a whole number and is the same in all shards.
  public func number(_ key: String) throws -> Int64? { try shards[0].number(key) }

  /// Sets a row of the table `run` in all shards.
  public func set(_ key: String, to value: Int64) throws {
    for shard in shards { try shard.set(key, to: value) }
  }
}
