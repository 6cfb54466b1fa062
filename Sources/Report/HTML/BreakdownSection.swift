import Drawing
import FleetSpec
import Reconciliation

/// Heat maps as tables: each cell says its number, so that nothing depends on its colour.
extension HTMLReport {
  private static let mostRows = 30

  func writeBreakdown(_ html: HTMLWriter) {
    html.section(
      "where", "Where and when",
      "Readings by the moment of their measurement. A cell counts those with a verdict that the contract does not permit."
    ) {
      guard let breakdown = report.statistics?.breakdown else {
        let why =
          report.result == nil
          ? "Not judged yet."
          : "Not recorded, or interrupted on the way: reconcile the run once more (heliograph reconcile \(report.folder))."
        html.text("p", why, class: "nothing")
        return
      }
      let isClean = breakdown.tables.allSatisfy { $0.rows.allSatisfy { Self.bad($0) == 0 } }
      if !isClean { writeKey(html) }
      if breakdown.readingsAreSpread {
        html.text(
          "p", "How many readings a cell has is reckoned from longer stretches; sums of rows and all other counts are exact.", class: "soft"
        )
      }
      for table in breakdown.tables {
        html.text("h3", "By \(table.name)")
        if isClean { writeTotals(table, html) } else { writeHeat(table, breakdown, html) }
      }
    }
  }

  private static func bad(_ row: VerdictBreakdown.Row) -> Int64 { notPermitted.reduce(0) { $0 + row.total($1) } }
  private static func readings(_ row: VerdictBreakdown.Row) -> Int64 { row.readings.reduce(0, +) }

  private static func other(_ row: VerdictBreakdown.Row) -> Int64 {
    Verdict.allCases.filter { $0 != .stored && !notPermitted.contains($0) }.reduce(0) { $0 + row.total($1) }
  }

  private func writeKey(_ html: HTMLWriter) {
    html.out.raw(
      """
      <div class="key"><span>Share of the cell's readings that is not permitted:</span><table class="heat"><tbody><tr><td class="l0">0</td>\
      <td class="l1">below 0.1 %</td><td class="l2">below 1 %</td><td class="l3">below 10 %</td><td class="l4">10 % and more</td>\
      <td class="none">· no readings</td></tr></tbody></table></div>

      """)
  }

  private func writeTotals(_ table: VerdictBreakdown.Table, _ html: HTMLWriter) {
    let rows = table.rows.prefix(Self.mostRows)
    html.table(
      [HTMLWriter.Cell(Self.heading(table.name)), .number("Readings"), .number("Not permitted"), .number("Not stored, permitted")],
      rows.map {
        HTMLWriter.Row(cells: [
          HTMLWriter.Cell($0.name, "nowrap"), .number(Numbers.text(Double(Self.readings($0)))), .number("0"),
          .number(Numbers.text(Double(Self.other($0)))),
        ])
      })
    writeRest(table, shown: rows.count, html)
  }

  private static func heading(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

  private func writeRest(_ table: VerdictBreakdown.Table, shown: Int, _ html: HTMLWriter) {
    guard table.rows.count > shown else { return }
    html.text("p", "\(shown) of \(Numbers.count(table.rows.count)) rows, the worst first; statistics.json has them all.", class: "soft")
  }

  private func writeHeat(_ table: VerdictBreakdown.Table, _ breakdown: VerdictBreakdown, _ html: HTMLWriter) {
    let slots = table.rows.first?.readings.count ?? 0
    // Sites that nothing sets apart stay in their order.
    let order = table.rows.indices.sorted {
      let (left, right) = (Self.share(table.rows[$0]), Self.share(table.rows[$1]))
      return left == right ? $0 < $1 : left > right
    }
    let shown = order.prefix(Self.mostRows)
    var head = [HTMLWriter.Cell(Self.heading(table.name))]
    head += (0..<slots).map { HTMLWriter.Cell(slotLabel($0, breakdown, of: slots)) }
    head += [.number("Not permitted"), .number("of readings")]
    let rows = shown.map { index -> HTMLWriter.Row in
      let row = table.rows[index]
      var cells = [HTMLWriter.Cell(row.name)]
      cells += (0..<slots).map { cell(row, $0, breakdown) }
      cells.append(.number("\(Numbers.text(Double(Self.bad(row)))) (\(Terminal.share(Self.bad(row), of: Self.readings(row))))"))
      cells.append(.number(Numbers.text(Double(Self.readings(row)))))
      return HTMLWriter.Row(cells: cells)
    }
    html.table(head, rows, class: "heat")
    writeRest(table, shown: rows.count, html)
  }

  private static func share(_ row: VerdictBreakdown.Row) -> Double { Double(bad(row)) / Double(max(1, readings(row))) }

  private func cell(_ row: VerdictBreakdown.Row, _ slot: Int, _ breakdown: VerdictBreakdown) -> HTMLWriter.Cell {
    let bad = row.count(Self.notPermitted, slot: slot)
    let readings = row.readings[slot]
    let title = tooltip(row, slot, breakdown, bad: bad)
    if readings == 0 && bad == 0 { return HTMLWriter.Cell("·", "none", title: title) }
    return HTMLWriter.Cell(Readable.short(bad), "l\(Self.level(bad, of: readings))", title: title)
  }

  static func level(_ bad: Int64, of readings: Int64) -> Int {
    guard bad > 0 else { return 0 }
    let share = Double(bad) / Double(max(1, readings))
    return share < 0.001 ? 1 : share < 0.01 ? 2 : share < 0.1 ? 3 : 4
  }

  private func tooltip(_ row: VerdictBreakdown.Row, _ slot: Int, _ breakdown: VerdictBreakdown, bad: Int64) -> String {
    let begin = breakdown.from + breakdown.slot * Milliseconds(slot)
    let end = begin + breakdown.slot
    let what = Self.notPermitted.compactMap { verdict -> String? in
      let count = row.verdicts[verdict.rawValue]?[slot] ?? 0
      return count > 0 ? "\(Numbers.text(Double(count))) \(VerdictWords.label(verdict.rawValue))" : nil
    }
    let list = what.isEmpty ? "" : ": " + what.joined(separator: ", ")
    return
      "\(row.name), \(Readable.clock(begin, step: breakdown.slot)) to \(Readable.clock(end, step: breakdown.slot)): \(Numbers.text(Double(bad)))"
      + " of \(Numbers.text(Double(row.readings[slot]))) not permitted\(list)"
  }

  /// Every label where there is room, otherwise every other one.
  private func slotLabel(_ slot: Int, _ breakdown: VerdictBreakdown, of slots: Int) -> String {
    let begin = breakdown.from + breakdown.slot * Milliseconds(slot)
    if breakdown.slot >= 86_400_000 { return String(Units.format(instant: begin).dropFirst(5).prefix(5)) }
    let clock = Readable.clock(begin, step: breakdown.slot)
    // Seconds within a minute that is named already.
    if breakdown.slot % 60_000 != 0 && slot > 0 && begin % 60_000 != 0 { return ":" + clock.suffix(2) }
    return begin % 60_000 == 0 ? String(clock.prefix(5)) : clock
  }
}
