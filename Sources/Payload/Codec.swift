import FleetSpec
import World

/// Makes messages of the readings of all devices of a profile.
///
/// A class, so that a link holds it without a copy: encoding allocates nothing as long as the buffer need not grow.
public protocol Codec: AnyObject, Sendable {
  /// Appends the message of one reading, broken as the reading says.
  ///
  /// - Parameters:
  ///   - device: who measured it.
  ///   - copy: above 0, it is sent again under a new id, which ends in `:r` and this number.
  func encode(_ reading: Reading, of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer)
  /// Appends the message of readings that a `ReadingGroup` has gathered.
  ///
  /// - Parameter readings: at least one.
  func encode(_ readings: [Reading], of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer)
}

/// The codecs, by their names in a firmware profile.
public enum Codecs {
  /// The codec of a profile's messages. Sparkplug has connections with a state of their own: see `SparkplugNode`.
  public static func codec(of profile: FirmwareProfile) -> any Codec {
    switch profile.payload.codec {
    case .json:
      if let template = profile.payload.template { return TemplateCodec(template, profile: profile) }
      return EventCodec(profile: profile)
    case .lineProtocol: return LineProtocolCodec(profile: profile)
    case .cbor: return CBORCodec(profile: profile)
    case .sparkplug: return SparkplugCodec(profile: profile)
    }
  }
}

/// The telemetry event in JSON; several readings as `JSONTemplate.wideEvent`.
final class EventCodec: Codec {
  private let narrow: EventEncoder
  private let wide: TemplateCodec

  init(profile: FirmwareProfile) {
    narrow = EventEncoder(profile: profile)
    wide = TemplateCodec(.wideEvent, profile: profile)
  }

  func encode(_ reading: Reading, of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    narrow.encode(reading, of: device, copy: copy, into: &buffer)
  }

  func encode(_ readings: [Reading], of device: DeviceIdentity, copy: Int, into buffer: inout ByteBuffer) {
    wide.encode(readings, of: device, copy: copy, into: &buffer)
  }
}

/// What codecs share about breaking messages on purpose.
enum Breakage {
  /// The share of its bytes that is left of a truncated payload, in percent.
  static let truncatedPercent = 60

  /// Every other reading with a broken syntax lacks its last brace, the rest a quote.
  static func lacksEnd(_ reading: Reading) -> Bool { reading.seq % 2 == 0 }

  /// Leaves of a message that begins at `begin` its first part.
  static func truncate(_ buffer: inout ByteBuffer, from begin: Int) {
    buffer.truncate(to: begin + (buffer.count - begin) * truncatedPercent / 100)
  }
}
