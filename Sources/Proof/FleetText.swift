import FleetSpec
import World

/// The fleet file of a scenario, as a person could have written it.
struct FleetText {
  private let scenario: Scenario
  /// Draws about everything that is no site.
  private let plain: Draw

  init(_ scenario: Scenario) {
    self.scenario = scenario
    plain = Draw(seed: scenario.seed, topic: 1)
  }

  /// Clocks that step run with short intervals, so that readings get the same timestamp; such runs are short.
  private var isFast: Bool { scenario.has(.clockSteps) }

  var text: String {
    let probe = profileLines.map { "    \($0)" }.joined(separator: "\n")
    let box = scenario.has(.gateways) ? deliveryLines.map { "    \($0)" }.joined(separator: "\n") : ""
    return """
      fleet: proof
      seed: \(scenario.seed)
      start: 2026-06-21T00:00:00Z
      sun_time: "11:30"
      duration: \(isFast ? "\(min(scenario.minutes * 60, 30))s" : "\(scenario.minutes)m")
      drain: \(plain.pick(["10s", "60s", "3m"], 1))
      sites: [{id: here, latitude: 40, longitude: 0}]
      devices: [{profile: probe, count: \(scenario.devices), id: "d-{n}"\(groupKeys)}]
      profiles:
        box:
          profile: box
          interval: 60s
          sensors: []
      \(box)
        probe:
          profile: probe
          description: two sensors
          firmware: "1.0"
          interval: \(isFast ? "100ms" : "5s")
          sensors:
            - {name: temperature, type: TEMPERATURE, measures: ambient_temperature, unit: "°C", decimals: \(decimals), range: [-40, 85], noise: 0.7}
            - {name: humidity, type: HUMIDITY, measures: humidity, unit: "%", decimals: 1, range: [0, 100], noise: 2}
      \(probe)
      \(pipeline)
      """
  }

  private var decimals: String { plain.pick(["5", "5", "2", "0"], 2) }

  private var groupKeys: String {
    var keys = ""
    if scenario.has(.gateways) { keys += ", gateway: {profile: box, devices: 2, id: \"box-{n}\", radio_loss: 2 %}" }
    if scenario.has(.clones) && scenario.tableKind != .identified {
      keys += ", clones: 50 %"
      if scenario.draw(.clones).chance(0.5, 1) { keys += ", clone_client_id: distinct" }
    }
    if scenario.has(.secondLinks) { keys += ", second_link: 50 %" }
    return keys
  }

  private var profileLines: [String] {
    var lines = deliveryLines
    if scenario.has(.reportFilter) {
      lines.append("reporting: {mode: \(scenario.draw(.reportFilter).pick(["on-change", "deadband"], 1)), deadband: 0.2 %, heartbeat: 30s}")
    }
    lines.append("clock: \(clock)")
    if scenario.has(.rollout) {
      lines.append("rollout:")
      lines.append(
        "  - { version: \"2.0\", after: 10s, over: 30s, share: 70 %, update_time: 2s, sensors: { temperature: { label: degF, decimals: 1 } } }"
      )
      lines.append("  - { rollback: \"2.0\", after: 50s, over: 10s, share: 50 %, update_time: 1s }")
    }
    return lines
  }

  private var clock: String {
    if scenario.has(.clockSteps) { return "{offset: 0s, drift: 0 ppm, synchronise: 10s, steps: {every: 1s, size: 2s}}" }
    if scenario.has(.clockTrouble) {
      return
        "{ synchronise: 25s, correction: \(scenario.draw(.clockTrouble).pick(["slew", "step"], 1)), curvature: -0.035, local_time: 30 %, "
        + "steps: { every: 60s, size: 5s }, far_future: { every: 3m }, unset: { share: 50 %, synchronised_after: 2s..20s } }"
    }
    return plain.pick(["{}", "{offset: 0s, drift: 0 ppm}", "{offset: 2s}"], 3)
  }

  /// What decides how readings leave a device, or a gateway.
  private var deliveryLines: [String] {
    var lines: [String] = []
    if scenario.has(.outages) {
      let draw = scenario.draw(.outages)
      lines.append("network_outages: {every: \(draw.pick(["60s", "3m", "20m"], 1)), length: 8s, spread: 0.5}")
      lines.append("power_outages: {every: \(draw.pick(["90s", "3m", "30m"], 2)), length: 10s, spread: 0.3}")
    }
    lines.append("faults: {\(faults)}")
    let isPersistent = plain.chance(0.7, 10)
    lines.append(buffer(isPersistent))
    lines.append(connection(isPersistent))
    if scenario.has(.uploads) {
      let choices = ["{every: 1m, delay: 0s..20s, disconnect: true}", "{every: 30s, delay: 0s..10s}", "{every: 2m, delay: 0s..60s}"]
      lines.append("upload: \(scenario.draw(.uploads).pick(choices, 1))")
    }
    if scenario.has(.linkFaults) {
      let draw = scenario.draw(.linkFaults)
      lines.append("link_faults:")
      lines.append("  dead: \(draw.pick(["none", "{every: 2m, length: 20s, spread: 1}", "{every: 4m, length: 4s, spread: 0}"], 1))")
      lines.append(
        "  acknowledgements_lost: \(draw.pick(["none", "{every: 2m, length: 15s, spread: 1}", "{every: 40s, length: 3s, spread: 0}"], 2))")
    }
    return lines
  }

  private var faults: String {
    var parts = ["redelivery: \(plain.pick(["0 %", "2 %"], 11))"]
    if scenario.has(.repeats) {
      parts.append("repeats: 3 %, repeat_after: \(scenario.draw(.repeats).pick(["1s..5s", "1s..90s"], 1))")
    }
    if scenario.has(.newIDs) { parts.append("repeats_with_new_id: 2 %") }
    if scenario.has(.heldBack) { parts.append("late: 3 %, late_by: \(scenario.draw(.heldBack).pick(["3s..30s", "10s..120s"], 1))") }
    if scenario.has(.batchReplays) {
      parts.append("batch_replays: \(scenario.draw(.batchReplays).pick(["{every: 2m, size: 10}", "{every: 20s, size: 40}"], 1))")
    }
    if scenario.has(.malformed) {
      let kinds = MalformedKind.allCases.map { "\($0.rawValue): 1" }.joined(separator: ", ")
      parts.append("malformed: \(scenario.draw(.malformed).pick(["1 %", "5 %", "20 %"], 1)), malformed_kinds: {\(kinds)}")
    }
    return parts.joined(separator: ", ")
  }

  private func buffer(_ isPersistent: Bool) -> String {
    let draw = scenario.draw(.smallBuffer)
    let isSmall = scenario.has(.smallBuffer)
    let pointer = isPersistent ? plain.pick(["saved", "unsaved"], 12) : "saved"
    return """
      buffer: {capacity: \(isSmall ? draw.pick(["12", "40"], 1) : "4000"), \
      overflow: \(draw.pick(["drop-oldest", "drop-newest", "keep-every-nth"], 2)), keep_every: \(draw.pick(["2", "5"], 3)), \
      order: \(plain.pick(["oldest-first", "newest-first"], 13)), priority: \(plain.pick(["live", "backlog"], 14)), \
      maximum_age: \(isSmall ? draw.pick(["unlimited", "20s", "2m"], 4) : "unlimited"), \
      replay_rate: \(plain.pick(["unlimited", "unlimited", "4/s", "50/s"], 15)), persistent: \(isPersistent), \
      acknowledgement_pointer: \(pointer), resend: \(plain.pick(["3", "20", "500"], 16))}
      """
  }

  private func connection(_ isPersistent: Bool) -> String {
    let expiry = plain.pick(["never", "never", "never", "{after: 2m, renewed_after: 30s..3m}", "{after: 5m}"], 21)
    return """
      connection: {qos: \(scenario.has(.qosZero) ? 0 : 1), inflight: \(plain.pick(["1", "4", "12"], 17)), \
      acknowledgement_timeout: \(plain.pick(["2s", "5s", "15s"], 18)), keepalive: \(plain.pick(["5s", "60s"], 19)), \
      session: \(isPersistent ? plain.pick(["clean", "persistent"], 20) : "clean"), \
      latency: \(isFast ? "none" : plain.pick(["none", "none", "{median: 800ms, spread: 0.6}", "{median: 6s, spread: 1}"], 22)), \
      certificate_expiry: \(scenario.has(.linkFaults) ? expiry : "never")}
      """
  }

  private var pipeline: String {
    let cutoff = scenario.draw(.contractCutoff)
    return """
      pipeline:
        delivery: \(plain.pick(["at-least-once", "at-least-once", "at-most-once", "exactly-once"], 30))
        dedup: \(deduplication)
        allowed_lateness: \(cutoff.pick(["forever", "24h", "60s", "20s", "8s"], 1))
        future_tolerance: \(cutoff.pick(["forever", "1h", "3s"], 2))
        malformed: \(plain.pick(["reject", "reject", "store"], 31))
        settling: 1s
        store:
          url: "postgresql://nobody@127.0.0.1:1/none"
          table: sensor_readings
          ingested_at: \(scenario.has(.noArrivals) ? "none" : "ingested_at")
          \(columns)
      """
  }

  private var deduplication: String {
    // Behind a pipeline that goes by the same key, a table that does would never see two readings with one.
    if scenario.has(.upsert) && scenario.has(.clockSteps) { return plain.pick(["none", "{keys: [event_id], window: forever}"], 33) }
    let keys = plain.pick(["[sensor_id, timestamp]", "[sensor_id, timestamp]", "[event_id]"], 32)
    return plain.pick(
      [
        "none", "{keys: \(keys), window: forever}", "{keys: \(keys), window: forever}", "{keys: \(keys), window: 60s}",
        "{keys: \(keys), window: 10s}",
      ], 33)
  }

  private var columns: String {
    switch scenario.tableKind {
    case .narrow: "attributes: \(attributes)"
    case .identified: "identity: {sensor: sensor_id, event_id: event_id}\n    attributes: \(attributes)"
    case .wide: "identity: [device, timestamp]\n    values: {temperature: temperature_value, humidity: humidity_value}"
    case .anonymous: "identity: none"
    }
  }

  private var attributes: String {
    plain.pick(
      [
        "{site_id: site_id, device_id: asset_id, sensor_type: sensor_type, unit: unit, quality: quality_flag}",
        "{site_id: site_id, device_id: asset_id, sensor_type: sensor_type, unit: unit, quality: quality_flag}",
        "{quality: quality_flag, unit: unit}", "{unit: unit}", "{}",
      ], 34)
  }
}
