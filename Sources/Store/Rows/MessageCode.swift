import FleetSpec

/// The number or id of the message that a row was made from, as one whole number: the same in Swift and in SQL.
public enum MessageCode {
  /// Stands for NULL and for whatever is no number or id, or is one of another device.
  public static let unreadable: Int64 = -1

  /// What a boot counts: more than a device can number.
  public static let perBoot: Int64 = 1 << 40

  /// The code of a number that the payload bears.
  public static func code(sequence: Int64?) -> Int64 { sequence.map { max(unreadable, $0) } ?? unreadable }

  /// The code of an event id's boot and number.
  public static func code(boot: Int32, sequence: Int64) -> Int64 { Int64(boot) * perBoot + sequence }

  /// The code of `<device>:<boot>:<number>`, also where `:r1` or the like stands behind it.
  /// - Parameter device: whose row it is.
  public static func code(eventID: String?, of device: String) -> Int64 {
    guard let eventID else { return unreadable }
    let parts = eventID.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 || (parts.count == 4 && parts[3].hasPrefix("r") && number(parts[3].dropFirst(), 9) != nil), parts[0] == device,
      let boot = number(parts[1], 6), let sequence = number(parts[2], 11)
    else { return unreadable }
    return boot * perBoot + sequence
  }

  /// The device that an event id names.
  public static func device(ofEventID eventID: String) -> String { String(eventID.prefix { $0 != ":" }) }

  private static func number(_ text: Substring, _ longest: Int) -> Int64? {
    guard !text.isEmpty, text.utf8.count <= longest, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Int64(text)
  }

  /// The same in SQL; nil when the mapping has neither number nor id.
  static func expression(_ source: RowSource, _ mapping: TableMapping) -> String? {
    let identity = mapping.store.identity
    let columns = mapping.columns
    if let sequence = identity.sequence { return columns.natural(sequence) }
    guard let reference = identity.eventID else { return nil }
    let eventID = columns.text(reference)
    let device = columns.part(1, of: source.key, separator: ".")
    func part(_ number: Int) -> String { columns.part(number, of: eventID, separator: ":") }
    let isOwn = "\(part(1)) = \(device)"
    let code = "\(mapping.dialect.integer(part(2))) * \(perBoot) + \(mapping.dialect.integer(part(3)))"
    switch mapping.dialect {
    case .postgreSQL:
      // Not every engine stops at the first condition that fails: the casts stand behind a case of their own.
      return "case when \(eventID) ~ '^[^:]+:[0-9]{1,6}:[0-9]{1,11}(:r[0-9]{1,9})?$' then case when \(isOwn) then \(code) "
        + "else \(unreadable) end else \(unreadable) end"
    case .questDB: return "case when \(isOwn) then coalesce(\(code), \(unreadable)) else cast(\(unreadable) as long) end"
    }
  }
}
