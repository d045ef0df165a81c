import type { Command } from '../../commands.ts'
import type { Step } from '../../step.ts'

/** How often the stories met what: a command that is never accepted, or a rule that never decides, was not tested. */
export interface Tally {
  readonly accepted: Map<string, number>
  readonly refused: Map<string, number>
  readonly rules: Map<string, number>
  readonly events: Map<string, number>
}

export const newTally = (): Tally => ({
  accepted: new Map(),
  refused: new Map(),
  rules: new Map(),
  events: new Map(),
})

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

export function tallyStep({ accepted, refused, rules, events }: Tally, { type }: Command, done: Step): void {
  if (done.answer.ok) count(accepted, type)
  else count(refused, done.answer.refusal.code)
  for (const event of done.events) {
    count(events, event.type)
    if (event.type === 'TicketCalled') count(rules, event.why.rule)
  }
}

const listed = (counts: Map<string, number>): string =>
  [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ')

export const tallyText = ({ accepted, refused, rules, events }: Tally): string =>
  [
    `accepted: ${listed(accepted)}`,
    `refused: ${listed(refused)}`,
    `rules: ${listed(rules)}`,
    `events: ${listed(events)}`,
  ].join('\n')
