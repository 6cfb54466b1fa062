import FleetSpec
import Testing
import World

@testable import Firmware

@Suite struct SizeTests {
  /// What each connection of a fleet keeps in place; most of it is the stream's and the schedules'.
  @Test func aFirmwareIsSmall() {
    #expect(MemoryLayout<ReadingBuffer>.size <= 32)
    #expect(MemoryLayout<DeviceFirmware>.size <= 328, "\(MemoryLayout<DeviceFirmware>.size)")
  }
}
