import CAllocationCount
import FleetSpec
import Glibc
import Reactor
import Transport
import World

/// Posts batches of real readings as fast as answers come, through the link that a run uses, and tells what a request costs this process.
///
///     HTTPBenchmark FLEET REQUESTS
@main
enum HTTPBenchmark {
  static func main() throws {
    guard CommandLine.arguments.count == 3, let wanted = Int64(CommandLine.arguments[2]) else {
      print("usage: HTTPBenchmark FLEET REQUESTS")
      exit(2)
    }
    let fleet = try FleetLoader.loadFleet(path: CommandLine.arguments[1]).fleet
    guard case .http(let transport)? = fleet.transport else {
      print("the fleet speaks no HTTP")
      exit(2)
    }
    let world = World(fleet: fleet, start: fleet.start ?? 0)
    let reactor = try Reactor()
    let link = try HTTPLink(transport, token: nil, world: world, reactor: reactor)
    let figures = Load(world: world, link: link, reactor: reactor, batch: transport.batch)
    try figures.run(requests: 2_000)
    let before = Usage.current()
    let allocated = allocation_count()
    let requests = try figures.run(requests: wanted)
    let used = Usage.current() - before
    let readings = requests * Int64(transport.batch)
    print(
      "{\"requests\":\(requests),\"readings\":\(readings),\"cpu_us_per_request\":\(Double(used.processor) / Double(requests)),"
        + "\"requests_per_second\":\(Double(requests) * 1e6 / Double(used.wall)),"
        + "\"allocations_per_request\":\(Double(allocation_count() - allocated) / Double(requests))}")
  }
}

/// Each device has its batches under way one after the other.
final class Load {
  private let world: World
  private let link: HTTPLink
  private let reactor: Reactor
  private let batch: Int
  private var streams: [DeviceStream]
  private var waiting: [Int]

  init(world: World, link: HTTPLink, reactor: Reactor, batch: Int) {
    self.world = world
    self.link = link
    self.reactor = reactor
    self.batch = batch
    let workspace = world.workspace()
    streams = world.devices.indices.map { world.stream(device: $0, in: workspace) }
    waiting = world.devices.map { _ in 0 }
  }

  /// Returns the number of requests that were answered.
  @discardableResult
  func run(requests: Int64) throws -> Int64 {
    let batch = Int64(batch)
    var answered: Int64 = 0
    for device in world.devices.indices where link.connectedCount < world.devices.count { link.connect(device) }
    for device in world.devices.indices where link.connectedCount == world.devices.count && waiting[device] == 0 { send(device) }
    while answered < requests * batch {
      link.now = LoopTimer.now()
      let ready = try reactor.wait(timeout: link.events.isEmpty ? 100 : 0)
      link.now = LoopTimer.now()
      reactor.dispatch(ready)
      for event in link.events {
        let device = Int(event.device)
        switch event.kind {
        case .connected: send(device)
        case .acknowledged:
          answered += 1
          waiting[device] -= 1
        case .lost, .rejected, .sentAgain, .command:
          print("the server does not take readings: \(event.failure)")
          exit(3)
        }
      }
      link.events.removeAll(keepingCapacity: true)
      for device in world.devices.indices where waiting[device] == 0 { send(device) }
    }
    // The last batches are answered before the next measurement begins.
    while waiting.contains(where: { $0 > 0 }) {
      reactor.dispatch(try reactor.wait(timeout: link.events.isEmpty ? 100 : 0))
      for event in link.events where event.kind == .acknowledged {
        answered += 1
        waiting[Int(event.device)] -= 1
      }
      link.events.removeAll(keepingCapacity: true)
    }
    return answered / batch
  }

  private func send(_ device: Int) {
    while waiting[device] < batch {
      streams[device].sample()
      for ordinal in 0..<streams[device].readingCount where waiting[device] < batch {
        guard link.publish(streams[device].reading(ordinal), of: device, copy: 0, over: device) > 0 else { return }
        waiting[device] += 1
      }
    }
    link.flush(device)
  }
}

struct Usage {
  /// Microseconds of processor time of this process.
  var processor: Int64
  /// Microseconds of the monotonic clock.
  var wall: Int64

  static func current() -> Usage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Usage(
      processor: Int64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000 + Int64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
      wall: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }

  static func - (left: Usage, right: Usage) -> Usage {
    Usage(processor: left.processor - right.processor, wall: left.wall - right.wall)
  }
}
