/// Which offsets of a topic's partitions a broker has acknowledged, and which of those it has lost since.
///
/// A broker never gives an offset away twice, unless it has forgotten what stood there. So an offset that is acknowledged a second time proves
/// that all acknowledged offsets from there on were lost, and so does a high watermark below them. What was acknowledged is kept as runs of
/// offsets, so that reports in any order, and of several producers, prove nothing that is not so.
public struct AcknowledgedOffsets: Sendable {
  /// Offsets that were acknowledged and are no longer in the broker.
  public struct Loss: Sendable, Equatable {
    public var topic: Int
    public var partition: Int32
    public var from: Int64
    public var through: Int64
    /// When the first of them was acknowledged, as far as is known to the second, and the last; in the caller's milliseconds.
    public var firstAcknowledged: Int64
    public var lastAcknowledged: Int64
  }

  fileprivate struct Run {
    var from: Int64
    var through: Int64
    /// How often the partition had lost data when these were acknowledged.
    var generation: Int32
  }

  fileprivate struct Partition {
    var runs: [Run] = []
    var generation: Int32 = 0
    /// When which offset was acknowledged; thinned out when there are too many.
    var marks: [(offset: Int64, time: Int64)] = []
    var markEvery: Int64 = 1_000
    var lastTime: Int64 = 0
  }

  public private(set) var losses: [Loss] = []
  private var topics: [[Partition]] = []
  fileprivate static let mostMarks = 4_096
  fileprivate static let mostRuns = 4_096

  public init() {}

  /// The highest offset of a partition that is acknowledged and not known to be lost, or nil.
  public func highest(topic: Int, partition: Int32) -> Int64? {
    guard topics.indices.contains(topic), topics[topic].indices.contains(Int(partition)) else { return nil }
    return topics[topic][Int(partition)].runs.map(\.through).max()
  }

  /// Calls `body` with every partition of which something was acknowledged.
  public func forEachPartition(_ body: (_ topic: Int, _ partition: Int32, _ highest: Int64) -> Void) {
    for topic in topics.indices {
      for partition in topics[topic].indices {
        if let highest = highest(topic: topic, partition: Int32(partition)) { body(topic, Int32(partition), highest) }
      }
    }
  }

  /// The broker has acknowledged an offset.
  /// - Parameters:
  ///   - topic: any small number that stands for it.
  ///   - time: milliseconds from any origin.
  public mutating func acknowledge(topic: Int, partition: Int32, offset: Int64, at time: Int64) {
    guard topic >= 0, partition >= 0, offset >= 0 else { return }
    while topics.count <= topic { topics.append([]) }
    while topics[topic].count <= Int(partition) { topics[topic].append(Partition()) }
    if !topics[topic][Int(partition)].extend(to: offset, at: time) { insert(topic, Int(partition), offset, time) }
  }

  /// The broker says that the next offset of a partition is `highWatermark`.
  public mutating func compare(topic: Int, partition: Int32, highWatermark: Int64) {
    guard topics.indices.contains(topic), topics[topic].indices.contains(Int(partition)) else { return }
    lose(topic, Int(partition), from: highWatermark) { _ in true }
  }

  private mutating func insert(_ topic: Int, _ partition: Int, _ offset: Int64, _ time: Int64) {
    if let hit = topics[topic][partition].runs.first(where: { $0.from <= offset && offset <= $0.through }) {
      let generation = topics[topic][partition].generation
      if hit.generation == generation {
        lose(topic, partition, from: offset) { _ in true }
        topics[topic][partition].generation = generation + 1
      } else {
        // The rest of a loss that is known: reports of another producer came in between.
        lose(topic, partition, from: offset) { $0.generation < generation }
      }
    }
    topics[topic][partition].add(offset, at: time)
  }

  private mutating func lose(_ topic: Int, _ partition: Int, from: Int64, where isLost: (Run) -> Bool) {
    var part = topics[topic][partition]
    var kept: [Run] = []
    var lost: [Run] = []
    for var run in part.runs {
      guard run.through >= from, isLost(run) else {
        kept.append(run)
        continue
      }
      lost.append(Run(from: max(run.from, from), through: run.through, generation: run.generation))
      run.through = from - 1
      if run.through >= run.from { kept.append(run) }
    }
    guard !lost.isEmpty else { return }
    for run in lost { note(topic, partition, run, part) }
    part.runs = kept
    part.marks.removeAll { $0.offset >= from }
    topics[topic][partition] = part
  }

  private mutating func note(_ topic: Int, _ partition: Int, _ run: Run, _ part: Partition) {
    let loss = Loss(
      topic: topic, partition: Int32(partition), from: run.from, through: run.through, firstAcknowledged: part.time(of: run.from),
      lastAcknowledged: part.time(of: run.through))
    if let index = losses.firstIndex(where: {
      $0.topic == topic && $0.partition == Int32(partition) && ($0.from == run.through + 1 || $0.through + 1 == run.from)
    }) {
      losses[index].from = min(losses[index].from, run.from)
      losses[index].through = max(losses[index].through, run.through)
      losses[index].firstAcknowledged = min(losses[index].firstAcknowledged, loss.firstAcknowledged)
      losses[index].lastAcknowledged = max(losses[index].lastAcknowledged, loss.lastAcknowledged)
    } else {
      losses.append(loss)
    }
  }
}

extension AcknowledgedOffsets.Partition {
  /// The usual case: an offset behind the last one. False when it is another.
  fileprivate mutating func extend(to offset: Int64, at time: Int64) -> Bool {
    guard let last = runs.indices.last else { return false }
    if runs[last].through + 1 == offset && runs[last].generation == generation {
      runs[last].through = offset
    } else if offset > runs[last].through {
      // Somebody else writes into the partition too, or the reports of another producer are yet to come.
      runs.append(.init(from: offset, through: offset, generation: generation))
      if runs.count > AcknowledgedOffsets.mostRuns { joinOldest() }
    } else {
      return false
    }
    mark(offset, time)
    return true
  }

  /// What lies between old runs was written by others; nothing of ours will be reported there any more.
  private mutating func joinOldest() {
    let half = runs.count / 2
    let whole = AcknowledgedOffsets.Run(from: runs[0].from, through: runs[half - 1].through, generation: runs[half - 1].generation)
    runs.replaceSubrange(0..<half, with: CollectionOfOne(whole))
  }

  fileprivate mutating func add(_ offset: Int64, at time: Int64) {
    mark(offset, time)
    let before = runs.firstIndex { $0.generation == generation && $0.through + 1 == offset }
    let after = runs.firstIndex { $0.generation == generation && $0.from == offset + 1 }
    if let before, let after {
      runs[before].through = runs[after].through
      runs.remove(at: after)
    } else if let before {
      runs[before].through = offset
    } else if let after {
      runs[after].from = offset
    } else {
      let place = runs.firstIndex { $0.from > offset } ?? runs.count
      runs.insert(.init(from: offset, through: offset, generation: generation), at: place)
    }
  }

  private mutating func mark(_ offset: Int64, _ time: Int64) {
    lastTime = time
    guard marks.isEmpty || time >= (marks.last?.time ?? 0) + markEvery else { return }
    marks.append((offset, time))
    guard marks.count > AcknowledgedOffsets.mostMarks else { return }
    markEvery *= 2
    marks = stride(from: 0, to: marks.count, by: 2).map { marks[$0] }
  }

  /// About when an offset was acknowledged the last time.
  fileprivate func time(of offset: Int64) -> Int64 {
    var best = marks.first?.time ?? lastTime
    for mark in marks where mark.offset <= offset { best = mark.time }
    return offset == runs.map(\.through).max() ? lastTime : best
  }
}
