/// The keys of a firmware profile that say when, and over which link, readings leave the device.
enum DeliveryDescription {
  static let profileFields = [
    Field(
      "upload", .keyword("continuous", or: .object(upload)), .standard("continuous"),
      "When readings are sent: `continuous` is as soon as they are measured; else they wait for the next upload."),
    Field("reporting", .object(reporting), .standard("{}"), "Which of the measured values become readings."),
    Field("link_faults", .object(linkFaults), .standard("{}"), "Links that look open and are not, or not in both directions."),
  ]

  /// More keys of `buffer`.
  static let bufferFields = [
    Field(
      "maximum_age", .keyword("unlimited", or: .duration(Limits.second...100 * Limits.year)), .standard("unlimited"),
      "Readings older than this are discarded unsent: the depth of the buffer in time."),
    Field(
      "keep_every", .integer(2...1000), .standard("2"),
      "With `overflow: keep-every-nth`: in the older half of a full buffer every n-th sample stays and the others give way."),
    Field(
      "priority", .words(StoreAndForward.Priority.self), .standard("backlog"),
      "What leaves first while there is a backlog: the `backlog` in its `order`, or what is being measured (`live`), at once and in any case."
    ),
    Field(
      "acknowledgement_pointer", .words(StoreAndForward.AcknowledgementPointer.self), .standard("saved"),
      "`unsaved`: a loss of power also loses how far the buffer was acknowledged, and the last acknowledged readings are sent again."),
    Field("resend", .integer(1...100_000), .standard("50"), "With an unsaved pointer: how many acknowledged readings are sent again."),
  ]

  /// More keys of `connection`.
  static let connectionFields = [
    Field(
      "session", .words(ConnectionPolicy.Session.self), .standard("clean"),
      "`persistent`: after a loss of power unacknowledged messages go out as re-deliveries of the old MQTT session (DUP), before all else;"
        + " needs a persistent buffer. `clean`: they return to the buffer and become new messages."),
    Field(
      "latency", .keyword("none", or: .object(latency)), .standard("none"),
      "How long a message takes from the firmware to the wire, on top of the real network."),
    Field(
      "certificate_expiry", .keyword("never", or: .object(certificateExpiry)), .standard("never"),
      "The device's certificate runs out: an open connection stays, a new one is refused until the certificate is renewed. Simulated in the"
        + " device, with or without TLS."),
  ]

  static let upload = ObjectShape(
    name: "upload", noun: "an upload schedule",
    documentation: "Batch upload, as data loggers do it: readings are stored and sent together. Late arrival is the normal case.",
    fields: [
      Field("every", .duration(Limits.second...30 * Limits.day), .required, "Time between two uploads, on round times: `15m`, `1h`, `1d`."),
      Field(
        "at", .timeOfDay, .optional,
        "Local time of day, when `every` is a whole number of days; midnight by default. Write it in quotes."),
      Field("delay", .durationRange(0...Limits.day), .standard("0s..10m"), "Each device waits for another random time at each upload."),
      Field("disconnect", .boolean, .standard("false"), "Whether the device has no connection between two uploads."),
    ])

  static let reporting = ObjectShape(
    name: "reporting", noun: "a reporting policy",
    documentation: "Report by exception: only what has changed becomes a reading, and each sensor reports at least once per heartbeat.",
    fields: [
      Field(
        "mode", .words(ReportingPolicy.Mode.self), .standard("all"),
        "`all` values; `on-change`: those that differ from the one reported last; `deadband`: those that differ by more than the deadband."),
      Field(
        "deadband", .share, .standard("1 %"),
        "Share of the sensor's range, for sensors that have no `deadband` of their own (OPC UA's percent deadband)."),
      Field(
        "heartbeat", .keyword("none", or: .duration(Limits.second...Limits.year)), .standard("15m"),
        "A sensor that has been silent for this long reports although nothing changed."),
    ])

  static let linkFaults = ObjectShape(
    name: "link_faults", noun: "link faults", documentation: "Links that look open and are not, or not in both directions.",
    fields: [
      Field(
        "dead", .objectOrNone(OutageDescription.outages), .standard("none"),
        "Connected but dead: nothing gets out or in, until a time-out or the keepalive tells. No connection can be made meanwhile."),
      Field(
        "acknowledgements_lost", .objectOrNone(OutageDescription.outages), .standard("none"),
        "Asymmetric: messages arrive, acknowledgements do not come back; then the device reconnects and sends again what had arrived."),
    ])

  static let latency = ObjectShape(
    name: "latency", noun: "a latency", documentation: "Log-normally distributed, drawn for each reading; a later reading never overtakes.",
    fields: [
      Field("median", .duration(1...Limits.hour), .required, "Median time from the firmware to the wire."),
      Field("spread", .number(.plain, 0...5, "0.6"), .standard("0.5"), "Standard deviation of the logarithm: the jitter."),
    ])

  static let certificateExpiry = ObjectShape(
    name: "certificate_expiry", noun: "an expiry",
    documentation: "When the device's certificate runs out: `after` or `at`, one of the two.",
    fields: [
      Field("after", .duration(0...100 * Limits.year), .optional, "This long after the start of the run."),
      Field("at", .instant, .optional, "At an instant."),
      Field(
        "renewed_after", .keyword("never", or: .durationRange(0...Limits.year)), .standard("never"),
        "Time from expiry to renewal, drawn for each device from a range such as `20m..2h`."),
    ])
}
