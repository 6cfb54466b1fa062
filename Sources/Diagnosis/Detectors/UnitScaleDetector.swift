import Reconciliation

/// Values that are a constant multiple of those that were sent, or converted between units that people use. Five with the same factor
/// suffice, of which two have different values.
struct UnitScaleDetector: Detector {
  private struct Conversion {
    var text: String
    var factor: Double
    var offset = 0.0
    /// Whether people convert so; otherwise it was found in the values themselves.
    var isKnown = true
  }

  private static let known: [Conversion] = [
    Conversion(text: "negated", factor: -1), Conversion(text: "multiplied by 1,000", factor: 1_000),
    Conversion(text: "divided by 1,000", factor: 0.001), Conversion(text: "multiplied by 100", factor: 100),
    Conversion(text: "divided by 100", factor: 0.01), Conversion(text: "multiplied by 10", factor: 10),
    Conversion(text: "divided by 10", factor: 0.1), Conversion(text: "multiplied by 1,000,000", factor: 1e6),
    Conversion(text: "divided by 1,000,000", factor: 1e-6), Conversion(text: "multiplied by 3,600", factor: 3_600),
    Conversion(text: "divided by 3,600", factor: 1 / 3_600), Conversion(text: "multiplied by 3.6", factor: 3.6),
    Conversion(text: "divided by 3.6", factor: 1 / 3.6), Conversion(text: "multiplied by 60", factor: 60),
    Conversion(text: "divided by 60", factor: 1 / 60.0), Conversion(text: "multiplied by 1,024", factor: 1_024),
    Conversion(text: "converted from °C to °F", factor: 1.8, offset: 32),
    Conversion(text: "converted from °F to °C", factor: 1 / 1.8, offset: -32 / 1.8),
    Conversion(text: "converted from °C to K", factor: 1, offset: 273.15),
    Conversion(text: "converted from K to °C", factor: 1, offset: -273.15),
  ]

  func detect(_ file: CaseFile) -> [Hypothesis] {
    var rest = file.open(.corrupted).filter { file.cases[$0].rows?.value != nil }
    var found: [Hypothesis] = []
    func take(_ conversion: Conversion) {
      let hits = rest.filter { Self.fits(file.cases[$0], conversion) }
      guard hits.count >= Support.fewest, Set(hits.map { file.cases[$0].value }).count >= 2 else { return }
      // Of values that lie close together, all are off by the same factor that are off by the same amount.
      guard conversion.isKnown || !Self.areOffByTheSame(hits, file) else { return }
      let taken = Set(hits)
      rest.removeAll { taken.contains($0) }
      found.append(hypothesis(conversion, hits, file))
    }
    for conversion in Self.known { take(conversion) }
    // Whatever other factor is the most common one.
    for _ in 0..<3 {
      guard let factor = mostCommonFactor(rest, file) else { break }
      let before = found.count
      take(Conversion(text: "multiplied by \(factor)", factor: factor, isKnown: false))
      if found.count == before { break }
    }
    return found
  }

  private static func areOffByTheSame(_ hits: [Int], _ file: CaseFile) -> Bool {
    let amounts = hits.compactMap { index in file.cases[index].rows?.value.map { $0 - file.cases[index].value } }
    guard let least = amounts.min(), let most = amounts.max() else { return false }
    // Differences of doubles are as exact as the values.
    let scale = hits.reduce(0) { max($0, abs(file.cases[$1].value)) }
    return most - least <= max(1e-3 * max(abs(least), abs(most)), 1e-12 * scale)
  }

  private static func fits(_ item: Case, _ conversion: Conversion) -> Bool {
    guard let found = item.rows?.value, found != item.value else { return false }
    let expected = item.value * conversion.factor + conversion.offset
    return abs(found - expected) <= 1e-9 * max(abs(expected), 1e-3)
  }

  private func mostCommonFactor(_ rest: [Int], _ file: CaseFile) -> Double? {
    let ratios = rest.compactMap { index -> Double? in
      guard let found = file.cases[index].rows?.value, file.cases[index].value != 0, found != 0 else { return nil }
      return found / file.cases[index].value
    }.sorted()
    var best: (count: Int, factor: Double)?
    var start = 0
    for index in ratios.indices {
      while ratios[index] - ratios[start] > 1e-9 * abs(ratios[index]) { start += 1 }
      if index - start + 1 > best?.count ?? 1 { best = (index - start + 1, ratios[(start + index) / 2]) }
    }
    return best?.factor
  }

  private func hypothesis(_ conversion: Conversion, _ hits: [Int], _ file: CaseFile) -> Hypothesis {
    let extent = Extent(hits, file, what: "values")
    return Hypothesis(
      cause: .unitScale, statement: "stores \(extent.text) \(conversion.text)", evidence: [extent.evidence], contract: .value,
      explained: hits, subject: conversion.text, detail: { "\($0.value) became \($0.rows?.value.map { "\($0)" } ?? "NULL")" })
  }
}
