import Diagnosis
import Foundation
import Reconciliation

/// What the pipeline does, as far as a run that goes on shows it: each thing is told when it is found for the first time.
struct LiveFindings {
  /// Beyond this many bad readings it forgets all of them and begins anew; what was told is not told again. About 40 MB.
  private static let mostRemembered = 200_000

  private var diagnostician = Diagnostician()
  private var current: [Diagnosis.Finding] = []
  private var told: Set<String> = []
  private var new: [Diagnosis.Finding] = []

  /// Wants to be shown what is judged.
  var observer: Diagnostician { diagnostician }

  /// Looks at what has been judged so far.
  mutating func look() {
    current = diagnostician.diagnose().findings
    for finding in current where told.insert("\(finding.cause.rawValue) \(finding.subject ?? "")").inserted { new.append(finding) }
    if diagnostician.remembered > Self.mostRemembered { diagnostician = Diagnostician() }
  }

  /// A line for each that has not been told: what it is, the first evidence, and how to see an example.
  mutating func takeNew(folder: String) -> [String] {
    defer { new = [] }
    return new.map { finding in
      let evidence = finding.evidence.first.map { " \($0.text)" } ?? ""
      let example = finding.examples.first.flatMap { $0.command(folder: folder) }.map { "  (\($0))" } ?? ""
      return "\(finding.cause.rawValue): so far it \(finding.statement).\(evidence)\(example)"
    }
  }

  /// All that the pass found, as a JSON array on one line.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(current)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }
}
