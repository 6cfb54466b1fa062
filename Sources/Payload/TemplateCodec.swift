import FleetSpec
import World

/// Messages by a JSON template: what is constant is copied, placeholders are printed in place.
final class TemplateCodec: Codec {
  private struct Step: Sendable {
    enum Kind: Sendable {
      case text, placeholder, padding
    }
    var kind: Kind
    var piece = 0
    var placeholder = JSONTemplate.Placeholder.value
    var inString = false
  }

  /// What a step looks at.
  private struct Message {
    var readings: UnsafeBufferPointer<Reading>
    var device: DeviceIdentity
    var copy: Int
    var malformation: Malformation
    /// Where the device's id was written first, and how long it is.
    var id: UnsafeMutableRawPointer?
    var idLength = 0

    init(_ readings: UnsafeBufferPointer<Reading>, _ device: DeviceIdentity, _ copy: Int) {
      self.readings = readings
      self.device = device
      self.copy = copy
      malformation = readings[0].malformation
    }
  }

  private let pieces: TextPieces
  private let sensors: SensorPieces
  /// Sensor s has its name at 2s and its type at 2s + 1, counted from here.
  private let firstName: Int
  private let programs: [[Step]]
  private let fixedRoom: Int
  private let devicePlaces: Int
  private let roomPerReading: Int
  private let oversize: Int

  init(_ template: JSONTemplate, profile: FirmwareProfile) {
    var pieces = TextPieces()
    firstName = pieces.count
    var longestName = 0
    for sensor in profile.sensors {
      pieces.add(Escaping.json(sensor.name))
      pieces.add(sensor.type.rawValue)
      longestName = max(longestName, Escaping.json(sensor.name).utf8.count)
    }
    sensors = SensorPieces(profile, pieces: &pieces, unit: { Escaping.json($0) }, tail: { Escaping.json($0) })
    let longest = pieces.longest
    var programs: [[Step]] = []
    var room = 0
    var places = 0
    var objects = 0
    for variant in JSONTemplate.Variant.allCases {
      var program: [Step] = []
      room = 0
      for piece in template.pieces(variant) {
        switch piece {
        case .text(let text):
          program.append(Step(kind: .text, piece: pieces.count))
          pieces.add(text)
          room += text.utf8.count
        case .padding: program.append(Step(kind: .padding))
        case .placeholder(let placeholder, let inString):
          program.append(Step(kind: .placeholder, placeholder: placeholder, inString: inString))
          room += 3 * ByteCursor.digitRoom + longest + 16
          if variant == .whole, placeholder.isIdentityOrSite { places += 1 }
          if variant == .whole, placeholder.isOfAllSensors { objects += 1 }
        }
      }
      programs.append(program)
    }
    self.pieces = pieces
    self.programs = programs
    fixedRoom = room + 64
    devicePlaces = places
    roomPerReading = objects * (longestName + longest + 2 * ByteCursor.digitRoom + 8)
    oversize = profile.faults.oversize
  }

  func encode(_ reading: Reading, of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    let begin = buffer.count
    withUnsafePointer(to: reading) {
      write(Message(UnsafeBufferPointer(start: $0, count: 1), device, copy), into: &buffer)
    }
    switch reading.malformation {
    case .truncated: Breakage.truncate(&buffer, from: begin)
    case .syntax: breakSyntax(&buffer, from: begin, lacksEnd: Breakage.lacksEnd(reading))
    default: break
    }
  }

  func encode(_ readings: [Reading], of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    readings.withUnsafeBufferPointer { write(Message($0, device, copy), into: &buffer) }
  }

  private func write(_ whole: Message, into buffer: inout ByteBuffer) {
    var message = whole
    let malformation = message.malformation
    let names = devicePlaces * (Escaping.roomForJSON(message.device.id) + Escaping.roomForJSON(message.device.siteID) + 16)
    let padding = malformation == .oversized ? oversize : 0
    let room = fixedRoom + names + roomPerReading * message.readings.count + padding
    let program = malformation == .missingField ? 1 : malformation == .oversized ? 2 : 0
    let steps = programs[program]
    buffer.write(atMost: room) { cursor in
      for index in steps.indices { put(steps[index], &message, into: &cursor) }
    }
  }

  private func put(_ step: Step, _ message: inout Message, into cursor: inout ByteCursor) {
    switch step.kind {
    case .text: pieces.put(step.piece, into: &cursor)
    case .padding:
      cursor.put("\"padding\":\"")
      cursor.put(UInt8(ascii: "x"), times: oversize)
      cursor.put("\",")
    case .placeholder: put(step.placeholder, inString: step.inString, &message, into: &cursor)
    }
  }

  private func put(_ placeholder: JSONTemplate.Placeholder, inString: Bool, _ message: inout Message, into cursor: inout ByteCursor) {
    let reading = message.readings[0]
    switch placeholder {
    case .eventID:
      putID(&message, into: &cursor)
      cursor.put(UInt8(ascii: ":"))
      cursor.put(Int64(reading.boot))
      cursor.put(UInt8(ascii: ":"))
      cursor.put(reading.sequence)
      if message.copy > 0 {
        cursor.put(":r")
        cursor.put(Int64(message.copy))
      }
    case .deviceID, .assetID: putID(&message, into: &cursor)
    case .siteID: cursor.put(json: message.device.siteID)
    case .sensorID:
      putID(&message, into: &cursor)
      cursor.put(UInt8(ascii: "."))
      putName(reading, into: &cursor)
    case .sensor: putName(reading, into: &cursor)
    case .sensorType: pieces.put(firstName + 2 * Int(reading.sensor) + 1, into: &cursor)
    case .unit: pieces.put(sensors.unit(reading), into: &cursor)
    case .quality: cursor.put(reading.quality.staticLabel)
    case .firmware: pieces.put(sensors.tail(reading), into: &cursor)
    case .encoding: cursor.put(reading.isDifference ? "delta" : "absolute")
    case .value: putValue(reading, into: &cursor)
    case .boot: cursor.put(Int64(reading.boot))
    case .sequence: cursor.put(reading.sequence)
    case .timestamp, .timestampSeconds, .timestampMicroseconds, .timestampNanoseconds, .timestampText:
      putTimestamp(placeholder, inString: inString, reading, into: &cursor)
    case .values, .units, .qualities, .sensorTypes, .sequences: putObject(placeholder, message, into: &cursor)
    }
  }

  private func putObject(_ placeholder: JSONTemplate.Placeholder, _ message: Message, into cursor: inout ByteCursor) {
    cursor.put(UInt8(ascii: "{"))
    for index in message.readings.indices {
      let reading = message.readings[index]
      cursor.put(index == 0 ? "\"" : ",\"")
      putName(reading, into: &cursor)
      cursor.put("\":")
      switch placeholder {
      case .values: putValue(reading, into: &cursor)
      case .sequences: cursor.put(reading.sequence)
      default:
        cursor.put(UInt8(ascii: "\""))
        switch placeholder {
        case .units: pieces.put(sensors.unit(reading), into: &cursor)
        case .qualities: cursor.put(reading.quality.staticLabel)
        default: pieces.put(firstName + 2 * Int(reading.sensor) + 1, into: &cursor)
        }
        cursor.put(UInt8(ascii: "\""))
      }
    }
    cursor.put(UInt8(ascii: "}"))
  }

  private func putID(_ message: inout Message, into cursor: inout ByteCursor) {
    if let id = message.id { return cursor.put(again: id, message.idLength) }
    let start = cursor.position
    message.id = start
    if message.malformation == .unknownDevice { cursor.put(Malformation.unknownPrefix) }
    cursor.put(json: message.device.id)
    message.idLength = cursor.position - start
  }

  private func putName(_ reading: Reading, into cursor: inout ByteCursor) {
    pieces.put(firstName + 2 * Int(reading.sensor), into: &cursor)
  }

  private func putValue(_ reading: Reading, into cursor: inout ByteCursor) {
    switch reading.malformation {
    case .notANumber: cursor.put("NaN")
    case .null: cursor.put("null")
    case .wrongType:
      cursor.put(UInt8(ascii: "\""))
      cursor.put(reading.value, decimals: sensors.decimals(reading))
      cursor.put(UInt8(ascii: "\""))
    default: cursor.put(reading.value, decimals: sensors.decimals(reading))
    }
  }

  /// A timestamp in the wrong format is a text where a number should be, and milliseconds where a text should be.
  private func putTimestamp(
    _ placeholder: JSONTemplate.Placeholder, inString: Bool, _ reading: Reading, into cursor: inout ByteCursor
  ) {
    let isText = placeholder == .timestampText
    if isText != (reading.malformation == .timestampFormat) {
      if !inString { cursor.put(UInt8(ascii: "\"")) }
      cursor.put(instant: reading.timestamp)
      if !inString { cursor.put(UInt8(ascii: "\"")) }
      return
    }
    switch placeholder {
    case .timestampSeconds: cursor.put(reading.timestamp >= 0 ? reading.timestamp / 1000 : (reading.timestamp - 999) / 1000)
    case .timestampMicroseconds: cursor.put(reading.timestamp &* 1000)
    case .timestampNanoseconds: cursor.put(reading.timestamp &* 1_000_000)
    default: cursor.put(reading.timestamp)
    }
  }

  /// Takes away the last byte, or the last quote.
  private func breakSyntax(_ buffer: inout ByteBuffer, from begin: Int, lacksEnd: Bool) {
    let quote = lacksEnd ? nil : buffer.withUnsafeBytes { bytes in bytes.indices.last { $0 >= begin && bytes[$0] == UInt8(ascii: "\"") } }
    buffer.remove(at: quote ?? buffer.count - 1)
  }
}

extension JSONTemplate.Placeholder {
  var isIdentityOrSite: Bool {
    switch self {
    case .eventID, .deviceID, .assetID, .sensorID, .siteID: true
    default: false
    }
  }

  var isOfAllSensors: Bool {
    switch self {
    case .values, .units, .qualities, .sensorTypes, .sequences: true
    default: false
    }
  }
}
