/// The keys of a device's clock.
enum ClockDescription {
  static let clock = ObjectShape(
    name: "clock", noun: "a clock", documentation: "The clock that stamps readings, and what goes wrong with it.",
    fields: [
      Field(
        "offset", .duration(0...Limits.day), .standard("40ms"),
        "Standard deviation over devices of the error right after a synchronisation."),
      Field(
        "drift", .number(.partsPerMillion, 0...10_000, "20 ppm"), .standard("20 ppm"),
        "Standard deviation over devices of the rate error."),
      Field(
        "curvature", .number(.plain, -1...0, "-0.035"), .standard("0"),
        "How the rate error changes with the square of the distance from 25 degrees, in ppm/K2; -0.035 for a 32 kHz crystal."),
      Field(
        "synchronise", .keyword("never", or: .duration(Limits.second...Limits.year)), .standard("1h"), "Time between two synchronisations."),
      Field(
        "correction", .words(DeviceClock.Correction.self), .standard("step"),
        "How a synchronisation takes an error away: at once, or at 500 ppm, so that the clock never runs backwards."),
      Field("steps", .objectOrNone(steps), .standard("none"), "Jumps that nobody asked for, forwards or backwards."),
      Field("far_future", .objectOrNone(farFuture), .standard("none"), "Jumps by years, as receivers of satellite time make them."),
      Field("unset", .objectOrNone(unset), .standard("none"), "A clock without battery: after a boot it may count from 1970 on."),
      Field(
        "local_time", .share, .standard("0 %"),
        "Share of the devices that stamp readings with the local time of their site as if it were universal time."),
    ])

  private static let steps = ObjectShape(
    name: "steps", noun: "steps of a clock", documentation: "Jumps of a clock that last until its next synchronisation.",
    fields: [
      Field("every", .duration(Limits.second...100 * Limits.year), .required, "Mean time between two."),
      Field("size", .duration(1...Limits.year), .standard("2s"), "Standard deviation of a jump, forwards or backwards."),
    ])

  private static let farFuture = ObjectShape(
    name: "far_future", noun: "jumps into the future", documentation: "Jumps of a clock by years that last until its next synchronisation.",
    fields: [
      Field("every", .duration(Limits.second...100 * Limits.year), .required, "Mean time between two."),
      Field(
        "by", .duration(Limits.second...100 * Limits.year), .standard("7168d"),
        "How far; the default is the 1024 weeks after which GPS receivers count their weeks from 0 again."),
    ])

  private static let unset = ObjectShape(
    name: "unset", noun: "an unset clock", documentation: "What a boot does to a clock without battery.",
    fields: [
      Field("share", .share, .required, "Probability that a boot finds the clock unset."),
      Field(
        "synchronised_after", .durationRange(0...Limits.year), .standard("10s..2m"),
        "From such a boot to the first synchronisation, uniformly drawn."),
    ])
}
