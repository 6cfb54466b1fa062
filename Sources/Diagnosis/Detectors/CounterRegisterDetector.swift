import Reconciliation

/// Counters that are off by the size of a register: 2^16, 2^31 or 2^32 steps of a power of ten. Three with the same difference suffice.
struct CounterRegisterDetector: Detector {
  func detect(_ file: CaseFile) -> [Hypothesis] {
    var groups: [Int64: [Int]] = [:]
    for index in file.open(.corrupted) where file.cases[index].traits.contains(.isCounter) {
      guard let found = file.cases[index].rows?.value else { continue }
      let difference = (found - file.cases[index].value).rounded()
      guard abs(difference) >= 60, abs(difference) < 1e15, let size = Self.register(difference) else { continue }
      groups[size, default: []].append(index)
    }
    return groups.filter { $0.value.count >= 3 }.sorted { $0.key < $1.key }.map { hypothesis($0.key, $0.value, file) }
  }

  private static func register(_ difference: Double) -> Int64? {
    for bits in [15, 16, 31, 32, 63] as [Int64] {
      var scale = 1.0
      for _ in 0..<4 {
        let size = (Double(UInt64(1) << UInt64(bits)) / scale).rounded()
        if abs(abs(difference) - size) < 0.75 { return difference < 0 ? -Int64(size) : Int64(size) }
        scale *= 10
      }
    }
    return nil
  }

  private func hypothesis(_ size: Int64, _ hits: [Int], _ file: CaseFile) -> Hypothesis {
    let extent = Extent(hits, file, what: "counter readings") { $0.traits.contains(.isCounter) }
    return Hypothesis(
      cause: .counterRollOver,
      statement:
        "\(size > 0 ? "adds" : "takes") \(Phrases.number(Int64(size.magnitude))) \(size > 0 ? "to" : "from") \(extent.text), the size of a register",
      evidence: [extent.evidence], contract: .value, explained: hits,
      detail: { "\($0.value) became \($0.rows?.value.map { "\($0)" } ?? "NULL")" })
  }
}
