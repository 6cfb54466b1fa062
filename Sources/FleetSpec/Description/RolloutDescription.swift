/// The keys of a firmware rollout.
enum RolloutDescription {
  static let step = ObjectShape(
    name: "rollout", noun: "a step of a rollout",
    documentation: """
      Some devices of the profile change their firmware: to a new `version`, or from the version that `rollback` names back to the one that \
      they had before. What a version changes counts from the reboot on.
      """,
    fields: [
      Field("version", .text(.line), .optional, "The new version, as the device reports it."),
      Field("rollback", .text(.line), .optional, "The version that is taken back; devices that do not run it do nothing."),
      Field("after", .duration(0...Limits.year), .optional, "When the first device may change, from the start of the run."),
      Field("at", .instant, .optional, "The same as an instant; one of the two."),
      Field("over", .duration(0...Limits.year), .standard("1h"), "Time until the last one has changed; each draws its moment."),
      Field("share", .share, .standard("100 %"), "Share of the devices that take part."),
      Field(
        "failures", .share, .standard("0 %"),
        "Share of the updates that fail: the device boots every 45 s for 3 to 15 minutes, then goes back to its old version."),
      Field("update_time", .duration(Limits.second...Limits.day), .standard("30s"), "How long a change takes the device off."),
      Field("interval", .duration(100...Limits.day), .optional, "Time between two samples from this version on."),
      Field(
        "sensors", .map(keys: .text(.identifier), values: .object(sensor)), .standard("{}"),
        "What the version does differently with sensors, by their names."),
      Field("malformed", .share, .optional, "Share of broken payloads from this version on."),
    ])

  private static let sensor = ObjectShape(
    name: "sensors of a version", noun: "a sensor of a version",
    documentation: "What a version of the firmware does differently with a sensor.",
    fields: [
      Field("unit", .text(.line), .optional, "The unit in which it sends the value; another one that fits the quantity."),
      Field(
        "label", .text(.line), .optional,
        "The unit that the payload states; by default the true one. Another one is the bug of a version that converts and does not say so."),
      Field("decimals", .integer(0...6), .optional, "Decimal places of the value."),
    ])
}
