import World

/// A firmware profile drawn by a seed: every way in which readings can leave a device, or not, in combinations that nobody thought of.
struct RandomProfile {
  private let random: RandomStream
  private var draws: UInt64 = 0

  init(seed: UInt64) { random = RandomStream(seed: seed, device: 7, stream: 700_001) }

  private mutating func chance(_ share: Double) -> Bool {
    draws += 1
    return random.uniform(draws) < share
  }

  private mutating func pick(_ choices: [String]) -> String {
    draws += 1
    return choices[Int(random.below(UInt64(choices.count), draws))]
  }

  /// The lines of the profile.
  mutating func lines() -> String {
    let buffer = bufferLine()
    return """
      network_outages: {every: \(pick(["60s", "3m", "20m"])), length: 8s, spread: 0.5}
      power_outages: {every: \(pick(["90s", "3m", "30m"])), length: 10s, spread: 0.3}
      faults: {redelivery: 2 %, repeats: 3 %, repeat_after: 1s..5s, late: 3 %, late_by: 3s..30s, repeats_with_new_id: 2 %, \
      batch_replays: \(pick(["none", "{every: 2m, size: 10}", "{every: 20s, size: 40}"]))}
      reporting: {mode: \(pick(["all", "all", "on-change", "deadband"])), deadband: 0.2 %, heartbeat: \(pick(["none", "30s"]))}
      \(buffer.text)
      \(connectionLine(isPersistent: buffer.isPersistent))
      upload: \(uploadValue())
      link_faults:
        dead: \(pick(["none", "{every: 2m, length: 20s, spread: 1}", "{every: 4m, length: 4s, spread: 0}"]))
        acknowledgements_lost: \(pick(["none", "{every: 2m, length: 15s, spread: 1}", "{every: 40s, length: 3s, spread: 0}"]))
      """
  }

  /// The keys of the group: plain devices, twins, or gateways with twins.
  static func group(seed: UInt64) -> String {
    [
      "", "clones: 50 %, second_link: 50 %",
      "gateway: {profile: box, devices: 2, id: \"box-{n}\", radio_loss: 2 %}, clones: 50 %, second_link: 50 %",
    ][Int(seed % 3)]
  }

  private mutating func bufferLine() -> (text: String, isPersistent: Bool) {
    let isPersistent = chance(0.7)
    let pointer = isPersistent ? pick(["saved", "unsaved"]) : "saved"
    let text = """
      buffer: {capacity: \(pick(["12", "40", "400"])), overflow: \(pick(["drop-oldest", "drop-newest", "keep-every-nth"])), \
      keep_every: \(pick(["2", "5"])), order: \(pick(["oldest-first", "newest-first"])), priority: \(pick(["live", "backlog"])), \
      maximum_age: \(pick(["unlimited", "20s", "2m"])), replay_rate: \(pick(["unlimited", "4/s", "50/s"])), \
      persistent: \(isPersistent), acknowledgement_pointer: \(pointer), resend: \(pick(["3", "20", "500"]))}
      """
    return (text, isPersistent)
  }

  private mutating func connectionLine(isPersistent: Bool) -> String {
    """
    connection: {qos: \(chance(0.15) ? 0 : 1), inflight: \(pick(["1", "4", "12"])), acknowledgement_timeout: \(pick(["2s", "5s", "15s"])), \
    keepalive: \(pick(["5s", "60s"])), session: \(isPersistent ? pick(["clean", "persistent"]) : "clean"), \
    latency: \(pick(["none", "{median: 800ms, spread: 0.6}", "{median: 6s, spread: 1}"])), \
    certificate_expiry: \(pick(["never", "never", "{after: 2m, renewed_after: 30s..3m}", "{after: 5m}"]))}
    """
  }

  private mutating func uploadValue() -> String {
    pick([
      "continuous", "continuous", "{every: 1m, delay: 0s..20s, disconnect: true}", "{every: 30s, delay: 0s..10s}",
      "{every: 15m, delay: 0s..10m}",
    ])
  }
}
