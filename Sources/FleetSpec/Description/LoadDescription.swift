/// The keys that say how much of the fleet is there and how fast it measures.
enum LoadDescription {
  static let fields = [
    Field(
      "rate", .rate, .optional,
      "Readings per second that the whole fleet offers: sampling intervals are scaled to fit. Without it the profiles' intervals hold."),
    Field(
      "phases", .list(of: .object(phase), atLeast: 0), .standard("[]"),
      "Ramps of the number of devices and of the rate, one after the other from the start of the run on."),
    Field("spikes", .list(of: .object(spike), atLeast: 0), .standard("[]"), "Alarm storms and reconnect storms."),
  ]

  static let phase = ObjectShape(
    name: "phases", noun: "a phase",
    documentation: """
      A straight line from where the phase before has ended; after the last one its values hold. A device that leaves measures no more, sends \
      what it still has, and says goodbye. The classic stages are `{for: 1m, devices: 50 %}`, `{for: 3m, devices: 100 %}`, `{for: 5m}`, \
      `{for: 1m, devices: 0}`.
      """,
    fields: [
      Field("for", .duration(1...Limits.year), .required, "Its length."),
      Field(
        "devices", .share, .optional,
        "Share of the connections that are there when it ends. The first phase that says it begins with none; without it all are there."),
      Field(
        "rate", .number(.plain, 0...1000, "2"), .optional, "Factor on the rate of sampling when it ends; the first phase begins with 1."),
    ])

  static let spike = ObjectShape(
    name: "spikes", noun: "a spike", documentation: "Something sudden: `rate` for an alarm storm, or `cut` for a reconnect storm.",
    fields: [
      Field("after", .duration(0...Limits.year), .required, "Time from the start of the run."),
      Field("for", .duration(1...Limits.year), .required, "Its length."),
      Field("rate", .number(.plain, 0...1000, "5"), .optional, "Every device samples faster by this factor."),
      Field("cut", .share, .optional, "Share of the connections that lose their network together and return together."),
    ])
}
