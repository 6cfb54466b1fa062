import CAllocationCount
import FleetSpec
import Foundation
import Payload
import World

/// Encoding alone: CPU time, bytes and allocations of an event in each notation, and of Foundation's JSONEncoder beside it.
@main enum EncodingBenchmark {
  static let notations = [
    ("json", "{}"),
    ("json template", "{template: '\(template)'}"),
    ("json wide", "{shape: wide}"),
    ("line protocol", "{codec: line_protocol}"),
    ("line protocol wide", "{codec: line_protocol, shape: wide}"),
    ("cbor", "{codec: cbor}"),
    ("cbor wide", "{codec: cbor, shape: wide}"),
    ("sparkplug", "{codec: sparkplug}"),
    ("sparkplug wide", "{codec: sparkplug, shape: wide}"),
  ]

  /// The telemetry event by template: the same bytes.
  static let template = """
    {"event_id":"{event_id}","timestamp":{timestamp},"site_id":"{site_id}","asset_id":"{asset_id}","sensor_type":"{sensor_type}",\
    "sensor_id":"{sensor_id}","value":{value},"unit":"{unit}","quality_flag":"{quality}","metadata":{"boot":{boot},"seq":{seq},\
    "firmware":"{firmware}"},"source":"heliograph","schema_version":1}
    """

  static func main() throws {
    let fleet = CommandLine.arguments.dropFirst().first ?? "fleets/quickstart.yaml"
    var hasFailed = false
    print("notation             readings  bytes/reading  ns/message  ns/reading  allocations")
    for (name, payload) in notations {
      let loaded = try FleetLoader.loadFleet(path: fleet, overrides: ["payload=\(payload)", "faults.malformed=0 %"])
      let result = Measurement(World(fleet: loaded.fleet, start: 1_782_000_000_000)).best()
      // The budget is that of an event of about 300 bytes.
      let isOver = result.nanosecondsPerReading > 300 || result.allocations > 0
      hasFailed = hasFailed || isOver
      print(result.line(name) + (isOver ? "  over budget" : ""))
    }
    print(Reference.best().line("Foundation JSONEncoder"))
    if hasFailed { exit(1) }
  }
}

struct Result {
  var readings: Int
  var bytes: Int
  var messages: Int
  var nanoseconds: Double
  var allocations: UInt64

  var nanosecondsPerReading: Double { nanoseconds / Double(readings) }

  func line(_ name: String) -> String {
    func column(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    return name.padding(toLength: 22, withPad: " ", startingAt: 0) + column("\(readings / messages)", 7)
      + column("\(bytes / readings)", 15) + column("\(Int(nanoseconds / Double(messages)))", 12)
      + column("\(Int(nanosecondsPerReading))", 12)
      + column(String(format: "%.3f", Double(allocations) / Double(readings)), 13)
  }
}

/// Readings of one device, encoded over and over.
struct Measurement {
  static let rounds = 400
  private let world: World
  private let samples: [[Reading]]
  private let isWide: Bool

  init(_ world: World) {
    self.world = world
    var stream = world.stream(device: 0)
    var samples: [[Reading]] = []
    for _ in 0..<200 {
      stream.sample()
      samples.append((0..<stream.readingCount).map { stream.reading($0) })
    }
    isWide = world.profile(of: 0).payload.shape == .wide
    self.samples = isWide ? samples : samples.flatMap { $0.map { [$0] } }
  }

  /// Of five runs.
  func best() -> Result {
    (0..<5).map { _ in run() }.min { $0.nanoseconds < $1.nanoseconds } ?? run()
  }

  private func run() -> Result {
    let codec = Codecs.codec(of: world.profile(of: 0))
    var nodes = SparkplugNodes(world)
    let identity = world.devices[0]
    let topics = TopicTemplate("telemetry/{site_id}/{asset_id}/{sensor_type}")
    let sensors = world.profile(of: 0).sensors
    var buffer = ByteBuffer(capacity: 1 << 16)
    var topic = ByteBuffer(capacity: 1 << 10)
    var bytes = 0
    let allocations = allocation_count()
    let begin = cpuNanoseconds()
    for _ in 0..<Self.rounds {
      for readings in samples {
        buffer.removeAll()
        topic.removeAll()
        if nodes != nil {
          readings.withUnsafeBufferPointer {
            nodes?.data($0, of: 0, over: 0, at: readings[0].trueTime, topic: &topic, payload: &buffer)
          }
        } else if isWide {
          codec.encode(readings, of: identity, copy: 0, into: &buffer)
          topics.append(device: identity, into: &topic)
        } else {
          codec.encode(readings[0], of: identity, copy: 0, into: &buffer)
          topics.append(device: identity, sensor: sensors[Int(readings[0].sensor)], into: &topic)
        }
        bytes += buffer.count
      }
    }
    let end = cpuNanoseconds()
    let messages = samples.count * Self.rounds
    return Result(
      readings: messages * samples[0].count, bytes: bytes, messages: messages, nanoseconds: end - begin,
      allocations: allocation_count() - allocations)
  }
}

/// The same event through Codable.
enum Reference {
  struct Event: Codable {
    struct Metadata: Codable {
      var boot = 1
      var seq: Int
      var firmware = "4.2.1"
    }
    var eventID: String
    var timestamp: Int64
    var siteID = "site-01"
    var assetID = "inv-0001"
    var sensorType = "POWER"
    var sensorID = "inv-0001.ac_power"
    var value: Double
    var unit = "W"
    var qualityFlag = "GOOD"
    var metadata: Metadata
    var source = "heliograph"
    var schemaVersion = 1

    enum CodingKeys: String, CodingKey {
      case timestamp, value, unit, metadata, source
      case eventID = "event_id"
      case siteID = "site_id"
      case assetID = "asset_id"
      case sensorType = "sensor_type"
      case sensorID = "sensor_id"
      case qualityFlag = "quality_flag"
      case schemaVersion = "schema_version"
    }
  }

  static func best() -> Result { (0..<3).map { _ in run() }.min { $0.nanoseconds < $1.nanoseconds } ?? run() }

  private static func run() -> Result {
    let encoder = JSONEncoder()
    let count = 50_000
    var bytes = 0
    let allocations = allocation_count()
    let begin = cpuNanoseconds()
    for index in 0..<count {
      let event = Event(
        eventID: "inv-0001:1:\(index)", timestamp: 1_782_000_000_000 + Int64(index), value: Double(index) / 10,
        metadata: Event.Metadata(seq: index))
      bytes += (try? encoder.encode(event))?.count ?? 0
    }
    return Result(
      readings: count, bytes: bytes, messages: count, nanoseconds: cpuNanoseconds() - begin, allocations: allocation_count() - allocations)
  }
}

/// CPU time of this thread.
func cpuNanoseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}
