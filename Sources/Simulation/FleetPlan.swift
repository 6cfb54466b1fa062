import FleetSpec
import Foundation
import Payload
import World

/// What a fleet will do, reckoned before anything is started. Planned outages are those of the seed; the rest are expectations.
public struct FleetPlan: Sendable, Equatable {
  /// One stretch of the run.
  public struct Slice: Sendable, Equatable {
    /// Milliseconds after the start.
    public var from: Milliseconds
    public var to: Milliseconds
    /// Readings per second that are sent, over second links once more.
    public var readingsPerSecond: Double
    /// Devices without power or network at the slice's middle.
    public var devicesOut: Int
  }

  public var devices = 0
  public var sites = 0
  public var profiles: [(name: String, devices: Int)] = []
  /// Gateways, devices that speak for themselves, and second links.
  public var connections = 0
  /// What they need of sockets: one each, unless they share.
  public var sockets = 0
  public var readings: Int64 = 0
  /// One for each reading and link, without those that no gateway hears; re-deliveries and repeats come on top.
  public var messages: Int64 = 0
  public var bytesPerMessage: Double = 0
  public var duration: Milliseconds = 0
  public var networkOutages = 0
  public var powerOutages = 0
  public var redeliveries: Double = 0
  public var repeats: Double = 0
  public var late: Double = 0
  public var malformed: Double = 0
  public var slices: [Slice] = []
  public var memoryBytes: Int64 = 0
  /// Addresses of this machine from which devices call.
  public var sourceAddresses = 1
  public var descriptors: Int64 = 0

  public var messagesPerSecond: Double { Double(messages) / (Double(max(1, duration)) / 1_000) }
  public var bytesPerSecond: Double { messagesPerSecond * bytesPerMessage }

  public static func == (left: FleetPlan, right: FleetPlan) -> Bool {
    left.devices == right.devices && left.readings == right.readings && left.slices == right.slices
      && left.networkOutages == right.networkOutages && left.powerOutages == right.powerOutages
  }

  /// Resident memory of one connection in this process, as measured (benchmarks/mqtt): with a shared TLS context, and with a certificate of the
  /// device's own.
  private static func bytesPerConnection(fleet: Fleet) -> Int64 {
    if case .mqtt(let mqtt) = fleet.transport, mqtt.tls?.deviceCertificates != nil { return 44 * 1_024 }
    return 30 * 1_024
  }
  private static let sliceCount: Int64 = 12

  /// - Parameter shard: the part of the fleet that is played; nil for all of it.
  public init(world: World, shard: Shard? = nil) {
    let fleet = world.fleet
    let own = world.devices.indices.filter { shard?.contains($0, of: world) ?? true }
    devices = own.count { !world.devices[$0].isSecondLink }
    connections = own.count { world.devices[$0].gateway < 0 }
    sites = fleet.sites.count
    sourceAddresses = fleet.transport?.sourceAddresses ?? 1
    duration = fleet.duration
    for (index, profile) in fleet.profiles.enumerated() {
      let count = own.count { world.devices[$0].profile == index && !world.devices[$0].isSecondLink }
      profiles.append((profile.name, count))
    }
    let width = max(1, (fleet.duration + Self.sliceCount - 1) / Self.sliceCount)
    for from in stride(from: 0, to: fleet.duration, by: Int(width)) {
      slices.append(Slice(from: from, to: min(from + width, fleet.duration), readingsPerSecond: 0, devicesOut: 0))
    }
    var bytes: Double = 0
    let workspace = world.workspace()
    for device in own { bytes += add(device, world, workspace) }
    bytesPerMessage = messages > 0 ? bytes / Double(messages) : 0
    for index in slices.indices {
      slices[index].readingsPerSecond /= Double(max(1, slices[index].to - slices[index].from)) / 1_000
    }
    // Standard streams, ledger with its write-ahead log, log file, epoll, signals.
    sockets = connections
    // Over HTTP devices share a pool.
    if case .http(let http)? = fleet.transport { sockets = min(connections, http.connections + 1) }
    descriptors = Int64(sockets) + 16
  }

  /// Adds one device, or a second link of one; returns the bytes of all its payloads.
  private mutating func add(_ device: Int, _ world: World, _ workspace: Workspace) -> Double {
    let identity = world.devices[device]
    let profile = world.profile(of: device)
    let end = world.start + world.fleet.duration
    let power = Self.outages(world.powerOutages(device: device), until: end)
    let network = Self.outages(world.networkOutages(device: device), until: end)
    if identity.gateway < 0 { networkOutages += network.count }
    if !identity.isSecondLink { powerOutages += power.count }
    let perSample = Double(profile.sensors.count)
    let heard = identity.gateway < 0 ? 1 : 1 - world.radioLoss(of: device)
    var own: Double = 0
    for index in slices.indices {
      let from = world.start + slices[index].from
      let to = world.start + slices[index].to
      let dark = power.reduce(Int64(0)) { $0 + max(0, min($1.end, to) - max($1.start, from)) }
      let load = world.sampling(from: from, to: to) * world.attendance(of: device, from: from, to: to)
      let count = Double(to - from - dark) / Double(profile.interval) * perSample * load
      slices[index].readingsPerSecond += count * heard
      own += count
      let middle = (from + to) / 2
      let isOut = world.isPresent(device, at: middle) && (power + network).contains { $0.start <= middle && middle < $0.end }
      if isOut && !identity.isSecondLink { slices[index].devicesOut += 1 }
    }
    let sent = own * heard
    messages += Int64(sent.rounded())
    if !identity.isSecondLink {
      readings += Int64(own.rounded())
      malformed += own * profile.faults.malformed
    }
    redeliveries += sent * profile.faults.redelivery
    repeats += sent * (profile.faults.repeats + profile.faults.repeatsWithNewID)
    late += sent * profile.faults.late
    if identity.gateway < 0 {
      if let batches = profile.faults.batchReplays {
        repeats += Double(world.fleet.duration) / Double(batches.every) * Double(batches.size)
      }
      memoryBytes += Self.bytesPerConnection(fleet: world.fleet)
    }
    let longest = network.map { $0.end - $0.start }.max() ?? 0
    let buffered = min(Double(profile.buffer.capacity), Double(longest) / Double(profile.interval) * perSample + perSample)
    memoryBytes += Int64(buffered) * Int64(MemoryLayout<Reading>.stride * 2) + 2_048
    return sent * Self.payloadSize(world, device, profile, workspace)
  }

  private static func outages(_ schedule: OutageSchedule, until end: Milliseconds) -> [Outage] {
    var schedule = schedule
    var list: [Outage] = []
    while schedule.current.start < end {
      list.append(schedule.current)
      schedule.advance()
    }
    return list
  }

  private static func payloadSize(
    _ world: World, _ device: Int, _ profile: FirmwareProfile, _ workspace: Workspace
  ) -> Double {
    guard !profile.sensors.isEmpty else { return 0 }
    let codec = Codecs.codec(of: profile)
    let identity = world.devices[device]
    var buffer = ByteBuffer()
    var stream = world.stream(device: device, in: workspace)
    stream.sample()
    let readings = (0..<stream.readingCount).map { stream.reading($0) }
    if profile.payload.shape == .wide, !readings.isEmpty {
      codec.encode(readings, of: identity, copy: 0, into: &buffer)
    } else {
      for reading in readings { codec.encode(reading, of: identity, copy: 0, into: &buffer) }
    }
    return Double(buffer.count) / Double(max(1, stream.readingCount))
  }
}

/// What this machine offers a run.
public struct MachineLimits: Sendable {
  public var descriptors: Int64
  public var availableMemory: Int64
  public var ports: Int64
  public var cores: Int

  /// Looks at this machine.
  public static func current() -> MachineLimits {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)

    let range = (try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)) ?? ""
    let bounds = range.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }
    return MachineLimits(
      descriptors: Int64(clamping: limit.rlim_max), availableMemory: availableBytes(),
      ports: bounds.count == 2 ? bounds[1] - bounds[0] + 1 : 28_232,
      cores: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  private static func availableBytes() -> Int64 {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return (line.split(separator: " ").compactMap { Int64($0) }.first ?? 0) * 1_024
    }
    return 0
  }

  /// What is too small here for a plan, each with its fix.
  public func shortages(for plan: FleetPlan) -> [String] {
    var list: [String] = []
    if plan.descriptors > descriptors {
      list.append(
        "file descriptors: \(plan.descriptors) needed, \(descriptors) allowed; raise the limit with 'ulimit -n \(plan.descriptors)' or in /etc/security/limits.conf"
      )
    }
    if Int64(plan.sockets) > ports * Int64(plan.sourceAddresses) {
      let calls = plan.sourceAddresses == 1 ? "" : " for each of \(plan.sourceAddresses) source addresses"
      list.append(
        "local ports: \(plan.sockets) needed, \(ports) in net.ipv4.ip_local_port_range\(calls); give (more) source_addresses under "
          + "transport: mqtt:, widen the range with sysctl, or split the fleet")
    }
    if availableMemory > 0 && plan.memoryBytes > availableMemory {
      list.append(
        "memory: \(plan.memoryBytes >> 20) MiB needed, \(availableMemory >> 20) MiB available; make the fleet or its buffers smaller")
    }
    return list
  }

  /// Raises this process's soft limit of file descriptors to the hard one.
  public static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
