import { describe, expect, test } from 'vitest'
import { startEpoch } from './epoch.ts'
import type { BusinessDate, Series, ServiceId, TicketId } from './ids.ts'
import {
  EPOCH_JUMP,
  formatBlockNumber,
  formatNumber,
  nextOrdinal,
  ORDINAL_MAX,
  parseBlockNumber,
  type SeenNumbers,
} from './numbering.ts'
import type { BranchState } from './state.ts'
import { bank, cards, cash, loans, nightBank, tellerLine, transfers, withService } from './testing/bank.ts'
import { HOUR } from './testing/fake-clock.ts'
import { installer, newBranch, openBranch, type Story } from './testing/story.ts'

const A = 'A' as Series
const number = (story: Story, service = cash): string => story.number(story.takes(service))
const seen = (date: string, ...lastOrdinals: [string, number][]): SeenNumbers => ({
  date: date as BusinessDate,
  lastOrdinals: lastOrdinals.map(([series, ordinal]) => [series as Series, ordinal]),
})
const MON = '2026-11-23'
const TUE = '2026-11-24'
const advice = 'advice' as ServiceId

describe('a number', () => {
  test('is written with three digits up to 999, and with five beyond', () => {
    expect([1, 999, 1_000, ORDINAL_MAX].map((ordinal) => formatNumber(A, ordinal))).toEqual([
      'A001',
      'A999',
      'A10001',
      'A99999',
    ])
    for (const ordinal of [0, ORDINAL_MAX + 1, 1.5]) expect(() => formatNumber(A, ordinal)).toThrow()
  })

  test('is never equal to a number of another ordinal, nor to one of an offline block', () => {
    const given = new Set<string>(Array.from({ length: ORDINAL_MAX }, (_, index) => formatNumber(A, index + 1)))
    expect(given.size).toBe(ORDINAL_MAX)
    for (let slot = 1; slot <= 9; slot += 1)
      for (let ordinal = 1; ordinal <= 999; ordinal += 1) {
        const block = formatBlockNumber(A, slot, ordinal)
        expect(given.has(block)).toBe(false)
        expect(parseBlockNumber(block)).toEqual({ series: A, slot, ordinal })
      }
    expect(() => formatBlockNumber(A, 10, 1)).toThrow()
    expect(() => formatBlockNumber(A, 1, 1_000)).toThrow()
  })

  test('goes on after 999 and never round: a used-up series gives no more', () => {
    expect(nextOrdinal(A, 999, () => false)).toBe(1_000)
    expect(nextOrdinal(A, ORDINAL_MAX, () => false)).toBeNull()
    expect(nextOrdinal(A, ORDINAL_MAX - 2, (it) => it === 'A99998')).toBe(ORDINAL_MAX)
  })
})

/** A branch that has given so many numbers of a series today, without the work. */
function given(ordinal: number): Story {
  const story = openBranch()
  const { state } = story
  story.begins('rewound', [seen(MON, ['A', ordinal - EPOCH_JUMP])], state())
  return story
}

describe('a series', () => {
  test('goes from A999 to A10001 at the kiosk, and ends at A99999', () => {
    const story = given(998)
    expect([number(story), number(story, transfers)]).toEqual(['A999', 'A10001'])
    const end = given(ORDINAL_MAX - 1)
    expect(number(end)).toBe('A99999')
    const more = {
      type: 'IssueTicket',
      ticketId: 'x' as TicketId,
      serviceId: cash,
      channel: 'kiosk',
      priority: null,
      language: null,
    } as const
    expect(end.refuses(more)).toBe('NumbersExhausted')
    expect(number(end, cards)).toBe('C051')
  })

  test('is shared by the services that name it, and begins again with each business day', () => {
    const story = openBranch()
    expect([number(story), number(story, transfers), number(story, cards)]).toEqual(['A001', 'A002', 'C001'])
    story.until('04:00', 1)
    expect(number(story)).toBe('A001')
  })

  test('skips the numbers of those who still wait from the night', () => {
    const story = openBranch(nightBank)
    story.takes(loans)
    story.takes(loans)
    story.until('04:00', 1)
    expect(number(story, loans)).toBe('L003')
    story.until('04:00', 2)
    expect(number(story, loans)).toBe('L004')
  })

  test('goes on where it was when its service comes back with it on the same day', () => {
    const story = openBranch()
    story.takes(cards)
    story.applies({ ...bank, services: bank.services.filter(({ id }) => id !== cards) })
    story.applies(withService(bank, cards, { prefix: 'Q' as Series }))
    expect(number(story, cards)).toBe('C002')
  })
})

describe('after a new epoch', () => {
  test('every series goes on 50 above what it had given, also one whose service is gone for now', () => {
    const story = openBranch()
    story.takes(cash)
    story.does({ type: 'CancelTicket', ticketId: story.takes(cards) })
    const fewer = { ...bank, services: bank.services.filter(({ id }) => id !== cards) }
    story.applies(fewer)
    story.begins('rewound')
    story.applies(bank)
    expect([number(story), number(story, cards), number(story, loans)]).toEqual(['A052', 'C052', 'L051'])
  })

  test('every series goes on 50 above what anybody has seen in print', () => {
    const story = openBranch()
    story.takes(cash)
    story.begins('rewound', [seen(MON, ['A', 30]), seen(MON, ['A', 12], ['L', 7])])
    expect([number(story), number(story, loans), number(story, cards)]).toEqual(['A081', 'L058', 'C051'])
  })

  test('two epochs on one day jump twice', () => {
    const story = openBranch()
    story.begins('rewound')
    story.begins('rewound')
    expect([number(story), number(story, cards)]).toEqual(['A101', 'C101'])
    // A series that nobody has named so far may be on paper, too.
    story.applies({
      ...bank,
      services: bank.services.map((it) => (it.id === loans ? { ...it, id: advice, prefix: 'Z' as Series } : it)),
    })
    expect(number(story, advice)).toBe('Z101')
  })

  test('the first boot does not jump', () => {
    expect(number(openBranch())).toBe('A001')
  })

  test('the next day begins at 1 again', () => {
    const story = openBranch()
    story.begins('salvaged')
    expect(number(story)).toBe('A051')
    story.until('04:00', 1)
    expect(number(story)).toBe('A001')
    expect(story.state().numberFloor).toBeNull()
  })

  test('begun over the cut-over, the day that opens jumps, not the day before', () => {
    const story = openBranch()
    const monday: BranchState = story.state()
    story.until('09:00', 1)
    story.takes(cash)
    // The disk of Monday, on Tuesday, with a clock that is sure: Tuesday has a tail that nobody knows.
    const { atMs, steadyMs } = story.state().now
    const event = startEpoch(monday, 'rewound', null, [seen(TUE, ['A', 1])], { atMs, steadyMs })
    expect(event).toMatchObject({ carried: { numberFloor: { date: TUE, otherwise: 50, ordinals: [['A', 51]] } } })
  })

  test('begun while the clock is in doubt, the day that opens out of the doubt jumps, too', () => {
    const story = openBranch()
    const monday = story.state()
    story.until('09:00', 1)
    const lost = number(story)
    story.clock.setWall(0)
    story.begins('rewound', [], monday)
    expect(number(story)).toBe('A051')
    story.clock.setWall(Date.UTC(2026, 10, 24, 10))
    const next = number(story)
    expect(story.today()).toBe(TUE)
    // A051 of Monday waits on, and is skipped.
    expect([lost, next]).toEqual(['A001', 'A052'])
  })

  test('what was seen of a later date holds when that date opens', () => {
    const story = openBranch()
    story.begins('rewound', [seen(TUE, ['A', 20])])
    story.until('04:00', 1)
    expect([number(story), number(story, cards)]).toEqual(['A071', 'C051'])
    story.until('04:00', 2)
    expect(number(story)).toBe('A001')
  })

  test('begun from nothing at all, the first day that opens jumps', () => {
    const story = newBranch()
    story.begins('salvaged')
    story.applies(bank)
    expect(number(story)).toBe('A051')
    story.until('04:00', 1)
    expect(number(story)).toBe('A001')
  })

  test('seq begins at 1, and whoever waits stands before whoever comes in the same instant', () => {
    const story = openBranch()
    for (let count = 0; count < 9; count += 1) story.takes(cash)
    story.begins('rewound')
    expect(story.log()[0]).toMatchObject({ type: 'EpochStarted', seq: 1 })
    story.takes(cash)
    expect(story.line(tellerLine)[9]).toBe('A060')
  })

  test('a day that staff closed stays closed, and its people stay', () => {
    const story = openBranch(nightBank)
    const waiting = story.takes(loans)
    story.does({ type: 'CloseDay' }, installer)
    story.begins('rewound')
    story.clock.pass(HOUR)
    expect(story.status(waiting)).toBe('waiting')
    expect(story.state().day?.isClosed).toBe(true)
  })
})
