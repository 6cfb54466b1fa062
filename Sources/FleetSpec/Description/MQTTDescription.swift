/// The keys under `transport.mqtt`.
extension TransportDescription {
  static let mqtt = ObjectShape(
    name: "transport.mqtt", noun: "an MQTT transport",
    documentation: "One connection per device. Secrets never stand in the file, only references to them.",
    fields: [
      Field("url", .text(.brokerURL), .required, "`mqtts://` for TLS (port 8883 unless given), `mqtt://` for plain TCP (port 1883)."),
      Field(
        "authority", .text(.path), .optional, "PEM file of trusted certificate authorities; without it the system's. Only with `mqtts://`."),
      Field(
        "device_certificates", .text(.path), .optional,
        "Folder with `<device>.crt` and `<device>.key`; without it devices show no certificate. Only with `mqtts://`."),
      Field(
        "server_name", .text(.line), .optional,
        "Name that the broker's certificate must bear; without it the URL's host. Only with `mqtts://`."),
      Field(
        "user", .text(.template(MQTTOptionsDescription.devicePlaceholders)), .optional,
        "User name for the broker; may contain `{device_id}`, `{site_id}`, `{asset_id}`."),
      Field("password", .secret, .optional, "Where the password is found, which may contain the same placeholders."),
      Field(
        "topic", .text(.topic(topicPlaceholders)), .standard("\"telemetry/{site_id}/{asset_id}/{sensor_type}\""),
        "Topic of a reading."),
      Field(
        "status_topic", .text(.topic(["site_id", "device_id", "asset_id"])), .standard("\"status/{site_id}/{device_id}\""),
        "Topic of birth message and last will."),
    ] + MQTTOptionsDescription.fields)
}
