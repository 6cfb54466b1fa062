import Firmware
import Testing

/// What a device understands, and what it does not.
@Suite struct CommandTests {
  @Test(
    arguments: [
      ("reboot", .reboot), (" rebirth\n", .rebirth), ("interval 30s", .interval(30_000)), ("interval=5m", .interval(300_000)),
      ("interval default", .interval(nil)), ("interval 90", .interval(90_000)), (#"{"command":"reboot"}"#, .reboot),
      (#"{ "command" : "interval", "value" : "2m" }"#, .interval(120_000)), (#"{"value": 15, "command": "interval"}"#, .interval(15_000)),
      (#"{"command":"interval","value":"default","id":7}"#, .interval(nil)),
    ] as [(String, DeviceCommand)])
  func understood(text: String, command: DeviceCommand) {
    #expect(DeviceCommand(Array(text.utf8)) == command)
  }

  @Test(
    arguments: [
      "", "{}", "dance", "reboot now", "interval", "interval -5s", "interval 0", "interval soon", "interval 1s 2s", "[\"reboot\"]",
      #"{"command":"reboot"} {}"#, #"{"command":{"a":1}}"#, #"{"command":"interval","value":-3}"#, #"{"command":"inter\u0076al"}"#,
      "{\"command\":",
      "{\"command\":\"reboot\"", "interval 400000d", String(repeating: "reboot ", count: 200),
    ])
  func notUnderstood(text: String) {
    #expect(DeviceCommand(Array(text.utf8)) == nil)
  }

  @Test func bytesThatAreNoText() {
    for byte in UInt8.min...UInt8.max { #expect(DeviceCommand([byte, 0xFF, 0x00]) == nil) }
  }
}
