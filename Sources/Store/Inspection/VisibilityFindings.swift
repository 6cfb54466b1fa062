import FleetSpec

/// Rows that are acknowledged and cannot be seen, or will not be there for long.
extension StoreInspector {
  private var tableSubject: String { "store.table: \(store.table)" }

  func visibilityFindings(_ table: TableDescription) -> [StoreFinding] {
    var findings: [StoreFinding] = []
    if case .suspended(_, let reason, let fix) = table.suspension {
      findings.append(
        StoreFinding(
          severity: .problem, subject: tableSubject,
          found: "a suspended table (\(reason)): it goes on acknowledging rows that nobody can see",
          expected: "a table that takes rows", fix: fix))
    }
    if table.hasWriteAheadLog == false {
      findings.append(
        advice(
          tableSubject, found: "a table without write-ahead log",
          expected: "WAL, so that it can be told when every acknowledged row is visible",
          fix: "ALTER TABLE \(connection.dialect.table(store.table)) SET TYPE WAL; and restart QuestDB"))
    }
    guard let questDB = table.questDB else { return findings }
    if table.suspension == nil, table.pendingTransactions > 0 {
      findings.append(
        advice(
          tableSubject,
          found: "\(table.pendingTransactions) transactions (\(questDB.pendingRows) rows) that are acknowledged and not yet visible",
          expected: "a log that is applied as fast as it is written",
          fix: "none is needed if the number falls: reconciliation waits for it; look at the server's disk if it grows"))
    }
    if questDB.isMaterializedView {
      findings.append(
        advice(
          tableSubject, found: "a materialized view, which follows its table with a delay of its own",
          expected: "the table that is written to",
          fix: "name the base table, or set pipeline.settling longer than the view's refresh"))
    }
    return findings + timeFindings(questDB)
  }

  private func timeFindings(_ table: QuestDBTable) -> [StoreFinding] {
    var findings: [StoreFinding] = []
    let subject = "store.timestamp: \(store.timestampColumn)"
    let designated = table.designatedTimestamp
    if designated?.lowercased() != store.timestampColumn.lowercased() {
      findings.append(
        advice(
          subject, found: designated.map { "a table that is stored by \($0)" } ?? "a table without a designated timestamp",
          expected: "the mapped timestamp as the designated one: only then a stretch of time is read without the rest",
          fix: "none is needed for right verdicts; every query reads the whole table"))
    } else {
      let year: Int64 = 31_557_600_000_000
      if let earliest = table.earliest, earliest < 2 * year {
        findings.append(
          advice(
            subject, found: "rows in 1970 or 1971", expected: "the years of real devices",
            fix: "is a writer's unit of time mistaken (milliseconds taken for microseconds or nanoseconds), or a device's clock unset? "
              + "QuestDB refuses what lies before 1970 altogether"))
      }
      if let latest = table.latest, latest > table.now + 86_400_000_000 {
        findings.append(
          advice(
            subject, found: "rows in the future, the latest at \(CivilTime(microseconds: latest))",
            expected: "none beyond the clock's error",
            fix: table.timeToLive == nil
              ? "they are taken for strays of a run only if they arrived during it; mend the writer's unit of time"
              : "the table's TTL (\(table.timeToLiveText)) counts from the newest row: such a row can drop all others; delete its partition"
          ))
      }
    }
    if let timeToLive = table.timeToLive { findings += timeToLiveFindings(timeToLive, table) }
    return findings
  }

  private func timeToLiveFindings(_ timeToLive: Int64, _ table: QuestDBTable) -> [StoreFinding] {
    let lateness = fleet.map { $0.pipeline.allowedLateness ?? .max }
    let duration = fleet?.duration ?? 0
    let needed = lateness.map { $0 == .max ? Int64.max : ($0 + duration) * 1_000 } ?? 0
    guard needed > timeToLive else { return [] }
    return [
      advice(
        tableSubject, found: "a TTL of \(table.timeToLiveText), after which rows are dropped",
        expected: "rows that stay for the run's duration and the contract's allowed_lateness, and until it is reconciled",
        fix: "ALTER TABLE \(connection.dialect.table(store.table)) SET TTL longer than both; rows that it drops are called lost")
    ]
  }
}
