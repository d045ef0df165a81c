import { describe, expect, test } from 'vitest'
import type { Catalogue } from './catalogue.ts'
import { displaySettingsOf } from './catalogue-defaults.ts'
import { catalogueDoubts } from './catalogue-doubts.ts'
import { catalogueFaults } from './catalogue-faults.ts'
import { isEasyPin } from './easy-pin.ts'
import type { AgentId, QueueId, SkillId } from './ids.ts'
import { amadou, bank, binta, cards, cash, withService } from './testing/bank.ts'

const doubtsOf = (catalogue: Catalogue, pins: readonly (readonly [AgentId, string])[] = []): readonly string[] =>
  catalogueDoubts(catalogue, new Map(pins)).map(({ path }) => path)
const faultsOf = (catalogue: Catalogue): readonly string[] =>
  catalogueFaults(catalogue, () => true).map((it) => it.path)

const before = doubtsOf(bank)
const newIn = (doubts: readonly string[]): readonly string[] => doubts.filter((path) => !before.includes(path))
const cashAt = bank.services.findIndex(({ id }) => id === cash)

describe('what an installer is asked to look at', () => {
  test('a skill that no agent has', () => {
    const unskilled = { ...bank, agents: bank.agents.map((agent) => ({ ...agent, skills: [] })) }
    const doubtful = withService(unskilled, cash, { skill: 'diving' as SkillId })
    expect(newIn(doubtsOf(doubtful))).toContain(`/services/${cashAt}/skill`)
    expect(newIn(doubtsOf(withService(bank, cash, { skill: 'diving' as SkillId })))).toEqual([])
  })

  test('a counter that calls from nothing, and a queue from which nobody calls', () => {
    const counters = bank.counters.map((counter) => ({ ...counter, queueIds: [], profileId: null }))
    const doubts = doubtsOf({ ...bank, workProfiles: [], counters })
    expect(doubts).toEqual(expect.arrayContaining(['/counters/0/queueIds', '/queues/0']))
  })

  test('one PIN for two agents', () => {
    const one = [amadou, '860915'] as const
    expect(newIn(doubtsOf(bank, [one, [binta, '860915']]))).toEqual(['/agents'])
    expect(newIn(doubtsOf(bank, [one, [binta, '860916']]))).toEqual([])
  })

  test('a branch without a manager', () => {
    const agents = bank.agents.map((agent) => ({ ...agent, role: 'agent' as const }))
    const managed = { ...bank, agents: agents.map((agent, at) => ({ ...agent, role: at === 0 ? 'manager' : 'agent' })) }
    expect(doubtsOf({ ...bank, agents })).toContain('/agents')
    expect(doubtsOf(managed as Catalogue)).not.toContain('/agents')
  })
})

describe('a plan', () => {
  test('comes back to its first service after another', () => {
    expect(faultsOf(withService(bank, cash, { plan: [cards, cash] }))).toEqual([])
  })

  test.each([[[cash]], [[cards, cards]]])('holds no service twice in a row: %s', (plan) => {
    expect(faultsOf(withService(bank, cash, { plan }))).toEqual([`/services/${cashAt}/plan`])
  })
})

test('a further language is named once', () => {
  const written = (...tags: readonly string[]): Catalogue => ({
    ...bank,
    branch: { ...bank.branch, textLanguages: tags.map((tag) => ({ tag, name: `${tag} here` })) },
  })
  expect(faultsOf(written('wo', 'dyu'))).toEqual([])
  expect(faultsOf(written('wo', 'dyu', 'wo', 'wo'))).toEqual(['/branch/textLanguages'])
})

test('a display shows queues that there are, and is set up once', () => {
  const hall = { name: 'Hall', zone: 'lobby', queueIds: null, theme: 'dark' as const }
  expect(faultsOf({ ...bank, displays: [hall] })).toEqual([])
  expect(displaySettingsOf({ ...bank, displays: [{ ...hall, zone: 'hall' }] }, 'Hall').zone).toBe('hall')
  const plain = { layout: { side: 'counts', ticker: true, clock: true }, playlist: [] }
  expect(displaySettingsOf(bank, 'Hall')).toEqual({ ...hall, ...plain })
  // As a catalogue from before was kept.
  expect(displaySettingsOf({ ...bank, displays: [hall] }, 'Hall')).toEqual({ ...hall, ...plain })
  const lost = { ...hall, queueIds: ['nowhere' as QueueId] }
  expect(faultsOf({ ...bank, displays: [hall, lost] })).toEqual(['/displays/1/queueIds', '/displays'])
})

test.each([
  ...['0000', '999999', '1234', '4321', '890123', '210987'].map((pin) => [pin, true] as const),
  ...['271828', '0001', '1357', '121212', '1243'].map((pin) => [pin, false] as const),
])('the PIN %s is easy: %s', (pin, isEasy) => {
  expect(isEasyPin(pin)).toBe(isEasy)
})
