import FleetSpec

/// Interruptions that follow each other within an episode: down, up, down, up.
struct FlappingProcess: Sendable {
  private(set) var next: Outage
  private var episodes: OutageProcess
  private let up: Milliseconds
  private let down: Milliseconds

  init(_ flapping: Flapping, plan: OutagePlan, of entity: RandomEntity) {
    episodes = OutageProcess(plan, of: entity)
    up = flapping.up
    down = flapping.down
    next = .never
    begin()
  }

  mutating func advance() {
    guard next.start < .max else { return }
    let begin = next.end + up
    if begin < episodes.next.end {
      next = Outage(start: begin, end: min(begin + down, episodes.next.end), cause: next.cause)
    } else {
      episodes.advance()
      self.begin()
    }
  }

  private mutating func begin() {
    let episode = episodes.next
    next =
      episode.start < .max
      ? Outage(start: episode.start, end: min(episode.start + down, episode.end), cause: episode.cause) : .never
  }
}
