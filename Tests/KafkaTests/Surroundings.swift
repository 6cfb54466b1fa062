import FleetSpec
import Foundation
import Glibc
import Reactor
import Testing
import World

@testable import Transport

/// A small fleet, its link to Kafka and the loop that drives it.
final class Bench {
  static let start: Milliseconds = 1_782_000_000_000
  let world: World
  let reactor: Reactor
  let link: KafkaLink
  /// What happened, in order.
  private(set) var heard: [LinkEvent] = []
  private var streams: [DeviceStream]

  init(devices: Int = 3, _ transport: KafkaTransport, profile: String = "") throws {
    world = try Bench.makeWorld(devices: devices, profile: profile)
    reactor = try Reactor()
    link = try KafkaLink(world: world, transport: transport, reactor: reactor)
    let workspace = world.workspace()
    let world = world
    streams = world.devices.indices.map { world.stream(device: $0, in: workspace) }
  }

  private static func makeWorld(devices: Int, profile: String) throws -> World {
    let text = """
      fleet: bench
      seed: 7
      start: 2026-06-21T00:00:00Z
      sun_time: "11:30"
      duration: 10m
      sites: [{id: here, latitude: 40, longitude: 0}]
      devices: [{profile: probe, count: \(devices), id: "d-{n}"}]
      profiles:
        probe:
          description: one sensor
          firmware: "1.0"
          interval: 1s
          connection: {connect_timeout: 3s}
          sensors:
            - {name: t, type: TEMPERATURE, measures: ambient_temperature, unit: "°C", decimals: 2, range: [-40, 85], noise: 0.2}
      \(profile)
      """
    let path = NSTemporaryDirectory() + "hl-kafka-\(UUID().uuidString).yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return World(fleet: try FleetLoader.loadFleet(path: path).fleet, start: start)
  }

  /// A device's next reading.
  func reading(of device: Int) -> Reading {
    streams[device].sample()
    return streams[device].reading(0)
  }

  /// Lets the loop run until something holds.
  func run(_ what: String, within seconds: Double = 20, until isDone: () -> Bool) throws {
    let end = Date().addingTimeInterval(seconds)
    let origin = Date()
    while !isDone() {
      guard Date() < end else { throw BenchError(description: "not within \(seconds) s: \(what)") }
      link.now = Int64(Date().timeIntervalSince(origin) * 1_000)
      try reactor.poll(timeout: 20)
      link.housekeeping()
      take()
    }
  }

  func take() {
    heard += link.events
    link.events.removeAll()
  }

  func connectAll() throws {
    for device in world.devices.indices { link.connect(device) }
    try run("all connected") { link.connectedCount == world.devices.count }
  }

  func forgetHeard() { heard.removeAll() }

  /// Message numbers that a device has heard to be acknowledged.
  func acknowledged(_ device: Int) -> [Int32] {
    heard.filter { $0.kind == .acknowledged && $0.device == Int32(device) }.map(\.message)
  }

  func failures() -> [LinkFailure] { heard.filter { $0.kind == .lost }.map(\.failure) }
}

struct BenchError: Error, CustomStringConvertible {
  let description: String
}

/// What an independent client, kcat, finds in a topic.
struct Record: Equatable {
  var partition: Int
  var offset: Int64
  var timestamp: Int64
  var key: String
  var headers: String
  var value: String

  /// The event id's last part: the device's count of its readings.
  var sequence: Int {
    value.firstRange(of: "\"event_id\":\"").map { rest in
      Int(value[rest.upperBound...].prefix { $0 != "\"" }.split(separator: ":").last ?? "") ?? -1
    } ?? -1
  }

  static func read(_ topic: String, from brokers: String) throws -> [Record] {
    let format = "%p\u{1}%o\u{1}%T\u{1}%k\u{1}%h\u{1}%s\n"
    return records(try kcat(["-C", "-b", brokers, "-t", topic, "-o", "beginning", "-e", "-q", "-f", format]))
  }

  /// The offset that the next record of a partition will have.
  static func end(of topic: String, partition: Int, from brokers: String) throws -> Int64 {
    let told = String(decoding: try kcat(["-Q", "-b", brokers, "-t", "\(topic):\(partition):-1"]), as: UTF8.self)
    guard let end = told.split(whereSeparator: \.isWhitespace).last.flatMap({ Int64($0) }) else {
      throw BenchError(description: "kcat says of the end of \(topic): \(told)")
    }
    return end
  }

  /// What kcat prints. It gives up at the first connection that breaks, and a broker that has just come back may break one.
  private static func kcat(_ arguments: [String]) throws -> Data {
    for _ in 0..<10 {
      let (output, status) = try runOnce(arguments)
      if status == 0 { return output }
    }
    throw BenchError(description: "kcat \(arguments.joined(separator: " ")) does not succeed")
  }

  private static func runOnce(_ arguments: [String]) throws -> (output: Data, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/kcat")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (bytes, process.terminationStatus)
  }

  private static func records(_ bytes: Data) -> [Record] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 6, let partition = Int(parts[0]), let offset = Int64(parts[1]), let time = Int64(parts[2]) else { return nil }
      return Record(partition: partition, offset: offset, timestamp: time, key: parts[3], headers: parts[4], value: parts[5])
    }
  }
}

extension KafkaTransport {
  /// The brokers of a cluster in this process, with librdkafka's shortest waits.
  static func mock(_ cluster: KafkaMockCluster, _ change: (inout KafkaTransport) -> Void = { _ in }) -> KafkaTransport {
    var transport = KafkaTransport(brokers: .list(cluster.brokers.split(separator: ",").map(String.init)))
    transport.linger = 0
    change(&transport)
    return transport
  }

  mutating func set(_ name: String, _ value: String) {
    properties.append(Property(name: name, content: .text(value), place: Place(file: "fleet.yaml", line: 1, column: 1)))
  }
}
