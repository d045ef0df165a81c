import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BACKLOG_MS_MAX,
  backlogMs,
  begin,
  end,
  follow,
  hear,
  nextStep,
  PLANNED_MS_MAX,
  SHEDDINGS,
  SILENCE,
  type SpeechBacklog,
  type SpokenCall,
} from './speech-backlog.ts'

const call = (number: number, voices: readonly string[] = ['fr'], isStarted = false): SpokenCall => ({
  key: `A${number}@1`,
  ticketId: `A${number}`,
  number: `A${String(number).padStart(3, '0')}`,
  counterId: `counter-${number}`,
  voices,
  isStarted,
})

/** For which the stories below are reckoned, whatever is planned today. */
const LIMIT_MS = 14_000
const tools = (lengthMs: number, nowMs = 0) => ({ nowMs, lengthOf: () => lengthMs, limitMs: LIMIT_MS })

const hearAll = (calls: readonly SpokenCall[], lengthMs: number, isRepeated = true): SpeechBacklog =>
  calls.reduce((backlog, it) => hear(backlog, it, isRepeated, tools(lengthMs)), SILENCE)

/** Says everything. @returns what was heard, in order */
function sayAll(backlog: SpeechBacklog, lengthMs: number): readonly string[] {
  const said: string[] = []
  let now = backlog
  for (let step = nextStep(now); step !== null; step = nextStep(now)) {
    said.push(`${step.hasChime ? '♪ ' : ''}${step.call?.number ?? 'screen'} ${step.voice}`)
    now = end(begin(now, lengthMs, 0))
  }
  return said
}

test('one call alone is said in each language, and once more', () => {
  expect(sayAll(hearAll([call(1, ['fr', 'wo'])], 2_000), 2_000)).toEqual(['♪ A001 fr', 'A001 wo', 'A001 fr'])
})

test('what is left out, and in which order, as more and more is called', () => {
  const calls = (count: number) => Array.from({ length: count }, (_, at) => call(at + 1, ['fr', 'wo']))
  expect(hearAll(calls(2), 2_000).shed).toEqual({ repeat: 2, language: 0, joined: 0, started: 0, screen: 0 })
  const four = hearAll(calls(4), 2_000)
  expect(four.shed).toMatchObject({ language: 3, joined: 0, started: 0, screen: 0 })
  expect(sayAll(four, 2_000)).toEqual(['♪ A001 fr', 'A001 wo', '♪ A002 fr', '♪ A003 fr', '♪ A004 fr'])
  const six = hearAll(calls(6), 2_000)
  expect(six.shed).toMatchObject({ language: 6, joined: 5, started: 0, screen: 0 })
  expect(sayAll(six, 2_000)).toEqual(['♪ A001 fr', 'A002 fr', 'A003 fr', 'A004 fr', 'A005 fr', 'A006 fr'])
  const twenty = hearAll(calls(20), 2_000)
  expect(twenty.shed.screen).toBe(15)
  expect(sayAll(twenty, 2_000).slice(-2)).toEqual(['A005 fr', 'screen fr'])
})

test('a customer who is at the counter already makes room for the others', () => {
  const five = [1, 2, 3, 4, 5].map((number) => call(number))
  const waits = hearAll(five, 2_500)
  const came = follow(
    waits,
    (key) => ({ ...(five.find((it) => it.key === key) ?? call(0)), isStarted: key === 'A2@1' }),
    {
      ...tools(2_500),
    },
  )
  expect(came.shed.started).toBe(0)
  const more = hear(came, call(6), true, tools(2_500))
  expect(more.shed).toMatchObject({ started: 1, screen: 0 })
  expect(sayAll(more, 2_500)).not.toContain('A002 fr')
})

test('a call that was taken back is not said, and a recall takes the place of its call', () => {
  const two = hearAll([call(1), call(2)], 2_000)
  expect(
    sayAll(
      follow(two, (key) => (key === 'A1@1' ? null : call(2)), tools(2_000)),
      2_000,
    ),
  ).toEqual(['♪ A002 fr'])
  const again = hear(two, { ...call(1), key: 'A1@2' }, true, tools(2_000))
  expect(sayAll(again, 2_000)).toEqual(['♪ A001 fr', '♪ A002 fr'])
})

type Act = { readonly what: 'hear' | 'start' | 'take back' | 'wait'; readonly nth: number; readonly ms: number }

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom('hear', 'hear', 'hear', 'start', 'take back', 'wait'),
  nth: fc.nat(30),
  ms: fc.nat(4_000),
})

/** Plays a lobby; whatever is to be said is begun as soon as nothing is being said. */
function play(
  acts: readonly Act[],
  lengthMs: number,
  further: number,
  look: (before: SpeechBacklog, now: SpeechBacklog, nowMs: number) => void,
) {
  const calls = new Map<string, SpokenCall>()
  const begun = new Set<string>()
  let takenBack = 0
  let nowMs = 0
  let backlog = SILENCE
  const lengthOf = () => lengthMs
  const become = (next: SpeechBacklog): void => {
    look(backlog, next, nowMs)
    backlog = next
  }
  const speak = (): void => {
    if (backlog.untilMs !== null && backlog.untilMs <= nowMs) become(end(backlog))
    const step = nextStep(backlog)
    if (step === null) return
    if (step.call !== null) begun.add(step.call.key)
    become(begin(backlog, lengthMs + (step.hasChime ? 750 : 0) + 150, nowMs))
  }
  for (const [at, { what, nth, ms }] of acts.entries()) {
    const voices = ['fr', 'wo', 'dyu'].slice(0, 1 + further)
    const made = { ...call(at, voices), key: `A${at}@${at}` }
    const keys = [...calls.keys()]
    const chosen = keys[nth % Math.max(1, keys.length)]
    const known = chosen === undefined ? undefined : calls.get(chosen)
    if (what === 'hear') {
      calls.set(made.key, made)
      become(hear(backlog, made, true, { nowMs, lengthOf }))
    } else if (what === 'wait') nowMs += ms
    else if (known !== undefined) {
      const isWaiting = backlog.waiting.some((it) => it.kind === 'call' && it.call.key === known.key && !it.isBegun)
      if (what === 'start') calls.set(known.key, { ...known, isStarted: true })
      else {
        calls.delete(known.key)
        if (isWaiting) takenBack += 1
      }
      become(follow(backlog, (key) => calls.get(key) ?? null, { nowMs, lengthOf }))
    }
    speak()
  }
  return { backlog, begun, takenBack, heard: acts.filter(({ what }) => what === 'hear').length }
}

const rush = [fc.array(act, { maxLength: 60 }), fc.integer({ min: 400, max: 3_500 }), fc.nat(2)] as const

test('whatever happens, everything is said within the limit, or counted', () => {
  fc.assert(
    fc.property(...rush, (acts, lengthMs, further) => {
      const { backlog, begun, takenBack, heard } = play(acts, lengthMs, further, (_, now, nowMs) => {
        expect(backlogMs(now, { nowMs, lengthOf: () => lengthMs })).toBeLessThanOrEqual(BACKLOG_MS_MAX)
      })
      const unsaid = backlog.waiting.filter((it) => it.kind === 'call' && !it.isBegun).length
      expect(begun.size + unsaid + takenBack + backlog.shed.started + backlog.shed.screen).toBe(heard)
    }),
  )
})

test('nothing is left out before what people miss less, and nothing without need', () => {
  fc.assert(
    fc.property(...rush, (acts, lengthMs, further) => {
      play(acts, lengthMs, further, (before, now) => {
        const grew = SHEDDINGS.filter((it) => now.shed[it] > before.shed[it])
        const calls = now.waiting.flatMap((it) => (it.kind === 'call' ? [it] : []))
        if (now.waiting.length > 1) expect(calls.some(({ isRepeated }) => isRepeated)).toBe(false)
        if (grew.some((it) => it === 'joined' || it === 'started' || it === 'screen'))
          expect(calls.some(({ voices, isBegun }) => voices.length > (isBegun ? 0 : 1))).toBe(false)
        if (grew.includes('started') || grew.includes('screen'))
          expect(now.waiting.slice(1).every((it) => it.isJoined)).toBe(true)
        if (grew.includes('screen'))
          expect(calls.some(({ call: { isStarted }, isBegun }) => isStarted && !isBegun)).toBe(false)
      })
      const few = acts.slice(0, 3).map((it): Act => ({ ...it, what: 'hear' }))
      const { shed } = play(few, 400, 0, () => {}).backlog
      expect([shed.language, shed.joined, shed.started, shed.screen]).toEqual([0, 0, 0, 0])
    }),
  )
  expect(PLANNED_MS_MAX).toBeLessThan(BACKLOG_MS_MAX)
})
