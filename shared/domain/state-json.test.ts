import { expect, test } from 'vitest'
import { startEpoch } from './epoch.ts'
import type { Epoch, EventSeq } from './ids.ts'
import { carryRest, carryState, FOLD_VERSION, stateOfSnapshot, versionsIn } from './state-json.ts'
import { amadou, bank, cards, cash, counter1, without, withSettings } from './testing/bank.ts'
import { portrait } from './testing/invariants.ts'
import { NO_HASH, newBranch, openBranch, type Story } from './testing/story.ts'

const snapshotOf = (story: Story) => {
  const { epoch, seq, now } = story.state()
  const carried = carryState(story.state())
  return { epoch: epoch ?? ('' as Epoch), seq, now, carried, headHash: NO_HASH }
}

/** Somebody waits for a service that was taken out two catalogues ago. */
function branchWithPast(): Story {
  const story = openBranch(bank, [[counter1, amadou]])
  story.takes(cards)
  story.takes(cash)
  const fewer = without(bank, 'services', cards)
  story.applies(fewer)
  story.applies(withSettings(fewer, { name: 'Dakar Centre' }))
  return story
}

test('I8: a snapshot names each catalogue it needs, and gives the same state on another machine', () => {
  const story = branchWithPast()
  const versions = versionsIn(carryRest(story.state()))
  expect(versions.toSorted()).toEqual([1, 3])
  const catalogues = Object.fromEntries(versions.map((version) => [version, story.shelf(version)]))
  const sent = JSON.parse(JSON.stringify({ ...snapshotOf(story), catalogues })) as Parameters<typeof stateOfSnapshot>[0]
  expect(portrait(stateOfSnapshot(sent))).toEqual(portrait(story.state()))
})

test('a snapshot that lacks a catalogue it speaks of is no snapshot', () => {
  const story = branchWithPast()
  const catalogues = { 3: story.shelf(3) }
  expect(() => stateOfSnapshot({ ...snapshotOf(story), catalogues })).toThrow('lacks catalogue 1')
})

test('a branch before its first catalogue needs none', () => {
  expect(versionsIn(carryRest(newBranch().state()))).toEqual([])
})

test('the first event of an epoch says where the former one was left', () => {
  const { state } = branchWithPast()
  const parent = { epoch: 'old' as Epoch, seq: 41 as EventSeq, hash: NO_HASH }
  const named = { parentEpoch: 'old', parentSeq: 41, parentHash: NO_HASH }
  expect(startEpoch(state(), 'rewound', parent, [], state().now)).toMatchObject(named)
  const unnamed = { parentEpoch: null, parentSeq: null, parentHash: null }
  expect(startEpoch(state(), 'salvaged', null, [], state().now)).toMatchObject(unnamed)
})

test('a change of what is stored raises the fold version', () => {
  const story = openBranch(bank, [[counter1, amadou]])
  story.takes(cash)
  const { tickets, ...rest } = carryState(story.state())
  const shape = { rest: Object.keys(rest).toSorted(), facts: Object.keys(tickets[0]?.facts ?? {}).toSorted() }
  expect({ FOLD_VERSION, shape }).toMatchInlineSnapshot(`
    {
      "FOLD_VERSION": 9,
      "shape": {
        "facts": [
          "arrivedSteadyMs",
          "bookedSteadyMs",
          "businessDate",
          "calledAtMs",
          "calledSteadyMs",
          "channel",
          "enteredSteadyMs",
          "isReinstated",
          "isTraining",
          "issuedAtMs",
          "language",
          "lastCalledSteadyMs",
          "lastWhy",
          "legWaitMs",
          "legs",
          "number",
          "place",
          "plan",
          "priority",
          "priorityValue",
          "queueId",
          "recallCount",
          "serviceId",
          "serviceMs",
          "startedAtMs",
          "ticketId",
          "told",
          "transferCount",
          "waitMs",
        ],
        "rest": [
          "catalogue",
          "clock",
          "coveredMessage",
          "day",
          "isIntakeStopped",
          "isPowerLow",
          "lastHeld",
          "lastOrdinals",
          "managers",
          "message",
          "numberFloor",
          "openCounters",
          "passedArrivals",
          "prefixes",
          "queueModes",
          "retired",
          "sheet",
          "suspended",
        ],
      },
    }
  `)
})
