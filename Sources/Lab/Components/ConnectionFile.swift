/// `connection.yaml`: the part of a fleet file that points a fleet at the lab. Paths are relative to the file itself.
enum ConnectionFile {
  static func text(_ state: LabState) -> String {
    return """
      # Made by heliograph lab up: lay it over a fleet file to send the fleet to this lab.
      transport:
      \(state.broker.speaksKafka ? kafka(state) : mqtt(state))
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
    let devices = state.broker.clientCertificates ? "\n    device_certificates: certificates/devices" : ""
    return """
        mqtt:
          url: "mqtts://localhost:\(state.broker.port)"
          authority: certificates/ca.crt\(devices)
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
