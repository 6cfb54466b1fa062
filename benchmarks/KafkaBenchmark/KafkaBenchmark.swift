import Firmware
import FleetSpec
import Foundation
import Reactor
import Transport
import World

/// How fast the Kafka link takes readings when nobody paces it: no firmware, no ledger, readings that were measured before.
@main struct KafkaBenchmark {
  static let devices = 1_000
  static let window = 400

  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == "--lines", let count = Int(arguments[2]) {
      try printLines(count)
    } else if arguments.count == 3, let count = Int(arguments[2]) {
      try publish(count, to: arguments[1])
    } else {
      print("usage: KafkaBenchmark BROKERS COUNT | KafkaBenchmark --lines COUNT")
      exit(2)
    }
  }

  private static func makeWorld() throws -> World {
    let text = """
      fleet: unpaced
      seed: 1
      sun_time: "11:30"
      duration: 1h
      sites: [{id: "site-{n:3}", count: 10, latitude: [36, 46], longitude: [-6, 5]}]
      devices: [{profile: string-inverter, count: \(devices), id: "inv-{n:5}"}]
      """
    let path = NSTemporaryDirectory() + "heliograph-unpaced-\(ProcessInfo.processInfo.processIdentifier).yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fleet = try FleetLoader.loadFleet(path: path, profileFolders: ["firmware-profiles"]).fleet
    return World(fleet: fleet, start: 1_782_000_000_000)
  }

  /// By device, what it measures first.
  private static func measure(_ world: World, each count: Int) -> [[Reading]] {
    let workspace = world.workspace()
    return world.devices.indices.map { device in
      var stream = world.stream(device: device, in: workspace)
      var readings: [Reading] = []
      while readings.count < count {
        stream.sample()
        for ordinal in 0..<stream.readingCount where readings.count < count { readings.append(stream.reading(ordinal)) }
      }
      return readings
    }
  }

  /// Key, tabulator and payload of messages such as the link sends.
  private static func printLines(_ count: Int) throws {
    let world = try makeWorld()
    let readings = measure(world, each: (count + devices - 1) / devices)
    var left = count
    for round in readings[0].indices {
      for device in world.devices.indices where left > 0 {
        let (key, value) = KafkaLink.message(readings[device][round], of: device, in: world, KafkaTransport(brokers: .embedded))
        print("\(key)\t\(value)")
        left -= 1
      }
    }
  }

  private static func publish(_ count: Int, to brokers: String) throws {
    let world = try makeWorld()
    let readings = measure(world, each: 100)
    var transport = KafkaTransport(brokers: .list(brokers.split(separator: ",").map(String.init)))
    transport.linger = 20
    let place = Place.whole("")
    transport.properties = [.init(name: "queue.buffering.max.messages", content: .text("500000"), place: place)]
    let reactor = try Reactor()
    let link = try KafkaLink(world: world, transport: transport, reactor: reactor)
    for device in world.devices.indices { link.connect(device) }
    while link.connectedCount < devices { try turn(reactor, link, wait: 50) { _ in } }
    link.events.removeAll()
    var waiting = [Int](repeating: 0, count: devices)
    var next = [Int](repeating: 0, count: devices)
    var acknowledged = 0
    let begin = ContinuousClock.now
    let before = processor()
    while acknowledged < count {
      var isFull = false
      for device in world.devices.indices where !isFull {
        for _ in 0..<50 where waiting[device] < window && Int(link.published) < count {
          guard link.publish(readings[device][next[device] % 100], of: device, copy: 0, over: device) > 0 else {
            isFull = true
            break
          }
          next[device] += 1
          waiting[device] += 1
        }
      }
      try turn(reactor, link, wait: isFull || Int(link.published) == count ? 5 : 0) { event in
        guard event.kind == .acknowledged else { return }
        waiting[Int(event.device)] -= 1
        acknowledged += 1
      }
    }
    let wall = begin.duration(to: .now)
    let seconds = Double(wall.components.seconds) + Double(wall.components.attoseconds) * 1e-18
    let label = "heliograph (link alone)".padding(toLength: 28, withPad: " ", startingAt: 0)
    print(label, String(format: "%9.0f/s  %6.2f us CPU per message", Double(count) / seconds, (processor() - before) / Double(count) * 1e6))
    link.settle(within: 2_000)
  }

  private static func turn(_ reactor: Reactor, _ link: KafkaLink, wait: Int32, _ body: (LinkEvent) -> Void) throws {
    try reactor.poll(timeout: wait)
    for event in link.events { body(event) }
    link.events.removeAll(keepingCapacity: true)
  }

  /// Seconds of processor time, all threads.
  private static func processor() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }
}
