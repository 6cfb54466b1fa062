/// A part of a message.
struct Slice {
  var start: Int32 = 0
  var end: Int32 = 0
  var count: Int { Int(end - start) }

  func bytes(in message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: message[Int(start)..<Int(end)])
  }

  func text(in message: UnsafeRawBufferPointer) -> String { String(decoding: bytes(in: message), as: UTF8.self) }
}

/// A valid event; its texts are still parts of the message that it was read from.
struct Event {
  var eventID = Slice()
  var siteID = Slice()
  var assetID = Slice()
  var sensorType = Slice()
  var sensorID = Slice()
  var unit = Slice()
  var quality = Slice()
  /// The JSON object as it stands in the message.
  var metadata = Slice()
  var source = Slice()
  /// The number as it stands in the message.
  var valueText = Slice()
  /// Milliseconds since 1970, on the device's clock.
  var timestamp: Int64 = 0
  var value: Double = 0
  /// From the event id.
  var boot: Int64 = 0
  /// From the event id.
  var seq: Int64 = 0

  var key: ReadingKey = ReadingKey(sensor: 0, timestamp: 0)
}

/// Identity of a reading: 128 bits, of which 64 are a hash of the sensor's id and 64 the timestamp.
///
/// Two of a million sensors share a hash with a probability of 3e-8 (birthday bound: n^2 / 2^65).
struct ReadingKey: Hashable {
  var sensor: UInt64
  /// Milliseconds since 1970.
  var timestamp: Int64

  init(sensor: UInt64, timestamp: Int64) {
    self.sensor = sensor
    self.timestamp = timestamp
  }

  init(sensorID: UnsafeRawBufferPointer, timestamp: Int64) {
    // FNV-1a, then the finaliser of SplitMix64 to spread its weak low bits.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in sensorID { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    self.init(sensor: mix(hash), timestamp: timestamp)
  }

  /// 64 well mixed bits that depend on the key and a salt.
  func hash(_ salt: UInt64) -> UInt64 { mix(mix(sensor ^ salt) ^ UInt64(bitPattern: timestamp)) }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(_ input: UInt64) -> UInt64 {
  var z = input &+ 0x9e37_79b9_7f4a_7c15
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
