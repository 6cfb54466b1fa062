import FleetSpec
import Glibc
import Reconciliation
import World

/// What a reading belongs to: its site, its firmware and the like.
enum Feature: CaseIterable {
  case site, firmware, profile, sensorType, sensor, quality, payload, device

  /// What all readings with the same number have in common.
  func level(_ item: Case, _ world: World) -> Int {
    let device = world.devices[Int(item.device)]
    switch self {
    case .site: return device.site
    case .firmware: return device.profile << 8 | Int(item.version)
    case .profile: return device.profile
    case .sensorType:
      let type = world.profile(of: Int(item.device)).sensors[Int(item.sensor)].type
      return SensorType.allCases.firstIndex(of: type) ?? 0
    case .sensor: return device.profile << 16 | Int(item.sensor)
    case .quality: return Int(item.quality.rawValue)
    case .payload: return Int(item.malformation.rawValue)
    case .device: return device.twin?.original ?? Int(item.device)
    }
  }

  func text(_ level: Int, _ world: World) -> String {
    switch self {
    case .site: return "site \(world.fleet.sites[level].id)"
    case .firmware:
      let profile = world.fleet.profiles[level >> 8]
      return "firmware \(profile.versions[level & 255].firmware) of \(profile.name)"
    case .profile: return "profile \(world.fleet.profiles[level].name)"
    case .sensorType: return "sensor type \(SensorType.allCases[level].rawValue)"
    case .sensor:
      let profile = world.fleet.profiles[level >> 16]
      return "sensor \(profile.sensors[level & 65_535].name) of \(profile.name)"
    case .quality: return "quality \(Quality(rawValue: UInt8(level))?.label ?? "-")"
    case .payload: return Phrases.kind(Malformation(rawValue: UInt8(level)) ?? .none)
    case .device: return "device \(world.devices[level].id)"
    }
  }

  var cause: Cause {
    switch self {
    case .site: .lossBySite
    case .firmware, .profile: .lossByFirmware
    case .sensorType, .sensor: .lossBySensor
    case .quality, .payload: .payloadKind
    case .device: .lossByDevice
    }
  }
}

/// Finds the feature whose one level is harmed most unlike the others.
struct Separation {
  var feature: Feature
  var level: Int
  var counts: Contingency
  var tried: Int

  /// How well it separates, the number of levels that were tried taken off.
  var strength: Double { counts.logLikelihoodRatio - log(Double(max(1, tried))) }

  /// The best level of every feature, the best first.
  static func ranked(_ view: [Int], _ verdict: Verdict?, _ file: CaseFile, isHarmed: (Int) -> Bool) -> [Separation] {
    var list: [Separation] = []
    for feature in Feature.allCases {
      var levels: [Int: (harmed: Double, total: Double)] = [:]
      var harmed = 0.0
      var total = 0.0
      for index in view {
        let item = file.cases[index]
        var counts = levels[feature.level(item, file.world)] ?? (0, 0)
        counts.total += item.weight
        total += item.weight
        if isHarmed(index) {
          counts.harmed += item.weight
          harmed += item.weight
        }
        levels[feature.level(item, file.world)] = counts
      }
      guard levels.count > 1 else { continue }
      var best: Separation?
      for level in levels.keys.sorted() {
        guard let counts = levels[level] else { continue }
        let table = Contingency(
          harmed: counts.harmed, foretold: counts.total, otherHarmed: harmed - counts.harmed, others: total - counts.total)
        let candidate = Separation(feature: feature, level: level, counts: table, tried: levels.count)
        if candidate.counts.logLikelihoodRatio > best?.counts.logLikelihoodRatio ?? 0 { best = candidate }
      }
      if let best { list.append(best) }
    }
    let order = Feature.allCases
    return list.sorted {
      // Of equally good ones the broader comes first.
      ($1.strength, order.firstIndex(of: $0.feature) ?? 0) < ($0.strength, order.firstIndex(of: $1.feature) ?? 0)
    }
  }

  /// For people: what separates some bad readings best from all others that arrived; at most three.
  static func best(of open: [Int], _ file: CaseFile) -> [String] {
    var isOpen = [Bool](repeating: false, count: file.badCount)
    for index in open { isOpen[index] = true }
    let view = file.cases.indices.filter { file.cases[$0].hasArrived }
    var lines = ranked(view, nil, file) { $0 < file.badCount && isOpen[$0] }
      .filter { Support.isSufficient($0.counts.logLikelihoodRatio, tried: $0.tried * Feature.allCases.count) }
      .map { (text: describe($0, file), strength: $0.strength) }
    for (name, feature) in numbers {
      let points = view.map { index in
        let item = file.cases[index]
        return Boundary.Point(at: feature(item), isHarmed: index < file.badCount && isOpen[index], weight: item.weight)
      }
      guard let boundary = Boundary(points, purity: 0) else { continue }
      let text =
        "\(name) above \(Phrases.number(boundary.at)): \(Phrases.number(boundary.counts.harmed)) of \(Phrases.number(boundary.counts.foretold)), "
        + "else \(Phrases.number(boundary.counts.otherHarmed)) of \(Phrases.number(boundary.counts.others))"
      lines.append((text, boundary.counts.logLikelihoodRatio - log(Double(boundary.tried))))
    }
    return lines.enumerated().sorted { ($1.element.strength, $0.offset) < ($0.element.strength, $1.offset) }.prefix(3).map(\.element.text)
  }

  private static var numbers: [(String, (Case) -> Int64)] {
    [
      ("lateness in ms", { $0.lateness }), ("repeat distance in ms", { $0.repeatSpan }), ("transmissions", { Int64($0.attempts) }),
      ("value in thousandths", { Int64(max(-9e15, min(9e15, $0.value * 1_000))) }),
    ]
  }

  private static func describe(_ separation: Separation, _ file: CaseFile) -> String {
    let counts = separation.counts
    return
      "\(separation.feature.text(separation.level, file.world)): \(Phrases.number(counts.harmed)) of \(Phrases.number(counts.foretold)), "
      + "elsewhere \(Phrases.number(counts.otherHarmed)) of \(Phrases.number(counts.others))"
  }
}
