import FleetSpec
import World

/// Batch upload: readings wait in the buffer until the next upload.
extension DeviceFirmware {
  /// True while readings may leave.
  var maySend: Bool { isUploading || settings.profile.upload == nil }

  /// True while the device does without a connection.
  public var isAsleep: Bool { isAbsent || !isUploading && settings.profile.upload?.disconnects == true }

  mutating func planUpload(after time: Milliseconds) { uploadDue = uploads.first?.next(after: time) ?? .max }

  /// An upload is due. One that is still going on takes it in; one that has nothing to send does not begin.
  mutating func beginUpload(at time: Milliseconds, _ now: Milliseconds, _ recorder: some DeliveryRecorder) {
    planUpload(after: time)
    let hasRepeats = repeats.contains { $0.due <= now }
    guard !isUploading, !buffer.isEmpty || !transit.isEmpty || !inflight.isEmpty || hasRepeats else { return }
    recorder.note(.uploadBegan, device: device, seq: -1, at: time)
    let wasAsleep = isAsleep
    isUploading = true
    if wasAsleep && phase == .offline && !networkDown { reconnectAt = now }
  }

  mutating func endUploadIfDone(_ now: Milliseconds, _ link: some DeviceLink, _ recorder: some DeliveryRecorder) {
    guard isUploading, phase == .connected, buffer.isEmpty, transit.isEmpty, inflight.isEmpty else { return }
    recorder.note(.uploadEnded, device: device, seq: -1, at: now)
    isUploading = false
    buffer.endLive()
    guard isAsleep else { return }
    link.disconnect(device)
    enter(.offline)
    reconnectAt = .max
  }
}
