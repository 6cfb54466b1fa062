import FleetSpec
import Foundation
import Payload
import Testing
import World

@testable import Lab

/// Whatever notation the fleet speaks, the pipeline takes the same events from it.
@Suite struct TranslatorTests {
  static let start: Milliseconds = 1_782_000_000_000

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  private func world(_ payload: String, malformed: String = "0 %") throws -> World {
    let loaded = try FleetLoader.loadFleet(
      path: "\(Self.repository)/fleets/quickstart.yaml", overrides: ["payload=\(payload)", "faults.malformed=\(malformed)"])
    return World(fleet: loaded.fleet, start: Self.start)
  }

  /// What the pipeline reads of messages: `sensor timestamp value unit quality event_id`, or why not.
  private func read(_ translator: Translator, _ topic: String, _ message: [UInt8]) -> [String] {
    var lines: [String] = []
    message.withUnsafeBytes { bytes in
      translator.translate(topic: topic, bytes) { event in
        do throws(Malformed) {
          let found = try EventScanner.scan(event)
          lines.append(
            [found.sensorID, found.unit, found.quality, found.eventID, found.siteID, found.sensorType].map { $0.text(in: event) }
              .joined(separator: " ") + " \(found.timestamp) \(found.value)")
        } catch {
          lines.append("refused")
        }
      }
    }
    return lines
  }

  @Test(arguments: [
    "{shape: wide}", "{codec: cbor}", "{codec: cbor, shape: wide}", "{codec: line_protocol}", "{codec: sparkplug, shape: wide}",
  ])
  func readsTheSameEventsAsOfTheStandard(payload: String) throws {
    let (standard, other) = (try world("{}"), try world(payload))
    let isWide = other.fleet.profiles[0].payload.shape == .wide
    let translator = Translator()
    var nodes = SparkplugNodes(other)
    for device in standard.devices.indices where standard.devices[device].gateway < 0 {
      nodes?.births(of: device, isFirst: true, at: Self.start) { topic, payload in
        let name = String(decoding: topic.bytes.dropLast(), as: UTF8.self)
        #expect(read(translator, name, payload.bytes).isEmpty)
      }
      var stream = standard.stream(device: device)
      stream.sample()
      let readings = (0..<stream.readingCount).map { stream.reading($0) }
      let identity = standard.devices[device]
      let (event, codec) = (Codecs.codec(of: standard.profile(of: device)), Codecs.codec(of: other.profile(of: device)))
      var expected: [String] = []
      var found: [String] = []
      for reading in readings {
        var buffer = ByteBuffer()
        event.encode(reading, of: identity, copy: 0, into: &buffer)
        expected += read(translator, "telemetry/x", buffer.bytes)
      }
      for batch in isWide ? [readings] : readings.map({ [$0] }) {
        var (topic, buffer) = (ByteBuffer(), ByteBuffer())
        if nodes != nil {
          batch.withUnsafeBufferPointer {
            nodes?.data($0, of: device, over: device, at: Self.start, topic: &topic, payload: &buffer)
          }
        } else if isWide {
          codec.encode(batch, of: identity, copy: 0, into: &buffer)
        } else {
          codec.encode(batch[0], of: identity, copy: 0, into: &buffer)
        }
        found += read(translator, String(decoding: topic.bytes, as: UTF8.self), buffer.bytes)
      }
      #expect(found.sorted() == expected.sorted() && !found.isEmpty)
    }
  }

  @Test(arguments: ["{codec: cbor}", "{codec: line_protocol}", "{codec: sparkplug}"])
  func refusesWhatIsBroken(payload: String) throws {
    let other = try world(payload)
    let translator = Translator()
    var nodes = SparkplugNodes(other)
    let codec = Codecs.codec(of: other.profile(of: 0))
    nodes?.births(of: 0, isFirst: true, at: Self.start) { topic, payload in
      _ = read(translator, String(decoding: topic.bytes.dropLast(), as: UTF8.self), payload.bytes)
    }
    var stream = other.stream(device: 0)
    stream.sample()
    for kind in Malformation.allCases where !(nodes != nil && (kind == .timestampFormat || kind == .wrongUnit)) {
      for seq in [42, 43] as [Int64] {
        var reading = stream.reading(0)
        reading.malformation = kind
        reading.seq = seq
        var (topic, buffer) = (ByteBuffer(), ByteBuffer())
        if nodes != nil {
          withUnsafePointer(to: reading) {
            nodes?.data(
              UnsafeBufferPointer(start: $0, count: 1), of: 0, over: 0, at: Self.start, topic: &topic, payload: &buffer)
          }
        } else {
          codec.encode(reading, of: other.devices[0], copy: 0, into: &buffer)
        }
        let lines = read(translator, String(decoding: topic.bytes, as: UTF8.self), buffer.bytes)
        #expect(lines.contains("refused") == kind.mustBeRefused, "\(kind): \(lines)")
      }
    }
  }

  @Test func asksForBirthsThatItHasNotSeen() throws {
    let other = try world("{codec: sparkplug}")
    var nodes = try #require(SparkplugNodes(other))
    let translator = Translator()
    var stream = other.stream(device: 0)
    stream.sample()
    var (topic, buffer) = (ByteBuffer(), ByteBuffer())
    let reading = stream.reading(0)
    withUnsafePointer(to: reading) {
      nodes.data(UnsafeBufferPointer(start: $0, count: 1), of: 0, over: 0, at: Self.start, topic: &topic, payload: &buffer)
    }
    let name = String(decoding: topic.bytes, as: UTF8.self)
    #expect(read(translator, name, buffer.bytes).isEmpty)
    let command = try #require(translator.takeCommands().first)
    #expect(command.topic == "spBv1.0/heliograph/NCMD/\(other.devices[0].id)")
    #expect(command.payload.withUnsafeBytes { SparkplugCommand.asksForRebirth($0) })
    #expect(read(translator, name, buffer.bytes).isEmpty && translator.takeCommands().isEmpty, "it asks once")
    var events: [String] = []
    nodes.births(of: 0, isFirst: true, at: Self.start) { topic, payload in
      events += read(translator, String(decoding: topic.bytes.dropLast(), as: UTF8.self), payload.bytes)
    }
    #expect(events.count == 2 && !events.contains("refused"), "what waited is read now")
  }
}
