import FleetSpec
import Glibc

/// What judging very many readings costs, and whether exactly the seeded defects are found.
///
/// `fill` writes the truth of a fleet with seeded defects into a table, and the ledger of a run that sent all of it; `judge` reconciles.
/// benchmarks/reconciliation starts a private store and runs both.
@main
struct ReconciliationBenchmark {
  static let usage = """
    usage: ReconciliationBenchmark fill RUN STORE_URL [--ilp HOST:PORT] [--faults SHARE] [--devices SHARE]
           ReconciliationBenchmark judge RUN STORE_URL [--store-pid PID] [--regenerate] [--without-truth]
    RUN is a folder with a fleet.yaml that names the run's start.
    """

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 3 else {
      print(usage)
      exit(2)
    }
    func option(_ name: String) -> String? {
      guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
      return arguments[index + 1]
    }
    do {
      let fleet = try FleetLoader.loadFleet(path: arguments[1] + "/fleet.yaml", profileFolders: ["firmware-profiles"]).fleet
      switch arguments[0] {
      case "fill":
        let defects = DefectPlan(
          seed: fleet.seed, share: option("--faults").flatMap(Double.init) ?? 0, devices: option("--devices").flatMap(Double.init) ?? 1)
        let sink: any RowSink =
          if let address = option("--ilp") { try LineProtocolSink(address: address, url: arguments[2], fleet: fleet) } else {
            try CopySink(url: arguments[2], fleet: fleet)
          }
        try Filling(folder: arguments[1], fleet: fleet, sink: sink, defects: defects).run()
      case "judge":
        var judging = try Judging(folder: arguments[1], fleet: fleet, url: arguments[2])
        judging.storeProcess = option("--store-pid").flatMap { Int($0) }
        judging.regenerates = arguments.contains("--regenerate")
        let isRight = try judging.run()
        exit(isRight ? 0 : 1)
      default:
        print(usage)
        exit(2)
      }
    } catch {
      print(error)
      exit(2)
    }
  }
}
