import Foundation
import Testing

/// Our own rules, as far as a machine can see them.
@Suite struct TidyTests {
  private func files(_ folders: [String], suffix: String) -> [(path: String, text: String)] {
    folders.flatMap { folder -> [(path: String, text: String)] in
      let root = Program.repository.appendingPathComponent(folder)
      let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
      return paths.filter { $0.hasSuffix(suffix) }.sorted().compactMap { path in
        (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)).map { ("\(folder)/\(path)", $0) }
      }
    }
  }

  @Test func filesStayShort() {
    let swift = files(["Sources", "Tests"], suffix: ".swift")
    #expect(swift.count > 150)
    for file in swift { #expect(file.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 400, "\(file.path)") }
  }

  @Test func nothingIsLeftForLater() {
    for file in files(["Sources"], suffix: ".swift") {
      for word in ["TO" + "DO", "FIX" + "ME", "try" + "!", "as" + "! "] { #expect(!file.text.contains(word), "\(file.path): \(word)") }
    }
  }

  @Test func testsDoNotSleep() {
    // The one poll with a deadline is in `wait(for:)` and its like.
    for file in files(["Tests"], suffix: ".swift") { #expect(!file.text.contains("Task." + "sleep"), "\(file.path)") }
  }

  @Test func worldAndPayloadStayPure() {
    for file in files(["Sources/World", "Sources/Payload"], suffix: ".swift") {
      for word in ["import Foundation", "SystemRandomNumberGenerator", "Hasher", "clock_gettime", "time(nil)"] {
        #expect(!file.text.contains(word), "\(file.path): \(word)")
      }
    }
  }

  /// Arrows between modules point down only, as the design draws them.
  @Test func modulesImportDownwardsOnly() {
    let order = [
      "FleetSpec", "Drawing", "World", "Payload", "Plot", "Reactor", "Firmware", "Certificates", "Transport", "Ledger", "Store",
      "Simulation", "Reconciliation", "Lab", "Doctor", "Report", "heliograph",
    ]
    for (rank, module) in order.enumerated() {
      for file in files(["Sources/\(module)"], suffix: ".swift") {
        for line in file.text.split(separator: "\n") where line.hasPrefix("import ") {
          guard let other = order.firstIndex(of: String(line.dropFirst(7))) else { continue }
          #expect(other < rank, "\(file.path) imports \(order[other])")
        }
      }
    }
  }
}
