import FleetSpec
import Foundation
import Reconciliation
import Testing

@testable import Report

@Suite struct HTMLReportTests {
  @Test func thePageSaysWhatTheVerdictsSay() throws {
    let run = try WrittenRun()
    let report = try run.report()
    let page = try ReadPage(HTMLReport(report))
    #expect(
      page.headings == [
        "Summary", "Thresholds and contract", "Verdicts", "Findings", "Where and when", "Traffic", "What the devices went through",
        "Simulator", "Configuration", "How to reproduce",
      ])
    let result = try #require(report.result)
    for verdict in Verdict.allCases {
      let label = VerdictWords.label(verdict.rawValue)
      let row = try #require(page.rows.first { $0.count == 5 && ($0[0] == label || $0[0] == "✕ \(label)") }, "\(label)")
      #expect(row[1] == Terminal.number(result[verdict]), "\(label)")
    }
    #expect(page.text.contains("<strong>FAILED</strong>"))
    #expect(page.rows("lost").contains { $0.contains { $0.contains("missed") } })
    // Six figures of traffic, and those of the devices and of the simulator.
    #expect(page.count("figure") == 13 && page.count("svg") >= 11)
    #expect(page.text.contains("Not observable: the table tells no arrivals."))
  }

  @Test func theHeatMapAddsUpToTheVerdicts() throws {
    let run = try WrittenRun(duration: "24h", losses: 300)
    let page = try ReadPage(HTMLReport(try run.report()))
    let table = try #require(run.breakdown.tables.first { $0.name == "site" })
    #expect(table.rows[0].readings.count == 24 && table.rows.count == 3)
    for row in table.rows {
      let cells = try #require(page.rows(row.name).first)
      let bad = row.total(.lost)
      #expect(cells.dropFirst().prefix(24).compactMap { Int64($0) }.reduce(0, +) == bad, "\(row.name)")
      #expect(cells[25].hasPrefix("\(bad) (") && cells[26] == Terminal.number(row.readings.reduce(0, +)))
    }
    // The worst comes first.
    #expect(page.rows.first { $0.count == 27 && $0[0] != "Site" }?[0] == "site-001")
  }

  @Test func aPageNeedsNothingElseAndTellsNoSecret() throws {
    let page = try ReadPage(HTMLReport(try WrittenRun().report()))
    let allowed = ["http://www.w3.org/1999/xhtml"]
    for (name, attributes) in page.elements {
      #expect(!["script", "img", "iframe", "object", "embed", "link", "form"].contains(name), "\(name)")
      for (key, value) in attributes where !allowed.contains(value) {
        #expect(!key.hasPrefix("on") && key != "src", "\(name) \(key)")
        #expect(!value.contains("http:") && !value.contains("https:") && !value.contains("//"), "\(name) \(key)=\(value)")
        if value.contains("url(") { #expect(value.hasPrefix("url(#"), "\(value)") }
      }
    }
    #expect(!Stylesheet.text.contains("url(") && !Stylesheet.text.contains("@import"))
    #expect(!page.text.contains("hunter2") && page.text.contains("reader:***@"))
    #expect(!page.text.contains("<script") && page.text.contains("&lt;script&gt;"))
  }

  @Test func aDayOfAHundredSitesStaysSmall() throws {
    let run = try WrittenRun(duration: "24h", sites: 100, losses: 1_000)
    let bytes = try ReadPage.bytes(HTMLReport(try run.report()))
    #expect(bytes.count < 2_000_000, "\(bytes.count)")
    let page = try ReadPage(String(decoding: bytes, as: UTF8.self))
    #expect(page.text.contains("30 of 100 rows"))
    // A column for every ten minutes, and a tooltip for each.
    #expect(try run.report().figures.grid.columns == 145)
    #expect(page.count("title") > 1_000)
  }

  @Test func anOlderLedgerIsShownWithWhatItHas() throws {
    let page = try ReadPage(HTMLReport(try WrittenRun(isRecorded: false).report()))
    #expect(page.text.contains(HTMLReport.notRecorded))
    #expect(page.headings.contains("Verdicts") && page.rows("lost").count >= 1)
  }

  @Test func aRunThatWasNeverJudgedHasNoVerdict() throws {
    let report = try WrittenRun(isJudged: false).report()
    #expect(report.outcome == .noVerdict)
    let page = try ReadPage(HTMLReport(report))
    #expect(page.text.contains("<strong>NO VERDICT</strong>") && page.text.contains("heliograph reconcile"))
  }

  @Test func equalRunsGiveEqualPages() throws {
    let run = try WrittenRun()
    #expect(try ReadPage.bytes(HTMLReport(run.report())) == ReadPage.bytes(HTMLReport(run.report())))
  }

  /// What the page says, word by word; written anew with HELIOGRAPH_WRITE_GOLDEN=1.
  @Test func thePageSaysWhatItSaidBefore() throws {
    let run = try WrittenRun()
    let page = try ReadPage(HTMLReport(try run.report()))
    let said = page.outline.joined(separator: "\n").replacingOccurrences(of: run.folder.path, with: "RUN") + "\n"
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden/page.txt"
    if ProcessInfo.processInfo.environment["HELIOGRAPH_WRITE_GOLDEN"] != nil {
      try said.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let golden = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    let lines = said.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == golden.count)
    for (line, other) in zip(lines, golden) where line != other {
      Issue.record("the page says '\(line)', it said '\(other)'")
      break
    }
  }

  @Test func levelsOfHeat() {
    let levels = [(0, 100), (1, 2_000), (1, 1_000), (9, 1_000), (10, 1_000), (99, 1_000), (100, 1_000), (5, 0)].map {
      HTMLReport.level(Int64($0.0), of: Int64($0.1))
    }
    #expect(levels == [0, 1, 2, 2, 3, 3, 4, 4])
  }
}
