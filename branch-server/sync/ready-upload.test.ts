import { expect, test } from 'vitest'
import type { Epoch, EventSeq } from '#shared/domain/ids.ts'
import { type Frame, LOG_PAGE_MAX } from '../store/event-log.ts'
import { createUploadReader } from './ready-upload.ts'

const EPOCH = 'e' as Epoch
const LAST_SEQ = 3 * LOG_PAGE_MAX

const frame = (seq: number): Frame => ({ epoch: EPOCH, seq: seq as EventSeq, body: JSON.stringify({ seq }) })

function world() {
  const readFrom: number[] = []
  const reader = createUploadReader((_, seq) => {
    readFrom.push(seq)
    const count = Math.min(LOG_PAGE_MAX, LAST_SEQ - seq)
    return Array.from({ length: count }, (_nothing, at) => frame(seq + at + 1))
  })
  return { reader, readFrom }
}

test('what was read ahead is not read again when its turn comes, and is held no longer', () => {
  const { reader, readFrom } = world()
  reader.readAhead(reader.after(EPOCH, 0))
  expect(reader.after(EPOCH, LOG_PAGE_MAX).firstSeq).toBe(LOG_PAGE_MAX + 1)
  expect(readFrom).toEqual([0, LOG_PAGE_MAX])
  reader.after(EPOCH, LOG_PAGE_MAX)
  expect(readFrom).toEqual([0, LOG_PAGE_MAX, LOG_PAGE_MAX])
})

test('where the cloud stands elsewhere than was thought, or asks for another epoch, what is sent follows there', () => {
  const { reader } = world()
  reader.readAhead(reader.after(EPOCH, 0))
  expect(reader.after(EPOCH, 7).firstSeq).toBe(8)
  reader.readAhead(reader.after(EPOCH, 0))
  expect(reader.after('other' as Epoch, LOG_PAGE_MAX).epoch).toBe('other')
})
