/// Makes the model of a profile from values without errors.
enum ProfileDecoder {
  static func decode(_ value: ObjectValue, name: String) -> FirmwareProfile {
    var profile = FirmwareProfile(
      name: name, description: value.required("description", \.text), firmware: value.required("firmware", \.text),
      interval: value.required("interval", \.duration), plant: value["plant"]?.object.map(PlantDecoder.plant),
      storage: value["storage"]?.object.map(PlantDecoder.storage), load: value["load"]?.object.map(PlantDecoder.load),
      battery: value.required("battery") { $0.text.flatMap(BatteryKind.init(rawValue:)) },
      radio: value.required("radio") { $0.text.flatMap(RadioKind.init(rawValue:)) },
      sensors: value.required("sensors", \.list).compactMap(\.object).map(sensor),
      clock: ClockDecoder.clock(value.required("clock", \.object)),
      powerOutages: outages(value["power_outages"]), networkOutages: outages(value["network_outages"]),
      buffer: buffer(value.required("buffer", \.object)), connection: connection(value.required("connection", \.object)),
      faults: faults(value.required("faults", \.object)))
    profile.brownOuts = outages(value["brown_outs"])
    profile.watchdogResets = outages(value["watchdog"])
    profile.rebootLoops = OutageDecoder.flapping(value["reboot_loops"])
    profile.flapping = OutageDecoder.flapping(value["flapping"])
    profile.nightShutdown = value["night_shutdown"]?.number
    profile.bootTime = value.required("boot_time", \.duration)
    profile.resetsSequence = value["sequence"]?.text == "reset"
    RolloutDecoder.decode(value.required("rollout", \.list), into: &profile)
    profile.upload = DeliveryDecoder.upload(value["upload"])
    profile.reporting = DeliveryDecoder.reporting(value.required("reporting", \.object))
    profile.payload = PayloadDecoder.decode(value.required("payload", \.object))
    if profile.payload.codec == .sparkplug {
      // The specification leaves an edge node no choice.
      profile.connection.qos = 0
      profile.connection.session = .clean
      profile.connection.lastWill = true
    }
    profile.linkFaults = DeliveryDecoder.linkFaults(value.required("link_faults", \.object))
    return profile
  }

  static func outages(_ value: Value?) -> Outages { OutageDecoder.outages(value) }

  private static func sensor(_ value: ObjectValue) -> Sensor {
    let quantity = value.required("measures") { $0.text.flatMap(Quantity.init(rawValue:)) }
    let range = value.required("range") { $0.list.flatMap { $0.count == 2 ? $0 : nil } }
    let unit = value["unit"]?.text ?? quantity.wireUnits.first ?? ""
    func number(_ value: Value) -> Double? {
      value.sensorValue.flatMap { SensorUnits.convert($0.number, from: $0.unit, to: unit, of: quantity) }
    }
    var sensor = Sensor(
      name: value.required("name", \.text), type: value["type"]?.text.flatMap(SensorType.init(rawValue:)) ?? quantity.standardType,
      quantity: quantity, input: value["input"]?.integer ?? 0, unit: unit, decimals: value.required("decimals", \.integer),
      minimum: number(range[0]) ?? 0, maximum: number(range[1]) ?? 0, gainError: value.required("gain_error", \.number),
      offsetError: value.required("offset_error", number), noise: value.required("noise", number), drift: value.required("drift", number),
      deadband: value["deadband"].flatMap(number))
    sensor.encoding = value.required("encoding") { $0.text.flatMap(ValueEncoding.init(rawValue:)) }
    sensor.temperatureCoefficient = value.required("temperature_coefficient", \.number)
    sensor.troubles = SensorDecoder.troubles(value, of: sensor)
    return sensor
  }

  private static func buffer(_ value: ObjectValue) -> StoreAndForward {
    var buffer = StoreAndForward(
      capacity: value.required("capacity", \.integer),
      overflow: value.required("overflow") { $0.text.flatMap(StoreAndForward.Overflow.init(rawValue:)) },
      order: value.required("order") { $0.text.flatMap(StoreAndForward.Order.init(rawValue:)) },
      replayRate: value["replay_rate"]?.rate ?? 0, persistent: value.required("persistent", \.boolean))
    DeliveryDecoder.buffer(value, into: &buffer)
    return buffer
  }

  private static func connection(_ value: ObjectValue) -> ConnectionPolicy {
    var connection = ConnectionPolicy(
      qos: value.required("qos", \.integer), keepalive: value.required("keepalive", \.duration),
      inflight: value.required("inflight", \.integer), acknowledgementTimeout: value.required("acknowledgement_timeout", \.duration),
      connectTimeout: value.required("connect_timeout", \.duration), backoffBase: value.required("backoff_base", \.duration),
      backoffMaximum: value.required("backoff_maximum", \.duration), lastWill: value.required("last_will", \.boolean))
    DeliveryDecoder.connection(value, into: &connection)
    return connection
  }

  private static func faults(_ value: ObjectValue) -> DeviceFaults {
    DeviceFaults(
      redelivery: value.required("redelivery", \.number), repeats: value.required("repeats", \.number),
      repeatAfter: value.required("repeat_after", \.durationRange), late: value.required("late", \.number),
      lateBy: value.required("late_by", \.durationRange), malformed: value.required("malformed", \.number),
      malformedKinds: SensorDecoder.malformedKinds(value.required("malformed_kinds", \.map)),
      oversize: value.required("oversize", \.integer),
      repeatsWithNewID: value.required("repeats_with_new_id", \.number), batchReplays: batchReplays(value["batch_replays"]))
  }

  private static func batchReplays(_ value: Value?) -> BatchReplays? {
    value?.object.map { BatchReplays(every: $0.required("every", \.duration), size: $0.required("size", \.integer)) }
  }
}
