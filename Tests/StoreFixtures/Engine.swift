import Foundation
import Store
import Testing

/// The engines that tests run against.
public enum Engine: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case postgreSQL
  case questDB

  public static let questDBURL = ProcessInfo.processInfo.environment["HELIOGRAPH_TEST_QUESTDB"].flatMap { $0.isEmpty ? nil : $0 }

  /// PostgreSQL always; QuestDB when a URL is given.
  public static let available: [Engine] = {
    if questDBURL == nil {
      print("SKIPPED: QuestDB tests need HELIOGRAPH_TEST_QUESTDB (for example postgresql://admin:quest@127.0.0.1:8812/qdb)")
    }
    return allCases.filter { $0 != .questDB || questDBURL != nil }
  }()

  public var testDescription: String { rawValue }

  public var dialect: Dialect { self == .questDB ? .questDB : .postgreSQL }

  public func connect(_ access: ConnectionOptions.Access = .readOnly, statementTimeout: Int64 = 120_000) throws -> StoreConnection {
    let options = ConnectionOptions(statementTimeout: statementTimeout, access: access)
    switch self {
    case .postgreSQL:
      return try StoreConnection(url: PrivatePostgreSQL.shared.get().url, password: PrivatePostgreSQL.password, options: options)
    case .questDB:
      guard let url = Self.questDBURL else { throw FixtureError("HELIOGRAPH_TEST_QUESTDB is not set") }
      return try StoreConnection(url: url, password: nil, options: options)
    }
  }
}
