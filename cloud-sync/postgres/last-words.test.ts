import { expect, test } from 'vitest'
import { createLastWords } from './last-words.ts'

const DISK_FULL = [
  'LOG:  starting PostgreSQL 18.1',
  'LOG:  redo starts at 0/1A2B3C8',
  'FATAL:  could not write to file "pg_wal/xlogtemp.831": No space left on device',
  'CONTEXT:  WAL redo',
  'LOG:  startup process (PID 832) exited with exit code 1',
  'LOG:  terminating any other active server processes',
  'LOG:  shutting down due to startup process failure',
  'DETAIL:  Consistent recovery state has not been yet reached.',
  'LOG:  database system is shut down',
]

test('a Postgres that finds no room on its disk says so, however much it says of its end', () => {
  const words = createLastWords()
  for (const line of DISK_FULL) words.hear(line)
  expect(words.told()).toContain('No space left on device')
  expect(words.told()).toContain('is shut down')
})

test('what is among the last words is said once', () => {
  const words = createLastWords()
  words.hear('FATAL:  the key does not fit')
  expect(words.told()).toBe('FATAL:  the key does not fit')
})

test('what it told whoever came too early is no fault, and what all its connections say is said once', () => {
  const words = createLastWords()
  words.hear('FATAL:  the database system is starting up')
  words.hear('LOG:  database system is ready to accept connections')
  for (const line of DISK_FULL) words.hear(line)
  for (let connection = 0; connection < 10; connection += 1)
    words.hear('FATAL:  terminating connection due to unexpected postmaster exit')
  const told = words.told()
  expect(told).toContain('No space left on device')
  expect(told).not.toContain('starting up')
  expect(told.match(/unexpected postmaster exit/g)).toHaveLength(1)
})
