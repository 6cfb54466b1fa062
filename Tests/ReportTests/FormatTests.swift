import Foundation
import Testing

@testable import Report

@Suite struct FormatTests {
  /// Each line of a table has the same number of cells, and nothing in a cell is taken for markup.
  @Test func markdownTablesAreWellFormed() throws {
    let run = try WrittenRun()
    let other = try WrittenRun(losses: 2)
    let report = try run.report()
    let text = MarkdownReport(report, comparison: Comparison(report, against: try other.report())).text
    var columns: Int?
    var tables = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let bare = line.replacingOccurrences(of: "\\|", with: "")
      let count = bare.filter { $0 == "|" }.count
      if columns == nil { tables += 1 }
      #expect(count == columns ?? count && line.hasSuffix("|"), "\(line)")
      columns = count
    }
    #expect(tables == 3)
    #expect(text.hasPrefix("## ❌ FAILED: written\n") && text.contains("| lost | 5 |") && text.contains("**missed**"))
    #expect(text.contains("heliograph explain \(run.folder.path) --device d-1 --seq 0"))
    #expect(text.contains("### What the pipeline does\n\n- **80.00 %** of what is wrong: it loses all readings of site a\\|b \\<i>"))
    #expect(text.contains("4 of 4 of them are missing") && text.contains("doubt: it could as well be device d-1"))
    #expect(text.contains("`heliograph explain \(run.folder.path) --device d-1 --seq 3`"))
    #expect(text.contains("20.00 % is not explained") && text.contains("separated best by device d-2"))
    #expect(text.contains("\\<script>") && !text.contains(" <script") && text.contains("column a\\|b"))
  }

  @Test func junitParses() throws {
    let run = try WrittenRun()
    let document = try ReadPage(ResultFiles.junit(try run.report()))
    #expect(document.count("testcase") == 2 && document.count("failure") == 1)
    let never = try ReadPage(ResultFiles.junit(try WrittenRun(isJudged: false).report()))
    #expect(never.count("testcase") == 1 && never.count("error") == 1)
  }

  @Test func jsonHoldsTheVerdictsAndTheFigures() throws {
    let report = try WrittenRun().report()
    let text = try JSONReport(report).text()
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(document["schema"] as? String == "heliograph.report/1" && document["outcome"] as? String == "failed")
    let verdicts = try #require((document["verdicts"] as? [String: Any])?["verdicts"] as? [String: Int])
    #expect(verdicts["lost"] == 5 && verdicts.count == 14)
    let diagnosis = try #require(document["diagnosis"] as? [String: Any])
    let cause = try #require((diagnosis["findings"] as? [[String: Any]])?.first)
    #expect(cause["cause"] as? String == "loss_by_site" && cause["explained"] as? Int == 4 && diagnosis["bad"] as? Int == 5)
    let evidence = try #require((cause["evidence"] as? [[String: Any]])?.first)
    #expect(evidence["other_harmed"] as? Int == 1 && ((cause["examples"] as? [[String: Any]])?.first)?["device_id"] as? String == "d-1")
    let latencies = try #require(document["latencies"] as? [String: Any])
    #expect((latencies["publish_to_acknowledgement"] as? [String: Any])?["p99_ms"] as? Double == 24)
    let time = try #require(document["over_time"] as? [String: Any])
    #expect((time["measured_per_second"] as? [Any])?.count == report.figures.grid.columns)
  }

  @Test func passwordsAreTakenOutOfURLs() {
    #expect(Redaction.fleetFile("url: postgresql://u:secret@host/x?y") == "url: postgresql://u:***@host/x?y")
    #expect(Redaction.fleetFile("url: \"mqtts://host:8883\"\nb: x@y:z") == "url: \"mqtts://host:8883\"\nb: x@y:z")
    #expect(HTMLReport.place("postgresql://u:secret@host:8812/qdb") == "host:8812")
  }
}
