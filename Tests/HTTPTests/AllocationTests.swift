import CAllocationCount
import Foundation
import TestSupport
import Testing

@testable import Transport

@Suite(.serialized) struct AllocationTests {
  /// Gathering readings takes no memory once requests of this size have been seen; libcurl's own is its own affair.
  @Test(.enabled(if: Build.isOptimised)) func gatheringAllocatesNothing() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port) { $0.batchDelay = 60_000 }
    #expect(try bench.publishAll(200))
    var payload = "{\"n\":1,\"value\":21.50,\"unit\":\"W\"}"
    payload.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      let before = allocation_count()
      var taken = 0
      for _ in 0..<19 where bench.fleet.publish(0, payload: raw, isAlone: false) > 0 { taken += 1 }
      #expect(allocation_count() == before)
      #expect(taken == 19)
    }
  }

  @Test func packedBodiesAreWhatTheyWere() throws {
    var source = StableBytes()
    var packed = StableBytes()
    defer {
      source.release()
      packed.release()
    }
    let encoder = try GzipEncoder()
    for length in [0, 1, 500, 40_000] {
      source.removeAll()
      packed.removeAll()
      for index in 0..<length { source.append(UInt8(truncatingIfNeeded: index &* index)) }
      encoder.pack(source, into: &packed)
      let folder = NSTemporaryDirectory() + "hl-gzip-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let bytes = Data(bytes: try #require(packed.base), count: packed.count)
      try bytes.write(to: URL(fileURLWithPath: folder))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/gzip")
      process.arguments = ["-dc", folder]
      process.standardInput = FileHandle.nullDevice
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let plain = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && plain.count == length)
      #expect(plain.indices.allSatisfy { plain[$0] == UInt8(truncatingIfNeeded: $0 &* $0) })
    }
  }
}
