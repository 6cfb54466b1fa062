import Diagnosis
import Foundation
import Reconciliation

/// The files that machines read.
public enum ResultFiles {
  /// `verdicts.json`, ended by a line feed; keys are sorted, so that equal results are equal files.
  public static func json(_ result: ReconciliationResult, diagnosis: Diagnosis? = nil) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(Verdicts(result: result, diagnosis: diagnosis)) + Data("\n".utf8)
  }

  /// A result with one more member.
  private struct Verdicts: Encodable {
    var result: ReconciliationResult
    var diagnosis: Diagnosis?

    enum CodingKeys: String, CodingKey { case diagnosis }

    func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(diagnosis, forKey: .diagnosis)
    }
  }

  /// The same from a run's report; a run that was never reconciled has one test case, with an error.
  public static func junit(_ report: RunReport) -> String {
    if let result = report.result { return junit(result) }
    let name = escape(report.fleet.name)
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="1" failures="0" errors="1">
        <testsuite name="heliograph \(name)" tests="1" failures="0" errors="1">
          <testcase classname="heliograph.verdicts" name="run is reconciled">
            <error message="the run was not reconciled yet: heliograph reconcile \(escape(report.folder))"/>
          </testcase>
        </testsuite>
      </testsuites>

      """
  }

  /// `junit.xml`: one test case for each threshold.
  public static func junit(_ result: ReconciliationResult) -> String {
    let failures = result.thresholds.filter { !$0.met }.count
    let pending = result[.pending]
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
    let count = result.thresholds.count + 1
    lines.append("<testsuites tests=\"\(count)\" failures=\"\(failures)\" errors=\"\(pending > 0 ? 1 : 0)\">")
    lines.append(
      "  <testsuite name=\"heliograph \(escape(result.fleet))\" tests=\"\(count)\" failures=\"\(failures)\""
        + " errors=\"\(pending > 0 ? 1 : 0)\" timestamp=\"\(escape(result.startedAt))\">")
    lines.append("    <properties>")
    lines.append("      <property name=\"run_id\" value=\"\(escape(result.runID))\"/>")
    lines.append("      <property name=\"seed\" value=\"\(result.seed)\"/>")
    lines.append("      <property name=\"readings\" value=\"\(result.readings)\"/>")
    lines.append("    </properties>")
    for threshold in result.thresholds { lines += testCase(threshold, result) }
    lines.append("    <testcase classname=\"heliograph.store\" name=\"store has caught up\">")
    if pending > 0 { lines.append("      <error message=\"\(pending) readings are pending\"/>") }
    lines.append("    </testcase>")
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func testCase(_ threshold: ThresholdResult, _ result: ReconciliationResult) -> [String] {
    let name = "\(threshold.verdict) at most \(threshold.limit)"
    guard !threshold.met else {
      return ["    <testcase classname=\"heliograph.verdicts\" name=\"\(escape(name))\"/>"]
    }
    var lines = ["    <testcase classname=\"heliograph.verdicts\" name=\"\(escape(name))\">"]
    let findings = result.findings.filter { $0.subject == threshold.verdict }
    let text = findings.flatMap { [$0.title] + $0.evidence }.joined(separator: "\n")
    lines.append("      <failure message=\"\(threshold.actual) \(escape(threshold.verdict))\">\(escape(text))</failure>")
    lines.append("    </testcase>")
    return lines
  }

  private static func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
