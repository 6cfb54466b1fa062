import CAllocationCount
import FleetSpec
import Glibc
import World

/// What World costs: readings per second and core, allocations per reading, and memory for a million devices.
///
/// `WorldBenchmark speed FLEET...` and `WorldBenchmark memory FLEET`; benchmarks/world makes the fleet files.
@main
struct WorldBenchmark {
  static let leastReadingsPerSecond = 1_000_000.0
  static let mostBytesPerDevice = 400.0
  private static let readings = 2_000_000

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let mode = arguments.first, arguments.count > 1 else {
      print("usage: WorldBenchmark speed FLEET... | memory FLEET")
      exit(2)
    }
    var isMet = true
    do {
      for path in arguments.dropFirst() {
        let fleet = try FleetLoader.loadFleet(path: path, profileFolders: ["firmware-profiles"]).fleet
        isMet = mode == "memory" ? measureMemory(fleet) && isMet : measureSpeed(fleet) && isMet
      }
    } catch {
      print(error)
      exit(2)
    }
    exit(isMet ? 0 : 1)
  }

  /// All devices of a fleet in turn, sample by sample, as a run takes them; over at least a day, so that night and noon have their share.
  private static func measureSpeed(_ fleet: Fleet) -> Bool {
    let world = World(fleet: fleet, start: fleet.start ?? 0)
    let workspace = world.workspace()
    var streams = world.devices.indices.map { world.stream(device: $0, in: workspace) }
    var sum: Int64 = 0
    /// Until the day is over and enough was read.
    func run(until end: Milliseconds, atLeast readings: Int) -> Int {
      var count = 0
      while streams[0].nextSampleTime < end || count < readings {
        for index in streams.indices {
          streams[index].sample()
          for reading in 0..<streams[index].readingCount { sum &+= streams[index].reading(reading).value }
          count += streams[index].readingCount
        }
      }
      return count
    }
    _ = run(until: world.start + 86_400_000, atLeast: 10_000)
    let allocationsBefore = allocation_count()
    let before = cpuSeconds()
    let count = run(until: world.start + 2 * 86_400_000, atLeast: readings)
    let seconds = cpuSeconds() - before
    let allocations = allocation_count() - allocationsBefore
    let speed = Double(count) / seconds
    let isFast = speed >= leastReadingsPerSecond
    let verdict = isFast && allocations == 0 ? "met" : "NOT MET"
    print(
      left(fleet.profiles[0].name, 30) + right(thousands(Int(speed / 1000)) + ",000", 12) + right("\(allocations)", 13)
        + right("\(count / 1_000_000) M", 8) + "  \(verdict)\(sum == 0 ? " (nothing was read)" : "")")
    return isFast && allocations == 0
  }

  /// Resident memory for the streams of all devices, after each has taken a sample.
  private static func measureMemory(_ fleet: Fleet) -> Bool {
    let atStart = residentBytes()
    let world = World(fleet: fleet, start: fleet.start ?? 0)
    let afterWorld = residentBytes()
    let workspace = world.workspace()
    var streams: [DeviceStream] = []
    streams.reserveCapacity(world.devices.count)
    for device in world.devices.indices { streams.append(world.stream(device: device, in: workspace)) }
    var count = 0
    for index in streams.indices {
      streams[index].sample()
      count += streams[index].readingCount
    }
    let afterStreams = residentBytes()
    let devices = Double(world.devices.count)
    let own = Double(afterStreams - afterWorld) / devices
    let tables = Double(afterWorld - atStart) / devices
    print("devices                         \(world.devices.count), \(count) readings in the first sample of each")
    print("stream of a device              \(Int(own)) bytes resident (its struct: \(MemoryLayout<DeviceStream>.stride))")
    print("who is who (World's tables)     \(Int(tables)) bytes a device")
    print("whole process                   \(residentBytes() >> 20) MiB, the parsed fleet file included")
    print("under \(Int(mostBytesPerDevice)) bytes a device         \(own < mostBytesPerDevice ? "met" : "NOT MET")")
    return own < mostBytesPerDevice
  }

  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, 256, file) != nil else { return 0 }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
  }

  private static func thousands(_ count: Int) -> String {
    count < 1000 ? "\(count)" : "\(count / 1000)," + String("\(1000 + count % 1000)".dropFirst())
  }

  private static func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
  private static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}
