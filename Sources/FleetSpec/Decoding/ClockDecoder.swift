/// Makes the model of a clock from values without errors.
enum ClockDecoder {
  static func clock(_ value: ObjectValue) -> DeviceClock {
    var clock = DeviceClock(
      offset: value.required("offset", \.duration), driftPPM: value.required("drift", \.number),
      synchronisation: value["synchronise"]?.duration ?? 0)
    clock.curvature = value.required("curvature", \.number)
    clock.correction = value.required("correction") { $0.text.flatMap(DeviceClock.Correction.init(rawValue:)) }
    if let steps = value["steps"]?.object {
      clock.stepsEvery = steps.required("every", \.duration)
      clock.stepSize = steps.required("size", \.duration)
    }
    if let future = value["far_future"]?.object {
      clock.farFutureEvery = future.required("every", \.duration)
      clock.farFutureBy = future.required("by", \.duration)
    }
    if let unset = value["unset"]?.object {
      clock.unset = unset.required("share", \.number)
      clock.unsetFor = unset.required("synchronised_after", \.durationRange)
    }
    clock.localTime = value.required("local_time", \.number)
    return clock
  }
}
