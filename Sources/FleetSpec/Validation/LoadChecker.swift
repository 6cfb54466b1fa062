/// Checks of the load that look at more than one value.
struct LoadChecker {
  private(set) var errors: [SpecificationError] = []

  mutating func check(_ fleet: ObjectValue) {
    if let rate = fleet["rate"], rate.rate == 0 {
      report(rate.place, "'rate' is 0", expected: "a rate above 0 such as 5000/s", suggestion: "remove it to keep the profiles' intervals")
    }
    for item in fleet["spikes"]?.list ?? [] {
      guard let spike = item.object, (spike["rate"] == nil) == (spike["cut"] == nil) else { continue }
      let problem = spike["rate"] == nil ? "a spike has neither 'rate' nor 'cut'" : "a spike has both 'rate' and 'cut'"
      report(
        item.place, problem, expected: "one of them", suggestion: "write {after: 3m, for: 30s, rate: 5} or {after: 3m, for: 10s, cut: 50 %}"
      )
    }
    for item in fleet["phases"]?.list ?? [] {
      guard let phase = item.object, let factor = phase["rate"]?.number, factor > 0 else { continue }
      if factor < 0.000_001 {
        report(item.place, "the rate of a phase is \(factor)", expected: "0, or a factor of at least 0.000001", suggestion: nil)
      }
    }
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String, suggestion: String?) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }
}
