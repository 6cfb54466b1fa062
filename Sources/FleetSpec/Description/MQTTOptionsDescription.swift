/// The keys under `transport.mqtt` beyond the address of a broker.
enum MQTTOptionsDescription {
  static let devicePlaceholders = ["site_id", "device_id", "asset_id"]

  static let fields = [
    Field(
      "version", .words(MQTTOptions.Version.self), .standard("\"3.1.1\""),
      "Of the protocol. Needed are 5 for expiry, user properties, reason codes, topic aliases and a delayed will."),
    Field(
      "brokers", .list(of: .text(.brokerURL), atLeast: 1), .optional,
      "Further brokers for fail-over, with the same scheme as `url`: a device that cannot connect to one tries the next, in turn."),
    Field(
      "back_to_first_after", .keyword("never", or: .duration(Limits.second...Limits.day)), .standard("60s"),
      "A device on one of the further brokers goes back to the first after this time."),
    Field(
      "crl", .text(.path), .optional,
      "PEM file of certificates that their authority has revoked: a broker that shows one of them is refused. Only with `mqtts://`."),
    Field(
      "tls_session_resumption", .boolean, .standard("false"),
      "Whether a device that comes back resumes its TLS session, at a third of the work. A loss of power ends it. Only with `mqtts://`."),
    Field(
      "credentials", .text(.path), .optional,
      "File of lines `device,user,password`, readable by its owner alone: each device has a user of its own. In place of `user` and `password`."
    ),
    Field(
      "source_addresses", .list(of: .text(.addressRange), atLeast: 1), .optional,
      "Addresses of this machine from which devices call, in turn; each has ports of its own. `127.0.1.0/24` stands for 254 of them."),
    Field("birth", .objectOrNone(birth), .standard("{}"), "What a device says to `status_topic` after each connect."),
    Field(
      "will", .objectOrNone(will), .standard("{}"),
      "What the broker says to `status_topic` when a device is lost. Birth and will are only for profiles with `last_will`."),
    Field("commands", .objectOrNone(commands), .standard("none"), "Devices listen for commands and obey them."),
    Field(
      "message_expiry", .keyword("never", or: .duration(Limits.second...Limits.year)), .standard("never"),
      "After this time the broker may throw a message away that it could not deliver. Only with version 5."),
    Field(
      "session_expiry", .duration(Limits.second...Limits.year), .optional,
      "How long the broker keeps the session of a device that is away, when its profile has `session: persistent`; a day if nothing is said."
        + " Only with version 5."),
    Field(
      "user_properties", .map(keys: .text(.line), values: .text(.template(TransportDescription.topicPlaceholders))), .standard("{}"),
      "Properties of each message, with the placeholders of `topic`. Only with version 5."),
    Field(
      "topic_aliases", .boolean, .standard("false"),
      "Messages at QoS 0 name their topic once per connection, and then by a number, as far as the broker allows. Only with version 5."),
  ]

  private static func payload(_ standard: String) -> Field {
    Field("payload", .text(.template(devicePlaceholders)), .standard(standard), "May contain `{site_id}`, `{device_id}`, `{asset_id}`.")
  }

  static let birth = ObjectShape(
    name: "birth", noun: "a birth message", documentation: "What a device says when it has connected.",
    fields: [
      payload("online"), Field("qos", .integer(0...2), .standard("0"), "MQTT quality of service."),
      Field("retain", .boolean, .standard("true"), "Whether the broker keeps it for those who subscribe later."),
    ])

  static let will = ObjectShape(
    name: "will", noun: "a last will", documentation: "What the broker says when the connection ends without a goodbye.",
    fields: [
      payload("offline"), Field("qos", .integer(0...2), .standard("1"), "MQTT quality of service."),
      Field("retain", .boolean, .standard("true"), "Whether the broker keeps it for those who subscribe later."),
      Field(
        "delay", .duration(0...Limits.day), .standard("0s"),
        "The broker waits this long for the device to come back, in whole seconds. Only with version 5."),
    ])

  static let commands = ObjectShape(
    name: "commands", noun: "commands",
    documentation: """
      Each device subscribes to a topic of its own. It obeys `reboot`, `rebirth`, `interval 30s` and `interval default`, also as JSON: \
      `{"command": "interval", "value": "30s"}`. An interval thins out what is sent, not what is measured: what is not sent is discarded on \
      the device. Retained commands are not obeyed.
      """,
    fields: [
      Field(
        "topic", .text(.topic(devicePlaceholders)), .standard("\"commands/{site_id}/{device_id}\""),
        "Where a device listens."),
      Field("qos", .integer(0...2), .standard("1"), "MQTT quality of service of the subscription."),
    ])
}
