/// The keys of a firmware profile.
enum ProfileDescription {
  /// A profile in a file of its own.
  static let file = shape(name: "Firmware profile", nameField: .required)
  /// A profile under `profiles` of a fleet file, where the key is its name.
  static let inline = shape(name: "profiles", nameField: .optional)

  private static func shape(name: String, nameField: Field.Presence) -> ObjectShape {
    ObjectShape(
      name: name, noun: "a firmware profile", documentation: "What one kind of device measures and how its firmware behaves.",
      fields: [
        Field("profile", .text(.name), nameField, "The file's name without its suffix."),
        Field(
          "include", .list(of: .text(.path), atLeast: 0), .optional,
          "Profile files that this profile is laid over, so that only what differs has to stand here. Lists such as `sensors` are replaced."
        ),
        Field("description", .text(.line), .standard("\"no description\""), "One line for people."),
        Field("firmware", .text(.line), .standard("\"1.0.0\""), "Version that the device reports."),
        Field("interval", .duration(100...Limits.day), .required, "Time between two samples; a sample makes one reading per sensor."),
        Field("plant", .object(PlantDescription.plant), .optional, "The photovoltaic plant behind the device, when it has one."),
        Field("storage", .object(PlantDescription.storage), .optional, "The battery behind the device's meter, when it has one."),
        Field("load", .object(PlantDescription.load), .optional, "What is consumed behind the device's meter."),
        Field(
          "battery", .words(BatteryKind.self), .standard("rechargeable"),
          "What `battery_voltage` is about: a lithium-ion cell with a small solar panel, or a lithium thionyl chloride cell that lasts for years."
        ),
        Field("radio", .words(RadioKind.self), .standard("cellular"), "What `signal_strength` and `signal_to_noise` are about."),
        Field(
          "sensors", .list(of: .object(SensorDescription.shape), atLeast: 0), .required, "What is measured; only a gateway may do without."),
        Field("clock", .object(ClockDescription.clock), .standard("{}"), "The clock that stamps readings."),
        Field(
          "power_outages", .objectOrNone(OutageDescription.outages), .standard("none"),
          "Power cuts of a single device; it boots anew afterwards."),
        Field(
          "brown_outs", .objectOrNone(OutageDescription.outages), .standard("none"), "Short losses of power at which the device resets."),
        Field("watchdog", .objectOrNone(OutageDescription.outages), .standard("none"), "Resets by the watchdog; `length` is their time."),
        Field("reboot_loops", .objectOrNone(OutageDescription.rebootLoops), .standard("none"), "Booting again and again."),
        Field(
          "night_shutdown", .keyword("no", or: .number(.angle, -18...30, "2")), .standard("no"),
          "Elevation of the sun in degrees below which the device is off, because the modules are its only supply."),
        Field("boot_time", .duration(0...Limits.hour), .standard("1s"), "From power to the first measurement."),
        Field(
          "sequence", .choice(["kept", "reset"]), .standard("kept"),
          "Whether the number in the payload goes on after a boot or begins anew."),
        Field(
          "flapping", .objectOrNone(OutageDescription.flapping), .standard("none"), "The link goes down and up again and again."),
        Field(
          "network_outages", .objectOrNone(OutageDescription.outages), .standard("none"),
          "Network outages of a single device; it goes on measuring and buffers."),
        Field("buffer", .object(buffer), .standard("{}"), "Readings that could not be sent yet."),
        Field("connection", .object(connection), .standard("{}"), "How the firmware talks to its broker."),
        Field("payload", .object(PayloadDescription.shape), .standard("{}"), "How readings become messages."),
        Field("faults", .object(faults), .standard("{}"), "How often a device does on purpose what breaks pipelines."),
        Field(
          "rollout", .list(of: .object(RolloutDescription.step), atLeast: 0), .standard("[]"),
          "New versions of the firmware: when they come, to how many devices, and what they change."),
      ] + DeliveryDescription.profileFields)
  }

  static let buffer = ObjectShape(
    name: "buffer", noun: "a buffer", documentation: "Store and forward: readings that could not be sent yet.",
    fields: [
      Field("capacity", .integer(1...100_000_000), .standard("10000"), "Readings that fit."),
      Field("overflow", .words(StoreAndForward.Overflow.self), .standard("drop-oldest"), "What gives way when the buffer is full."),
      Field("order", .words(StoreAndForward.Order.self), .standard("oldest-first"), "In which order waiting readings leave."),
      Field(
        "replay_rate", .keyword("unlimited", or: .rate), .standard("50/s"),
        "Readings that leave while a backlog is worked off; `unlimited` is as fast as acknowledgements allow."),
      Field("persistent", .boolean, .standard("true"), "Whether the content survives a loss of power."),
    ] + DeliveryDescription.bufferFields)

  static let connection = ObjectShape(
    name: "connection", noun: "a connection policy", documentation: "How the firmware talks to its broker.",
    fields: [
      Field(
        "qos", .integer(0...2), .standard("1"),
        "MQTT quality of service; 2 needs `session: persistent`, for the broker to know what it has."),
      Field("keepalive", .duration(5 * Limits.second...18 * Limits.hour), .standard("60s"), "MQTT keepalive, in whole seconds."),
      Field("inflight", .integer(1...1000), .standard("20"), "Messages that may wait for their acknowledgement at once."),
      Field(
        "acknowledgement_timeout", .duration(100...Limits.hour), .standard("10s"),
        "After this long without an acknowledgement the connection is given up."),
      Field(
        "connect_timeout", .duration(100...Limits.hour), .standard("10s"), "After this long without a CONNACK the attempt is given up."),
      Field(
        "backoff_base", .duration(1...Limits.hour), .standard("500ms"),
        "Attempt n waits for a random time from 0 to backoff_base * 2^n (full jitter)."),
      Field("backoff_maximum", .duration(1...Limits.day), .standard("60s"), "The longest wait before an attempt."),
      Field("last_will", .boolean, .standard("true"), "Whether a last will is left with the broker."),
    ] + DeliveryDescription.connectionFields)

  static let faults = ObjectShape(
    name: "faults", noun: "faults",
    documentation: "How often a device does on purpose what breaks pipelines: each a share of the readings.",
    fields: faultFields { $0 })

  /// The same without defaults, for the fleet file: what is missing there stays as the profile has it.
  static let fleetFaults = ObjectShape(
    name: "faults of the fleet", noun: "faults",
    documentation: "Laid over the faults of every profile; a missing key leaves the profile's value.",
    fields: faultFields { _ in .optional })

  private static func faultFields(_ presence: (Field.Presence) -> Field.Presence) -> [Field] {
    let hold = Shape.durationRange(0...Limits.year)
    return [
      Field(
        "redelivery", .share, presence(.standard("0 %")),
        "The connection is cut between PUBLISH and PUBACK, so that the broker gets a true re-delivery."),
      Field("repeats", .share, presence(.standard("0 %")), "An acknowledged reading is sent again, with the same event id."),
      Field("repeat_after", hold, presence(.standard("1s..5s")), "The time after which a repeat follows."),
      Field("late", .share, presence(.standard("0 %")), "The reading is held back before it is sent."),
      Field("late_by", hold, presence(.standard("5s..20s")), "How long a late reading is held back."),
      Field("malformed", .share, presence(.standard("0 %")), "The payload is broken on purpose."),
    ] + malformedFields(presence) + IdentityDescription.faults(presence)
  }

  private static func malformedFields(_ presence: (Field.Presence) -> Field.Presence) -> [Field] {
    [
      Field(
        "malformed_kinds",
        .map(keys: .words(MalformedKind.self), values: .number(.plain, 0...1_000_000, "1")),
        presence(.standard("{truncated: 1, missing_field: 1, wrong_type: 1, nan: 1}")),
        """
        In which ways, and how often relative to each other. A pipeline must refuse `truncated`, `missing_field` (no timestamp), \
        `wrong_type` (the value as a string), `nan`, `null`, `syntax` (a brace or quote missing), `timestamp_format` (text), `oversized` \
        and `unknown_device` (an id beginning with `unregistered-`); it must store `wrong_unit` and `out_of_range` as they were sent.
        """),
      Field(
        "oversize", .integer(20_000...1_000_000), presence(.standard("65536")), "Bytes by which an oversized payload is padded."),
    ]
  }
}
