import Transport

/// Why connections failed and messages were rejected, how often, and whom it hit first.
struct FailureBook {
  struct Cause {
    let failure: LinkFailure
    var count = 0
    /// Whom it hit first; index in `World.devices`.
    let first: Int
  }

  private(set) var causes: [Cause] = []
  /// For each device the number of refusals in a row that no further attempt can change; 0 once it has connected.
  private var refusals: [UInt8]
  /// Which cause the last refusal of a device had.
  private var refusedBy: [UInt8]
  private let choices: UInt8
  private var hasConnected = false
  /// Devices that every broker has refused for good.
  private(set) var refusedCount = 0
  /// True when one device was refused for a reason that all others share.
  private var isFleetRefused = false

  /// - Parameters:
  ///   - devices: of the fleet.
  ///   - choices: how many brokers a device may try.
  init(devices: Int, choices: Int) {
    refusals = Array(repeating: 0, count: devices)
    refusedBy = Array(repeating: 0, count: devices)
    self.choices = UInt8(clamping: choices)
  }

  var isEmpty: Bool { causes.isEmpty }
  var mostFrequent: Cause? { causes.max { $0.count < $1.count } }

  /// Returns true when nothing has failed for this reason before.
  mutating func add(_ failure: LinkFailure, device: Int) -> Bool {
    let known = causes.firstIndex { $0.failure == failure }
    let index = known ?? causes.count
    if known == nil { causes.append(Cause(failure: failure, first: device)) }
    causes[index].count += 1
    if failure.refusal == .passing {
      endRefusal(of: device)
    } else {
      if refusals[device] < .max { refusals[device] += 1 }
      refusedBy[device] = UInt8(clamping: index)
      if refusals[device] == choices {
        refusedCount += 1
        if failure.refusal == .fleet { isFleetRefused = true }
      }
    }
    return known == nil
  }

  mutating func connected(_ device: Int) {
    hasConnected = true
    endRefusal(of: device)
  }

  private mutating func endRefusal(of device: Int) {
    if refusals[device] >= choices { refusedCount -= 1 }
    refusals[device] = 0
  }

  /// Whether nobody will ever connect: nobody has so far, and all of them were refused for good.
  func isHopeless(connections: Int) -> Bool { !hasConnected && (isFleetRefused || (refusedCount == connections && connections > 0)) }

  /// The causes that no further attempt changes, and the rejected messages, each as a sentence with its count and the first device.
  /// - Parameter name: the id of a device.
  func lasting(_ name: (Int) -> String) -> [String] {
    var sentences: [String] = []
    for (index, cause) in causes.enumerated() {
      let times = cause.count == 1 ? "once" : "\(cause.count) times"
      if case .rejected = cause.failure {
        sentences.append("\(times): \(cause.failure) (first: \(name(cause.first)))")
      } else if cause.failure.refusal != .passing {
        let still = refusals.indices.count { refusals[$0] >= choices && Int(refusedBy[$0]) == index }
        let end = still == 0 ? "" : ", \(still) \(still == 1 ? "device" : "devices") to the end"
        sentences.append("\(times)\(end): \(cause.failure) (first: \(name(cause.first)))")
      }
    }
    return sentences
  }
}
