/// The keys that decide who speaks for whom, and who shares an identifier.
enum IdentityDescription {
  static let gateway = ObjectShape(
    name: "gateway", noun: "a gateway",
    documentation: """
      The devices of the group have no connection of their own: a gateway at their site hears them and speaks for them. Topics and payloads \
      name the device; MQTT client id, certificate, status topic and last will are the gateway's, and its profile decides about buffer, \
      connection, network outages and `batch_replays`; the other faults are each device's own. While it has no power, its devices are not \
      heard.
      """,
    fields: [
      Field("profile", .text(.name), .required, "Name of the gateway's firmware profile. It may do without sensors: `sensors: []`."),
      Field(
        "devices", .integer(1...100_000), .required, "The most devices of one site that share a gateway; one fills up after the other."),
      Field(
        "id", .text(.identifierPattern(["n", "site"])), .required,
        "Identifier of each gateway, unique within the fleet; `{n:3}` counts from 1 within the group, site by site, `{site}` is the site's id."
      ),
      Field("radio_loss", .share, .standard("0 %"), "Share of a device's readings that its gateway never hears."),
    ])

  /// The keys of a group of devices.
  static let group = [
    Field("gateway", .object(gateway), .optional, "Through what the devices speak; without it each has a connection of its own."),
    Field(
      "clones", .share, .standard("0 %"),
      "Share of the devices of which there is a second one with the same id, as when a configuration was copied: another device with sensors, faults and boot numbers of its own."
    ),
    Field(
      "clone_client_id", .words(Doubles.ClientID.self), .standard("same"),
      "MQTT client id of a clone: the `same` as the original's, so that they throw each other off the broker, or a `distinct` one."),
    Field(
      "second_link", .share, .standard("0 %"),
      "Share of the devices that send every reading over two links: the second one has the client id `ID/2`, outages and faults of delivery of its own. Behind gateways it is the next gateway of the site."
    ),
  ]

  /// The keys of `faults` about readings that are sent more often than once.
  static func faults(_ presence: (Field.Presence) -> Field.Presence) -> [Field] {
    [
      Field(
        "repeats_with_new_id", .share, presence(.standard("0 %")),
        "An acknowledged reading is sent again under a new event id, the old one with `:r1` behind it."),
      Field(
        "batch_replays", .objectOrNone(batchReplays), presence(.standard("none")),
        "Readings that were acknowledged long ago are sent once more, many at once."),
    ]
  }

  static let batchReplays = ObjectShape(
    name: "batch_replays", noun: "batch replays", documentation: "The readings acknowledged last are sent once more, at random times.",
    fields: [
      Field("every", .duration(Limits.second...Limits.year), .required, "Mean time between two replays (exponentially distributed)."),
      Field("size", .integer(1...100_000), .required, "How many readings; fewer where fewer were acknowledged since the last replay."),
    ])
}
