/// Decodes when, and over which link, readings leave a device.
enum DeliveryDecoder {
  static func upload(_ value: Value?) -> UploadSchedule? {
    guard let object = value?.object else { return nil }
    return UploadSchedule(
      every: object.required("every", \.duration), at: object["at"]?.timeOfDay ?? 0, delay: object.required("delay", \.durationRange),
      disconnects: object.required("disconnect", \.boolean))
  }

  static func reporting(_ value: ObjectValue) -> ReportingPolicy {
    let mode = value.required("mode") { $0.text.flatMap(ReportingPolicy.Mode.init(rawValue:)) }
    // Without a mode the other keys mean nothing, and equal models stay equal.
    guard mode != .all else { return .all }
    return ReportingPolicy(mode: mode, deadband: value.required("deadband", \.number), heartbeat: value["heartbeat"]?.duration ?? 0)
  }

  static func linkFaults(_ value: ObjectValue) -> LinkFaults {
    LinkFaults(
      dead: ProfileDecoder.outages(value["dead"]), acknowledgementsLost: ProfileDecoder.outages(value["acknowledgements_lost"]))
  }

  static func buffer(_ value: ObjectValue, into buffer: inout StoreAndForward) {
    buffer.maximumAge = value["maximum_age"]?.duration ?? 0
    buffer.keepEvery = value.required("keep_every", \.integer)
    buffer.priority = value.required("priority") { $0.text.flatMap(StoreAndForward.Priority.init(rawValue:)) }
    let pointer = value.required("acknowledgement_pointer") { $0.text.flatMap(StoreAndForward.AcknowledgementPointer.init(rawValue:)) }
    buffer.resend = pointer == .unsaved ? value.required("resend", \.integer) : 0
  }

  static func connection(_ value: ObjectValue, into connection: inout ConnectionPolicy) {
    connection.session = value.required("session") { $0.text.flatMap(ConnectionPolicy.Session.init(rawValue:)) }
    connection.latency = value["latency"]?.object.map {
      LinkLatency(median: $0.required("median", \.duration), spread: $0.required("spread", \.number))
    }
    connection.certificateExpiry = value["certificate_expiry"]?.object.flatMap(expiry)
  }

  private static func expiry(_ value: ObjectValue) -> CertificateExpiry? {
    let moment: CertificateExpiry.Moment
    if let after = value["after"]?.duration {
      moment = .after(after)
    } else if let at = value["at"]?.instant {
      moment = .at(at)
    } else {
      return nil
    }
    return CertificateExpiry(expires: moment, renewedAfter: value["renewed_after"]?.durationRange)
  }
}
