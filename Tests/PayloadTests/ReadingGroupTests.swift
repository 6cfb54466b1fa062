import Testing

@testable import Payload
@testable import World

@Suite struct ReadingGroupTests {
  @Test func gathersOneDeviceAndOneTimestamp() {
    var group = ReadingGroup()
    let first = Example.reading()
    #expect(group.isEmpty && group.takes(first, of: 4, copy: 0, over: 7))
    group.append(first, of: 4, copy: 0, over: 7, number: 9)
    var other = Example.reading(1, seq: 43)
    #expect(group.takes(other, of: 4, copy: 0, over: 7))
    #expect(!group.takes(other, of: 5, copy: 0, over: 7), "another device")
    #expect(!group.takes(other, of: 4, copy: 1, over: 7), "another id")
    #expect(!group.takes(other, of: 4, copy: 0, over: 8), "another connection")
    #expect(!group.takes(first, of: 4, copy: 0, over: 7), "the same sensor again")
    other.timestamp += 1
    #expect(!group.takes(other, of: 4, copy: 0, over: 7), "another timestamp")
    other.timestamp -= 1
    other.boot += 1
    #expect(!group.takes(other, of: 4, copy: 0, over: 7), "another boot")
    group.append(Example.reading(1), of: 4, copy: 0, over: 7, number: 10)
    #expect(group.readings.count == 2 && group.firstNumber == 9 && group.device == 4 && group.connection == 7)
    group.removeAll()
    #expect(group.isEmpty && group.takes(other, of: 1, copy: 2, over: 3))
  }

  @Test func whatIsBrokenOrADifferenceGoesAlone() {
    for kind in Malformation.allCases { #expect(ReadingGroup.mayJoin(Example.reading(0, kind)) == (kind == .none)) }
    var difference = Example.reading()
    difference.isDifference = true
    #expect(!ReadingGroup.mayJoin(difference))
  }

  @Test func anAcknowledgementIsThatOfEachReading() {
    var numbers = GroupNumbers(used: [true, true])
    let given = (0..<5).map { _ in numbers.next(1) }
    #expect(given == [1, 2, 3, 4, 5] && numbers.next(0) == 1)
    numbers.note(message: 17, first: 1, count: 3, of: 1)
    numbers.note(message: 18, first: 4, count: 2, of: 1)
    #expect(numbers.acknowledged(message: 18, of: 0).isEmpty)
    #expect(numbers.acknowledged(message: 18, of: 1) == 4..<6)
    #expect(numbers.acknowledged(message: 18, of: 1).isEmpty, "once")
    numbers.forget(1)
    #expect(numbers.acknowledged(message: 17, of: 1).isEmpty && numbers.count(of: 1) == 0 && numbers.next(1) == 6)
  }
}
