import FleetSpec

/// What the mapping of the table keeps from being judged.
extension Reconciler {
  func mappingNotes() -> [Finding] {
    var notes: [Finding] = []
    func note(_ subject: String, _ title: String, _ evidence: [String] = []) {
      notes.append(Finding(severity: .note, subject: subject, title: title, count: 0, evidence: evidence, examples: []))
    }
    if sensors.identity.isNone {
      note(
        "no_identity",
        "nothing in the table says whose a row is: rows were judged by instant and value alone, in \(work.buckets) stretches of time",
        [
          "\(work.buckets - work.differingBuckets) of \(work.buckets) stretches hold exactly the rows that they should",
          "which of several readings with one instant and value is lost or stored twice cannot be told, nor what a row says besides its value",
          "rows of other devices in the same table count as phantoms unless store.filter leaves them out",
        ])
    }
    if !sensors.tolerance.isDigestible {
      note("row_by_row", "values were compared with a tolerance, row by row: \(toleranceText)")
    } else if sensors.tolerance != .exact {
      note("tolerance", "values were compared with a tolerance: \(toleranceText)")
    }
    if world.fleet.pipeline.store?.timestampUnit == .seconds {
      note("whole_seconds", "the table holds whole seconds: what is finer was cut off before comparing")
    }
    if world.fleet.pipeline.store?.isWide == true {
      note("wide_table", "in a wide table a value that is NULL counts as not stored: it may have been lost, or stored as NULL")
    }
    return notes
  }

  private var toleranceText: String {
    switch sensors.tolerance {
    case .exact: "none"
    case .absolute(let limit, _): "\(limit) in the sensor's unit"
    case .relative(let share): "\(share * 100) % of what was sent"
    case .float32: "that of a 32-bit floating-point number"
    }
  }
}
