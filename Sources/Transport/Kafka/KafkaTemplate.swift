import FleetSpec
import Payload
import World

/// A template of a key, topic or header, compiled for each sensor of each profile: what is left to do for a reading is to copy bytes.
struct KafkaTemplate {
  private enum Segment {
    case site
    case device
    /// Bytes of `text`.
    case text(Int, Int)
  }

  private var text: [UInt8] = []
  private var segments: [Segment] = []
  /// By sensor, counted over all profiles, where its segments begin; and the end.
  private var begins: [Int] = []

  /// - Parameter template: checked already; braces around anything that is no placeholder stay as they are.
  init(_ template: String, profiles: [FirmwareProfile]) {
    for sensor in profiles.flatMap(\.sensors) {
      begins.append(segments.count)
      compile(template, sensor)
    }
    begins.append(segments.count)
  }

  private mutating func compile(_ template: String, _ sensor: Sensor) {
    let first = segments.count
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      add(String(rest[..<open]), first)
      let tail = rest[open...]
      guard let close = tail.firstIndex(of: "}") else { break }
      switch tail[tail.index(after: open)..<close] {
      case "site_id": segments.append(.site)
      case "device_id", "asset_id": segments.append(.device)
      case "sensor_id":
        segments.append(.device)
        add("." + sensor.name, first)
      case "sensor": add(sensor.name, first)
      case "sensor_type": add(sensor.type.rawValue, first)
      default: add(String(tail[...close]), first)
      }
      rest = tail[tail.index(after: close)...]
    }
    add(String(rest), first)
  }

  /// - Parameter first: the sensor's first segment; texts in a row become one.
  private mutating func add(_ more: String, _ first: Int) {
    guard !more.isEmpty else { return }
    let from = text.count
    text += Array(more.utf8)
    if segments.count > first, case .text(let begin, let end) = segments[segments.count - 1], end == from {
      segments[segments.count - 1] = .text(begin, text.count)
    } else {
      segments.append(.text(from, text.count))
    }
  }

  /// - Parameter sensor: counted over all profiles.
  func append(sensor: Int, of device: Int, in world: World, into buffer: inout ByteBuffer) {
    for index in begins[sensor]..<begins[sensor + 1] {
      switch segments[index] {
      case .site: buffer.append(string: world.devices[device].siteID)
      case .device: buffer.append(string: world.devices[device].id)
      case .text(let from, let to): text.withUnsafeBytes { buffer.append(bytes: UnsafeRawBufferPointer(rebasing: $0[from..<to])) }
      }
    }
  }
}
