/// `connection.yaml`: the part of a fleet file that points a fleet at the lab. Paths are relative to the file itself.
///
/// A lab with an HTTP front has three of them: `connection.yaml` and `connection-http.yaml` for the front, `connection-mqtt.yaml` (or `-kafka`)
/// for the broker.
enum ConnectionFile {
  static func write(_ state: LabState, _ folder: LabFolder) throws {
    let broker = text(state.broker.speaksKafka ? kafka(state) : mqtt(state), state)
    guard let front = state.front else {
      try Files.replace(folder.connection, mode: 0o644, with: broker)
      return
    }
    let ofFront = text(http(front, state), state)
    try Files.replace(folder.connection, mode: 0o644, with: ofFront)
    try Files.replace("\(folder.path)/connection-http.yaml", mode: 0o644, with: ofFront)
    let name = state.broker.speaksKafka ? "kafka" : "mqtt"
    try Files.replace("\(folder.path)/connection-\(name).yaml", mode: 0o644, with: broker)
  }

  private static func devices(_ state: LabState) -> String {
    state.broker.clientCertificates ? "\n    device_certificates: certificates/devices" : ""
  }

  private static func http(_ front: LabState.Front, _ state: LabState) -> String {
    """
      http:
        url: "https://localhost:\(front.port)\(Front.path)"
        authority: certificates/ca.crt\(devices(state))
        token: {file: secrets/http-token}
    """
  }

  private static func text(_ transport: String, _ state: LabState) -> String {
    return """
      # Made by heliograph lab up: lay it over a fleet file to send the fleet to this lab.
      transport:
      \(transport)
      pipeline:
        store:
          url: "\(state.store.url)"
          password: {file: secrets/store-password}
          table: \(state.store.table)
          timestamp: timestamp
          identity: [sensor_id, timestamp]
          values: {value: value}
          attributes: {site_id: site_id, device_id: asset_id, sensor_type: sensor_type, unit: unit, quality: quality_flag}
          ingested_at: ingested_at

      """
  }

  private static func mqtt(_ state: LabState) -> String {
    """
      mqtt:
        url: "mqtts://localhost:\(state.broker.port)"
        authority: certificates/ca.crt\(devices(state))
        user: \(Broker.user)
        password: {file: secrets/mqtt-password}
    """
  }

  private static func kafka(_ state: LabState) -> String {
    """
      kafka:
        brokers: ["127.0.0.1:\(state.broker.port)"]
        topic: \(KafkaBroker.topic)
    """
  }
}
