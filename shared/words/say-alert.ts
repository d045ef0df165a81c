import type { AlertKind } from '../wire/alerts.ts'
import type { alerts } from './alerts.ts'
import type { KeyOf, Words } from './speaker.ts'

type Say = Words<KeyOf<typeof alerts>>['say']

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const PAPER_OUT = 2

/** What an alert is about. */
export function sayAlertKind(say: Say, kind: AlertKind): string {
  const texts = {
    wait: say('alert.wait'),
    length: say('alert.length'),
    counters: say('alert.counters'),
    device: say('alert.device'),
    branch: say('alert.branch'),
    paper: say('alert.paper'),
    clock: say('alert.clock'),
    figures: say('alert.figures'),
  } satisfies Record<AlertKind, string>
  return texts[kind]
}

/** A measure or a threshold, in the unit of its kind. */
export function sayAlertValue(say: Say, kind: AlertKind, value: number): string {
  if (kind === 'length' || kind === 'counters') return say('alert.people', { count: value })
  if (kind === 'figures') return say('alert.sums', { count: value })
  if (kind === 'paper') return say(value >= PAPER_OUT ? 'alert.paperOut' : 'alert.paperLow')
  return value < MINUTE_MS
    ? say('alert.seconds', { count: Math.round(value / SECOND_MS) })
    : say('alert.minutes', { count: Math.round(value / MINUTE_MS) })
}
