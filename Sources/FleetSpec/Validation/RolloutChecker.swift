/// Checks of a rollout that look at the profile besides.
struct RolloutChecker {
  private(set) var errors: [SpecificationError] = []
  private var versions: [String] = []

  mutating func check(_ profile: ObjectValue) {
    if let firmware = profile["firmware"]?.text { versions.append(firmware) }
    let steps = profile["rollout"]?.list ?? []
    if steps.count > RolloutChecker.mostSteps, let first = profile["rollout"] {
      report(first.place, "'rollout' has \(steps.count) steps", expected: "at most \(RolloutChecker.mostSteps)")
    }
    for step in steps.compactMap(\.object) {
      checkKeys(step)
      checkVersion(step)
      for entry in step["sensors"]?.map ?? [] { checkSensor(entry, profile) }
    }
  }

  /// A device looks through all of them when it changes.
  static let mostSteps = 16

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkKeys(_ step: ObjectValue) {
    if (step["after"] == nil) == (step["at"] == nil) {
      report(
        step.place, "a step of a rollout has \(step["at"] == nil ? "neither 'after' nor 'at'" : "both 'after' and 'at'")",
        expected: "one of them", suggestion: "write 'after: 10m'")
    }
    guard let rollback = step["rollback"] else {
      if step["version"] == nil {
        report(step.place, "a step of a rollout has neither 'version' nor 'rollback'", expected: "one of them")
      }
      return
    }
    if step["version"] != nil {
      report(rollback.place, "'rollback' stands next to 'version'", expected: "one of them")
      return
    }
    for key in ["interval", "sensors", "malformed", "failures"] {
      guard let value = step[key] else { continue }
      // A resolved fleet file spells the defaults out.
      if key == "failures" && value.number == 0 || value.map?.isEmpty == true { continue }
      return report(value.place, "'\(key)' stands next to 'rollback'", expected: "nothing of its own; the old version knows what it does")
    }
  }

  private mutating func checkVersion(_ step: ObjectValue) {
    if let version = step["version"], let name = version.text {
      if versions.contains(name) {
        report(version.place, "version '\(name)' was there before", expected: "a name of its own for each version")
      }
      versions.append(name)
    } else if let rollback = step["rollback"], let name = rollback.text, !versions.dropFirst().contains(name) {
      report(
        rollback.place, "there is no version '\(name)' to take back", expected: "a 'version' of a step above",
        suggestion: Suggestion.didYouMean(name, among: Array(versions.dropFirst())))
    }
  }

  private mutating func checkSensor(_ entry: Value.Entry, _ profile: ObjectValue) {
    let sensors = profile["sensors"]?.list?.compactMap(\.object) ?? []
    let names = sensors.compactMap { $0["name"]?.text }
    guard names.count == sensors.count else { return }
    guard let index = names.firstIndex(of: entry.key) else {
      report(
        entry.keyPlace, "the profile has no sensor '\(entry.key)'", expected: "one of \(names.joined(separator: ", "))",
        suggestion: Suggestion.didYouMean(entry.key, among: names))
      return
    }
    guard let quantity = sensors[index]["measures"]?.text.flatMap(Quantity.init(rawValue:)), let unit = entry.value.object?["unit"],
      let text = unit.text, !quantity.wireUnits.contains(text)
    else { return }
    report(
      unit.place, "'unit' is '\(text)', which does not fit '\(quantity.rawValue)'",
      expected: "\(quantity.dimension.noun), in \(quantity.wireUnits.joined(separator: ", "))")
  }
}
