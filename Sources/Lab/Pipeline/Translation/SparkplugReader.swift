/// A host application of Sparkplug B: keeps what births say, and turns data into telemetry events.
///
/// Data of a node whose births it has not seen waits, while the node is asked for them. Source: Sparkplug Specification 3.0.0, chapter 5.
struct SparkplugReader {
  static let prefix = "spBv1.0/"
  static let subscription = "spBv1.0/#"
  private static let waitingLimit = 100_000

  /// What a birth says of a metric.
  private struct Metric {
    var name: String
    var unit = ""
    var type = ""
  }

  private struct Node {
    /// By alias; those of the node's devices among them.
    var metrics: [UInt64: Metric] = [:]
    /// By device; the node's own under its name.
    var sites: [String: String] = [:]
    var isAsked = false
    var waiting: [(topic: String, message: [UInt8])] = []
  }

  /// By group and node.
  private var nodes: [String: Node] = [:]
  private var commands: [(topic: String, payload: [UInt8])] = []

  /// Commands that ask nodes for their births.
  mutating func takeCommands() -> [(topic: String, payload: [UInt8])] {
    defer { commands.removeAll() }
    return commands
  }

  /// The events of a message, and of those that waited for it. What is broken comes out as it is.
  mutating func read(topic: String, _ message: UnsafeRawBufferPointer) -> [[UInt8]] {
    let levels = topic.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard levels.count == 4 || levels.count == 5 else { return [Array(message)] }
    let key = "\(levels[1])/\(levels[3])"
    let device = levels.last ?? ""
    switch levels[2] {
    case "NBIRTH", "DBIRTH":
      guard let payload = SparkplugPayload(message) else { return [Array(message)] }
      let isWhole = learn(payload, key, device)
      guard isWhole, let waiting = nodes[key]?.waiting, !waiting.isEmpty else { return [] }
      // Births of a gateway's devices follow that of the node: what cannot be read yet goes on waiting.
      nodes[key]?.waiting = []
      return waiting.flatMap { item in item.message.withUnsafeBytes { read(topic: item.topic, $0) } }
    case "NDATA", "DDATA":
      guard let payload = SparkplugPayload(message) else { return [Array(message)] }
      guard let known = nodes[key], payload.metrics.allSatisfy({ known.metrics[$0.alias ?? 0] != nil }) else {
        return wait(key, topic, message, payload)
      }
      return payload.metrics.map { event($0, known, device: device) }
    default: return []
    }
  }

  /// True when the metrics of a device were among it.
  private mutating func learn(_ payload: SparkplugPayload, _ key: String, _ device: String) -> Bool {
    var node = nodes[key] ?? Node()
    node.isAsked = false
    var hasMetrics = false
    for metric in payload.metrics {
      guard let name = metric.name else { continue }
      if name == "Properties/site_id" { node.sites[device] = metric.text ?? "" }
      guard let alias = metric.alias else { continue }
      node.metrics[alias] = Metric(name: name, unit: metric.properties["engUnit"] ?? "", type: metric.properties["sensor_type"] ?? "")
      hasMetrics = true
    }
    nodes[key] = node
    return hasMetrics
  }

  private mutating func wait(
    _ key: String, _ topic: String, _ message: UnsafeRawBufferPointer, _ payload: SparkplugPayload
  ) -> [[UInt8]] {
    // Of a node that nobody has registered no birth will ever come.
    if key.contains("/unregistered-") {
      let node = key.split(separator: "/").last.map(String.init) ?? ""
      return payload.metrics.map { event($0, Node(), device: node) }
    }
    var node = nodes[key] ?? Node()
    if !node.isAsked {
      node.isAsked = true
      let group = key.prefix { $0 != "/" }
      let name = key.dropFirst(group.count + 1)
      commands.append(("\(Self.prefix)\(group)/NCMD/\(name)", SparkplugPayload.rebirth))
    }
    if node.waiting.count < Self.waitingLimit { node.waiting.append((topic, Array(message))) }
    nodes[key] = node
    return []
  }

  private func event(_ metric: SparkplugPayload.Metric, _ node: Node, device: String) -> [UInt8] {
    let known = node.metrics[metric.alias ?? 0] ?? Metric(name: "unknown", type: "OTHER")
    let boot = metric.properties["boot"] ?? ""
    let sequence = metric.properties["seq"] ?? ""
    let isGood = metric.properties["Quality"] == "192"
    let site = node.sites[device] ?? "unknown"
    let padding = metric.properties["padding"].map { ",\"padding\":\"\($0)\"" } ?? ""
    let encoding = metric.properties["encoding"].map { ",\"encoding\":\"\($0)\"" } ?? ""
    var text = "{\"event_id\":\"\(device):\(boot):\(sequence)\","
    if let timestamp = metric.timestamp { text += "\"timestamp\":\(timestamp)," }
    text += "\"site_id\":\(EventText.quoted(site)),\"asset_id\":\"\(device)\",\"sensor_type\":\(EventText.quoted(known.type)),"
    text +=
      "\"sensor_id\":\(EventText.quoted("\(device).\(known.name)")),\"value\":\(metric.value),\"unit\":\(EventText.quoted(known.unit)),"
    text += "\"quality_flag\":\"\(isGood ? "GOOD" : metric.properties["quality_flag"] ?? "BAD")\","
    text += "\"metadata\":{\"boot\":\(boot),\"seq\":\(sequence)\(encoding)\(padding)},\"source\":\"heliograph\",\"schema_version\":1}"
    return Array(text.utf8)
  }
}
