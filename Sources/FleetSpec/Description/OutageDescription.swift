/// The keys of whatever comes and goes.
enum OutageDescription {
  static let outages = ObjectShape(
    name: "outages", noun: "outages",
    documentation: """
      Interruptions at random, and at fixed times. Without further keys the gaps between them are exponentially and their lengths \
      log-normally distributed, the usual assumption for failures and repairs.
      """,
    fields: [
      Field(
        "every", .keyword("never", or: .duration(Limits.second...100 * Limits.year)), .standard("never"),
        "Mean time from the end of one to the start of the next."),
      Field("spacing", .words(Outages.Distribution.self), .standard("exponential"), "Distribution of the time between them."),
      Field(
        "spacing_shape", .number(.plain, 0.1...20, "0.7"), .standard("1"),
        "Shape of a Weibull distribution (below 1 they come in clusters), or standard deviation of the logarithm of a log-normal one."),
      Field("length", .duration(1...Limits.year), .standard("1m"), "Median length when lengths are log-normal, otherwise the mean."),
      Field("lengths", .words(Outages.Distribution.self), .standard("log-normal"), "Distribution of the lengths."),
      Field("length_shape", .number(.plain, 0.1...20, "0.7"), .standard("1"), "Shape of a Weibull distribution of lengths."),
      Field(
        "spread", .number(.plain, 0...5, "0.5"), .standard("0.5"),
        "Standard deviation of the logarithm of log-normal lengths; 0 makes all equally long."),
      Field("schedule", .list(of: .object(scheduled), atLeast: 0), .standard("[]"), "Those at fixed times."),
    ])

  static let scheduled = ObjectShape(
    name: "schedule", noun: "a scheduled outage", documentation: "An interruption at a fixed time: `after` or `at`, and `for`.",
    fields: [
      Field("after", .duration(0...Limits.year), .optional, "Time from the start of the run."),
      Field("at", .instant, .optional, "Instant at which it begins."),
      Field("for", .duration(1...Limits.year), .required, "Its length."),
    ])

  static let carrier = ObjectShape(
    name: "carriers", noun: "a carrier", documentation: "A mobile network.",
    fields: [Field("network_outages", .objectOrNone(outages), .standard("none"), "When none of its devices reaches anybody.")])

  static let flapping = cyclic(
    name: "flapping", noun: "flapping", documentation: "Episodes in which the link goes down and comes up again and again.", up: "20s",
    down: "5s")

  static let rebootLoops = cyclic(
    name: "reboot_loops", noun: "reboot loops", documentation: "Episodes in which the device loses power and boots again and again.",
    up: "60s", down: "2s")

  private static func cyclic(name: String, noun: String, documentation: String, up: String, down: String) -> ObjectShape {
    ObjectShape(
      name: name, noun: noun, documentation: documentation,
      fields: outages.fields + [
        Field("up", .duration(1...Limits.day), .standard(up), "How long it is up within an episode."),
        Field("down", .duration(1...Limits.day), .standard(down), "How long it is down within an episode."),
      ])
  }
}
