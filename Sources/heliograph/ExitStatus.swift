import ArgumentParser
import FleetSpec
import Foundation
import Lab
import Ledger
import Simulation
import Store
import Transport

/// What the process tells its caller.
enum ExitStatus: Int32 {
  case passed = 0
  case broken = 1
  case usage = 2
  case unreachable = 3
  case incomplete = 4
  case interrupted = 130

  /// Ends a command with this status.
  var exit: ExitCode { ExitCode(rawValue) }

  /// Prints what there is to say of an error and finds its status.
  static func end(with error: any Error) -> Int32 {
    switch error {
    case let code as ExitCode: return code.rawValue
    case let failure as CommandFailure:
      complain(failure.message)
      return failure.status.rawValue
    case let errors as SpecificationErrors:
      for error in errors.errors { FileHandle.standardError.write(Data("\(error)\n".utf8)) }
      return usage.rawValue
    case let error as RunError:
      complain("\(error)")
      if case .unreachable = error { return unreachable.rawValue }
      return usage.rawValue
    case let error as StoreError:
      complain("\(error)")
      return unreachable.rawValue
    case let error as LedgerError:
      complain("\(error)")
      return incomplete.rawValue
    case let error as SecretError:
      complain("\(error)")
      return usage.rawValue
    case is MQTTFleetError, is HTTPLinkError, is TLSError, is LabError:
      complain("\(error)")
      return unreachable.rawValue
    default: return endOfParsing(error)
    }
  }

  private static func endOfParsing(_ error: any Error) -> Int32 {
    let code = Heliograph.exitCode(for: error)
    let message = Heliograph.fullMessage(for: error)
    guard code != .success else {
      print(message)
      return passed.rawValue
    }
    FileHandle.standardError.write(Data((message + "\n").utf8))
    return usage.rawValue
  }

  private static func complain(_ message: String) {
    FileHandle.standardError.write(Data("heliograph: \(message)\n".utf8))
  }
}

/// An error of a command that knows its exit status.
struct CommandFailure: Error {
  var status: ExitStatus
  var message: String
  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}
