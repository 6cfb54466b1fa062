/// Checks of `payload` that look at more than one value.
enum PayloadChecker {
  static func check(_ profile: ObjectValue) -> [SpecificationError] {
    guard let payload = profile["payload"]?.object, let codec = payload["codec"]?.text.flatMap(PayloadFormat.Codec.init(rawValue:)),
      let shape = payload["shape"]?.text.flatMap(PayloadFormat.Shape.init(rawValue:))
    else { return [] }
    let misplaced = keys(payload, codec)
    guard misplaced.isEmpty else { return misplaced }
    guard payload["template"] == nil || PayloadDecoder.template(payload) != nil else { return [] }
    let template = PayloadDecoder.template(payload)
    if let template, let place = payload["template"]?.place, let error = placeholders(template, shape, place) { return [error] }
    return malformations(profile, codec, template)
  }

  /// A gateway whose devices speak Sparkplug must be an edge node.
  static func checkGateways(_ groups: [ObjectValue], _ profiles: [ProfileFinder.Found]) -> [SpecificationError] {
    func codec(_ name: String?) -> String? { profiles.first { $0.name == name }?.value["payload"]?.object?["codec"]?.text }
    let sparkplug = PayloadFormat.Codec.sparkplug.rawValue
    return groups.compactMap { group in
      guard codec(group["profile"]?.text) == sparkplug, let gateway = group["gateway"]?.object?["profile"], let name = gateway.text,
        let other = codec(name), other != sparkplug
      else { return nil }
      return SpecificationError(
        gateway.place, "the gateway '\(name)' speaks '\(other)', but its devices speak Sparkplug",
        expected: "a gateway that is an edge node",
        suggestion: "write 'payload: { codec: sparkplug }' in the gateway's profile")
    }
  }

  /// What a transport other than MQTT cannot carry.
  static func checkTransport(_ fleet: ObjectValue, _ profiles: [ProfileFinder.Found]) -> [SpecificationError] {
    guard let transport = fleet["transport"]?.object, let other = ["kafka", "http"].first(where: { transport[$0] != nil }) else {
      return []
    }
    let name = other == "http" ? "HTTP" : "Kafka"
    return profiles.compactMap { profile in
      guard let payload = profile.value["payload"]?.object, let codec = payload["codec"], let shape = payload["shape"] else { return nil }
      if codec.text == PayloadFormat.Codec.sparkplug.rawValue {
        return SpecificationError(
          codec.place, "'codec' is 'sparkplug', which speaks over MQTT alone", expected: "'transport: mqtt', or another codec")
      }
      if other == "http", codec.text != PayloadFormat.Codec.json.rawValue {
        return SpecificationError(codec.place, "'codec' is '\(codec.text ?? "")', but HTTP's batches are JSON", expected: "json")
      }
      guard shape.text == PayloadFormat.Shape.wide.rawValue else { return nil }
      return SpecificationError(
        shape.place, "'shape' is 'wide', but \(name) carries one reading per message", expected: "narrow",
        suggestion: "wide messages go over MQTT")
    }
  }

  /// Keys that belong to another notation.
  private static func keys(_ payload: ObjectValue, _ codec: PayloadFormat.Codec) -> [SpecificationError] {
    let owners: [(key: String, codec: PayloadFormat.Codec)] = [
      ("template", .json), ("measurement", .lineProtocol), ("group", .sparkplug),
    ]
    return owners.compactMap { owner in
      guard codec != owner.codec, let value = payload[owner.key] else { return nil }
      return SpecificationError(
        value.place, "'\(owner.key)' has no meaning with the codec '\(codec.rawValue)'", expected: "'codec: \(owner.codec.rawValue)'",
        suggestion: "change the codec or take '\(owner.key)' away")
    }
  }

  private static func placeholders(_ template: JSONTemplate, _ shape: PayloadFormat.Shape, _ place: Place) -> SpecificationError? {
    let used = template.placeholders.map(\.placeholder)
    let wide = used.first { $0.kind == .object }
    switch shape {
    case .narrow:
      guard let wide else { break }
      return SpecificationError(
        place, "'template' has '{\(wide.rawValue)}', which stands for several readings", expected: "'shape: wide'",
        suggestion: "add 'shape: wide' to the payload")
    case .wide:
      if let single = used.first(where: \.isOfOneSensor) {
        return SpecificationError(
          place, "'template' has '{\(single.rawValue)}', but a wide message holds several readings",
          expected: "{values}, {units}, {qualities}, {sensor_types} or {seqs}", suggestion: "use one of these or 'shape: narrow'")
      }
    }
    guard !used.contains(where: { $0 == .value || $0 == .values }) else { return nil }
    let needed = shape == .wide ? "{values}" : "{value}"
    return SpecificationError(place, "'template' has no '\(needed)': no reading would be in the message", expected: needed)
  }

  /// Kinds of broken payloads that would be none in this notation.
  private static func malformations(
    _ profile: ObjectValue, _ codec: PayloadFormat.Codec, _ template: JSONTemplate?
  ) -> [SpecificationError] {
    guard let faults = profile["faults"]?.object, let share = faults["malformed"]?.number, share > 0,
      let kinds = faults["malformed_kinds"], let weights = kinds.map
    else { return [] }
    return weights.compactMap { entry in
      guard let weight = entry.value.number, weight > 0, let kind = MalformedKind(rawValue: entry.key),
        let reason = codec == .sparkplug ? reason(kind) : template.flatMap({ reason(kind, $0) })
      else { return nil }
      return SpecificationError(
        entry.keyPlace.line > 0 ? entry.keyPlace : kinds.place, "payloads cannot be malformed as '\(kind.rawValue)': \(reason)",
        expected: "other 'malformed_kinds', or a payload that has what is broken",
        suggestion: "name the kinds that are wanted: 'malformed_kinds: { truncated: 1 }'")
    }
  }

  private static func reason(_ kind: MalformedKind) -> String? {
    switch kind {
    case .timestampFormat: "a Sparkplug timestamp is a number by its field, and cannot be a text"
    case .wrongUnit: "Sparkplug states units in births, not in data"
    default: nil
    }
  }

  private static func reason(_ kind: MalformedKind, _ template: JSONTemplate) -> String? {
    let used = template.placeholders
    func has(_ condition: (JSONTemplate.Placeholder) -> Bool) -> Bool { used.contains { condition($0.placeholder) } }
    switch kind {
    case .missingField: return template.hasTimestampMember ? nil : "no member of the template has a timestamp as its value"
    case .timestampFormat: return has(\.isTimestamp) ? nil : "the template has no timestamp"
    case .wrongType, .notANumber, .null:
      return used.contains { $0.placeholder == .value && $0.inString } ? "the template's {value} is a text already" : nil
    case .oversized: return template.isObject ? nil : "the template is an array, which has no room for padding"
    case .wrongUnit: return has { $0 == .unit || $0 == .units } ? nil : "the template has no unit"
    case .unknownDevice: return has(\.isIdentity) ? nil : "the template does not name the device"
    case .truncated, .syntax, .outOfRange: return nil
    }
  }
}
