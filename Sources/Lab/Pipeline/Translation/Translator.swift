import Glibc

/// Turns messages of every notation that Heliograph's devices speak into telemetry events, one for each reading.
///
/// What it does not know, or cannot read, goes on as it is: the validation of events says what is wrong with it.
final class Translator {
  /// Edge nodes that shall send their births again: topic and payload of the command.
  private(set) var commands: [(topic: String, payload: [UInt8])] = []
  private var sparkplug = SparkplugReader()

  /// Calls `body` with each event in JSON; the pointer is valid during the call only.
  func translate(topic: UnsafePointer<CChar>?, _ message: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard let first = message.first else { return body(message) }
    if let topic, strncmp(topic, SparkplugReader.prefix, SparkplugReader.prefix.utf8.count) == 0 {
      for event in sparkplug.read(topic: String(cString: topic), message) { event.withUnsafeBytes(body) }
      commands += sparkplug.takeCommands()
      return
    }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: " "): spread(message, body)
    case 0xa0...0xbf:
      guard let text = CBORReader.json(message) else { return body(message) }
      text.withUnsafeBytes { spread($0, body) }
    default:
      guard let text = LineReader.json(message) else { return body(message) }
      text.withUnsafeBytes(body)
    }
  }

  func takeCommands() -> [(topic: String, payload: [UInt8])] {
    defer { commands.removeAll() }
    return commands
  }

  /// One event for each reading of a wide one.
  private func spread(_ message: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard WideEvent.looksLike(message), let wide = WideEvent(message) else { return body(message) }
    for event in wide.events(message) { event.withUnsafeBytes(body) }
  }
}

/// Text of a telemetry event.
enum EventText {
  /// A JSON string with its quotes.
  static func quoted(_ text: String) -> String { LineFile.quote(text) }
}
