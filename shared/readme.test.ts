import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TICKET_STATUSES, type TicketStatus } from './domain/ticket.ts'
import { TICKET_COMMANDS, type TicketCommandName, transitions } from './domain/transitions.ts'

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')

const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

test('the table of ticket life in the README is the one the code runs on', () => {
  const [, part = ''] = /<!-- transitions -->\n([\s\S]*?)<!-- \/transitions -->/.exec(readme) ?? []
  const [head = '', , ...rows] = part.trim().split('\n')
  expect(cellsOf(head).slice(1)).toEqual([...TICKET_STATUSES])
  const told = rows.map(cellsOf).map(([name, ...cells]) => [name, cells])
  const cell = (name: TicketCommandName, status: TicketStatus): string => transitions[name][status].to ?? '–'
  expect(told).toEqual(TICKET_COMMANDS.map((name) => [name, TICKET_STATUSES.map((status) => cell(name, status))]))
})

test('the drawn machine has each arrow of the table, and no other', () => {
  const arrows = [...readme.matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, labels = '']) =>
    labels.split(', ').map((label) => `${from} ${label} ${to}`),
  )
  // A ghost that gives way ends from any living state; serving outlasts the roll; a lapse changes no state. No arrows.
  const undrawn = (name: string, status: string): boolean =>
    name === 'supersede' || name === 'lapse' || (name === 'roll' && status === 'serving')
  const wanted = TICKET_COMMANDS.flatMap((name) =>
    TICKET_STATUSES.flatMap((status) => {
      const { to } = transitions[name][status]
      return to === undefined || undrawn(name, status) ? [] : [`${status} ${name} ${to}`]
    }),
  )
  expect(arrows.toSorted()).toEqual(wanted.toSorted())
})

test('every invariant that is checked has its line in the README, and the other way round', () => {
  const listed = [...readme.matchAll(/^\| (I\d+) +\|/gm)].map(([, name]) => name)
  const code = readFileSync(join(import.meta.dirname, 'domain/testing/invariants.ts'), 'utf8')
  const checked = new Set([...code.matchAll(/'(I\d+)'/g)].map(([, name]) => name))
  expect(new Set(listed)).toEqual(checked)
})
