import Firmware
import FleetSpec
import Ledger
import Reactor

extension FleetRun {
  /// Wall-clock milliseconds for what is on its way when a run ends.
  private static let settleWithin: Int64 = 2_000

  /// Closes every device, tells the ledger the fate of every reading, and closes it.
  func finish(_ problem: RunError?) throws {
    let now = clock.time(at: SimulatedClock.monotonicMicroseconds())
    let connected = link.connectedCount
    sample(now)
    link.settle(within: Self.settleWithin)
    takeEvents(at: now)
    // Devices that sleep between uploads, or suffer a planned trouble, are not connected and miss nothing.
    let isCutOff = own.contains { firmware[$0].isCutOff }
    for device in own { firmware[device].finish(link: link, recorder: recorder) }
    recorder.endMeasuring()
    var batch = unwritten
    recorder.drain(into: &batch)
    batch.durable = now
    for index in own {
      firmware[index].forEachMember { device, measured in batch.measured.append((Int32(device), measured)) }
    }
    batch.facts += [
      ("state", state.rawValue), ("wall_end", String(SimulatedClock.wallMilliseconds())),
      ("measured_until", String(min(now, end))), ("published", String(link.published)),
      ("published_bytes", String(link.publishedBytes)), ("sent_again", String(recorder.sentAgain)),
      ("repeated", String(recorder.repeated)), ("connected_at_end", String(connected)),
    ]
    batch.facts += link.facts
    brokerLosses = BrokerLoss.decode(link.facts.first { $0.key == BrokerLoss.key }?.value ?? "")
    for loss in brokerLosses { log.write("broker_lost", [("what", loss.description)]) }
    batch.metrics += [
      MetricSample(at: now, name: "published", value: link.published),
      MetricSample(at: now, name: "acknowledged", value: recorder.acknowledged),
    ]
    batch.histograms =
      rows("loop_busy_us", meter.busy) + rows("loop_processor_us", meter.processor) + rows("loop_blocked_us", meter.blocked)
      + rows("timer_lag_us", timerLag)
    noteProblems(&batch)
    writer.submit(batch)
    var ledgerError: (any Error)?
    do { try writer.close() } catch { ledgerError = error }
    log.write("ended", [("state", state.rawValue), ("loop_busy_max_us", String(meter.busy.maximum))])
    report(now, finished: true)
    if let problem { throw problem }
    if let ledgerError { throw RunError.unreachable("the ledger cannot be written: \(ledgerError)") }
    if connected == 0 && isCutOff && state == .finished && !failures.isEmpty {
      let reason = failures.mostFrequent.map(describe) ?? ""
      throw RunError.unreachable("the broker was lost for good before the run ended: \(reason)")
    }
  }

  /// Causes that last, and what else the transport has to say, go into ledger and log.
  private func noteProblems(_ batch: inout LedgerBatch) {
    problems = failures.lasting { world.devices[$0].id } + link.notes
    if !problems.isEmpty { batch.facts.append(("connection_problems", problems.joined(separator: "\n"))) }
    for cause in failures.causes {
      log.write(
        "connection_failures",
        [("reason", cause.failure.description), ("count", String(cause.count)), ("first_device", world.devices[cause.first].id)])
    }
    for note in link.notes { log.write("note", [("text", note)]) }
  }

  private func rows(_ name: String, _ histogram: DurationHistogram) -> [(name: String, upperBound: Int64, count: Int64)] {
    histogram.counts.indices.filter { histogram.counts[$0] > 0 }.map {
      (name, DurationHistogram.upperBound($0), Int64(histogram.counts[$0]))
    }
  }
}
