/// Checks of buffer, upload and connection that look at more than one value.
enum DeliveryChecker {
  static func check(_ profile: ObjectValue) -> [SpecificationError] {
    [pointer(profile), session(profile), exactlyOnce(profile)].compactMap { $0 } + upload(profile) + expiry(profile)
  }

  private static func upload(_ profile: ObjectValue) -> [SpecificationError] {
    guard let upload = profile["upload"]?.object, let every = upload["every"]?.duration else { return [] }
    var errors: [SpecificationError] = []
    if let at = upload["at"], at.timeOfDay != nil, every % Limits.day != 0 {
      errors.append(
        SpecificationError(
          at.place, "'at' is given, but 'every' is \(Units.format(milliseconds: every))", expected: "whole days, such as 'every: 1d'",
          suggestion: "leave 'at' out: uploads are on round times of day"))
    }
    if let delay = upload["delay"], let range = delay.durationRange, range.upper - range.lower >= every {
      // The default does not fit short periods, and then the place is that of the whole object.
      errors.append(
        SpecificationError(
          delay.place, "'delay' varies by \(Units.format(milliseconds: range.upper - range.lower))",
          expected: "less than the \(Units.format(milliseconds: every)) between two uploads",
          suggestion: "write for example 'delay: 0s..\(Units.format(milliseconds: max(every / 2, 1)))'"))
    }
    return errors
  }

  private static func pointer(_ profile: ObjectValue) -> SpecificationError? {
    guard let buffer = profile["buffer"]?.object, let pointer = buffer["acknowledgement_pointer"],
      pointer.text == StoreAndForward.AcknowledgementPointer.unsaved.rawValue, buffer["persistent"]?.boolean == false
    else { return nil }
    return SpecificationError(
      pointer.place, "'acknowledgement_pointer' is 'unsaved', but the buffer is not persistent", expected: "'persistent: true'",
      suggestion: "what is lost with the power cannot be sent again")
  }

  private static func session(_ profile: ObjectValue) -> SpecificationError? {
    guard let session = profile["connection"]?.object?["session"], session.text == ConnectionPolicy.Session.persistent.rawValue,
      profile["buffer"]?.object?["persistent"]?.boolean == false
    else { return nil }
    return SpecificationError(
      session.place, "'session' is 'persistent', but the buffer is not", expected: "'persistent: true' in 'buffer'",
      suggestion: "what is lost with the power cannot be delivered again")
  }

  /// With a clean session the broker forgets between two connections what it has received, and the device does not send it again.
  private static func exactlyOnce(_ profile: ObjectValue) -> SpecificationError? {
    guard let connection = profile["connection"]?.object, let qos = connection["qos"], qos.integer == 2,
      connection["session"]?.text == ConnectionPolicy.Session.clean.rawValue
    else { return nil }
    return SpecificationError(
      qos.place, "'qos' is 2, but the session is clean", expected: "'session: persistent' beside it",
      suggestion: "with a clean session the broker forgets what it has received when a connection breaks, and messages are lost")
  }

  private static func expiry(_ profile: ObjectValue) -> [SpecificationError] {
    guard let value = profile["connection"]?.object?["certificate_expiry"], let expiry = value.object else { return [] }
    let given = [expiry["after"], expiry["at"]].compactMap { $0 }
    guard given.count != 1 else { return [] }
    return [
      SpecificationError(
        given.last?.place ?? value.place, "'certificate_expiry' has \(given.isEmpty ? "no moment" : "two moments")",
        expected: "either 'after: 10m' or 'at: 2026-06-21T12:00:00Z'")
    ]
  }
}
