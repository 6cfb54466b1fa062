import ArgumentParser
import Drawing
import Foundation
import Report
import Simulation

struct ReportCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case html, markdown, junit, json
  }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes the report on a run: one HTML file to forward, or Markdown, JUnit or JSON.",
    discussion: """
      Reads the run folder alone; no store and no broker is needed. HTML goes into report.html of the run folder, all others to standard
      output, unless --output says otherwise. 'run' and 'reconcile' write report.html by themselves. Ends with 0 whatever the verdict is.

      EXAMPLES
        heliograph report runs/NAME --open
        heliograph report runs/NAME --format markdown > summary.md
        heliograph report runs/NAME --against runs/OTHER --output comparison.html
      """)

  @Argument(
    help: ArgumentHelp("The run folder; of a fleet played in shards, the folders of all of them.", valueName: "run"), completion: .directory
  )
  var folders: [String]

  @Option(help: "html, markdown, junit or json.")
  var format: Format = .html

  @Option(help: ArgumentHelp("Another run folder: shows what got better or worse since.", valueName: "run"), completion: .directory)
  var against: String?

  @Option(help: ArgumentHelp("Where to write; - is standard output.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(help: "Shows the HTML report in the browser.")
  var open = false

  func run() throws {
    if open && (format != .html || output == "-") {
      throw CommandFailure(.usage, "--open shows an HTML file; leave out --format and --output -")
    }
    let context = try RunContext(paths: folders)
    let report = try ReportFiles.report(context)
    var comparison: Comparison?
    if let against {
      comparison = Comparison(report, against: try ReportFiles.report(try RunContext(paths: [against])))
    }
    switch format {
    case .html: try writePage(HTMLReport(report, comparison: comparison), context.folder)
    case .markdown: try write(MarkdownReport(report, comparison: comparison).text)
    case .junit: try write(ResultFiles.junit(report))
    case .json: try write(try JSONReport(report, comparison: comparison).text())
    }
  }

  private func writePage(_ page: HTMLReport, _ folder: RunFolder) throws {
    let path = output == "-" ? "/dev/stdout" : output ?? folder.reportFile
    try ReportFiles.write(path) { page.write(to: $0) }
    guard output != "-" else { return }
    print("report  \(path)")
    if open { try Browser.show(path) }
  }

  private func write(_ text: String) throws {
    guard let output, output != "-" else {
      FileHandle.standardOutput.write(Data(text.utf8))
      return
    }
    try ReportFiles.write(output) { $0.raw(text) }
    print("report  \(output)")
  }
}

/// Makes reports and their files.
enum ReportFiles {
  static func report(_ context: RunContext) throws -> RunReport {
    try RunReport(folder: context.folder, fleet: context.fleet, ledger: context.ledger)
  }

  static func write(_ path: String, _ body: (MarkupWriter) -> Void) throws {
    do {
      let file = try PageFile(path: path)
      try file.write(body)
    } catch let failure as PageFile.Failure {
      throw CommandFailure(.usage, "\(failure)")
    }
  }
}

/// The user's browser.
enum Browser {
  static func show(_ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    #if os(macOS)
      process.arguments = ["open", path]
    #else
      process.arguments = ["xdg-open", path]
    #endif
    process.standardError = FileHandle.nullDevice
    try? process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 {
      throw CommandFailure(.unreachable, "no browser could be started; open \(path) yourself")
    }
  }
}
