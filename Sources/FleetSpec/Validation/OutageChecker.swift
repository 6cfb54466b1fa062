/// Checks of outages that look at more than one value, wherever in a file they stand.
struct OutageChecker {
  private(set) var errors: [SpecificationError] = []

  mutating func check(_ object: ObjectValue) {
    for entry in object.entries {
      if entry.key == "schedule" { for item in entry.value.list ?? [] { item.object.map { checkScheduled($0) } } }
      check(entry.value)
    }
  }

  private mutating func check(_ value: Value) {
    switch value.content {
    case .object(let object): check(object)
    case .list(let values): for value in values { check(value) }
    case .map(let entries): for entry in entries { check(entry.value) }
    default: break
    }
  }

  private mutating func checkScheduled(_ object: ObjectValue) {
    let hasAfter = object["after"] != nil
    let hasAt = object["at"] != nil
    guard hasAfter == hasAt else { return }
    errors.append(
      SpecificationError(
        object.place, hasAt ? "a scheduled outage has both 'after' and 'at'" : "a scheduled outage has neither 'after' nor 'at'",
        expected: "one of them", suggestion: "write {after: 10m, for: 5m}"))
  }
}
