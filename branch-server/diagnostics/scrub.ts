import type { BundleLine } from '#shared/wire/diagnostics.ts'
import { LOG_WORDS } from './log-words.ts'

// Nothing is taken out of a line; what is known to be nobody's is let through. Somebody who adds a field to a log line, or
// a library that puts what it was given into an error, changes nothing of what leaves the branch.

const WITHHELD = '…'
const TEXT_CHARACTERS_MAX = 240
const FRAMES_MAX = 6
/** Whole numbers of these names, and no other field; a phone number is longer than any of them may be. */
const FACTS = [
  ...['status', 'seq', 'count', 'eventCount', 'behind', 'attempts', 'version', 'queueCount', 'cancelledCount'],
  ...['failures', 'number', 'missing', 'fromSeq', 'upTo', 'skipped', 'droppedCount', 'signal'],
]
const NUMBER_MAX = 999_999
const CODE = /^(?:E[A-Z]{3,15}|SQLITE_[A-Z_]{2,40}|FST_[A-Z_]{2,50}|ERR_[A-Z_]{2,50}|UND_ERR_[A-Z_]{2,40})$/
const FRAME = /^ {4}at .*?((?:branch-server|shared|node_modules)\/[A-Za-z0-9@_./-]{1,100}:\d{1,6}):\d+\)?$/

/** Each word that a programmer wrote, with what stands around it; dots for any other. */
function textOf(message: string): string {
  const words = message.slice(0, TEXT_CHARACTERS_MAX).split(/\s+/)
  const told = words.map((word) => {
    const match = /^\(?([A-Za-z][a-z’-]*)[,;:.)]*$/.exec(word)
    const bare = match?.[1]?.toLowerCase()
    return bare !== undefined && LOG_WORDS.has(bare) ? word : WITHHELD
  })
  return told.join(' ').slice(0, TEXT_CHARACTERS_MAX)
}

function factsOf(line: Readonly<Record<string, unknown>>): BundleLine['facts'] {
  const facts = FACTS.flatMap((name): [string, number | boolean][] => {
    const value = line[name]
    if (typeof value === 'boolean') return [[name, value]]
    return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= NUMBER_MAX ? [[name, value]] : []
  })
  return facts.length === 0 ? undefined : Object.fromEntries(facts)
}

interface LoggedError {
  readonly code?: unknown
  readonly message?: unknown
  readonly stack?: unknown
}

function errorOf({ code, message, stack }: LoggedError): NonNullable<BundleLine['error']> {
  // What an error says may hold what it was given, over several lines: the frames come after it.
  const text = typeof stack === 'string' ? stack : ''
  const said = typeof message === 'string' ? message : ''
  const frames = text.slice(text.indexOf(said) + said.length).split('\n')
  const at = frames.flatMap((frame) => FRAME.exec(frame)?.[1] ?? []).slice(0, FRAMES_MAX)
  return { code: typeof code === 'string' && CODE.test(code) ? code : null, at }
}

/** What may be told of a line; null: it is none of ours. */
export function scrubLine(text: string): BundleLine | null {
  let line: Readonly<Record<string, unknown>>
  try {
    line = JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch {
    return null
  }
  const { level, time, msg, err } = line
  if (typeof level !== 'number' || typeof time !== 'number') return null
  const error = typeof err === 'object' && err !== null ? (err as LoggedError) : null
  // Where nobody wrote a message, it is the error's own.
  const isOurs = typeof msg === 'string' && msg !== error?.message
  const facts = factsOf(line)
  return {
    level: Math.min(100, Math.max(0, Math.floor(level))),
    atMs: Math.max(0, Math.floor(time)),
    text: isOurs ? textOf(msg) : WITHHELD,
    ...(facts !== undefined && { facts }),
    ...(error !== null && { error: errorOf(error) }),
  }
}
