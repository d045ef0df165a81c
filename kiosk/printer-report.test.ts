import { expect, test } from 'vitest'
import type { SpeechState } from '#shared/speech/espeak.ts'
import { reportPrinters } from './printer-report.ts'
import type { PrintersStatus } from './printer-watch.ts'

const READY = { capability: 'confirmed', online: true, paper: 'ok', cover: 'closed', hint: 'ready' } as const
const STATUS: PrintersStatus = { ...READY, simulated: false, printers: [READY] }

test('the branch hears at once that the kiosk has lost its voice, and that it has it again', async () => {
  const told: object[] = []
  let state: SpeechState = 'ready'
  let become: (state: SpeechState) => void = () => {}
  const host = {
    pairing: () => ({}) as never,
    status: () => ({ link: 'up', sinceMs: 0 }) as const,
    onNews: () => () => {},
    async ask({ body = '' }) {
      told.push(JSON.parse(body) as object)
      return { status: 200, body: '{}' }
    },
  }
  const onState = (listener: typeof become): void => {
    become = listener
  }
  const speech = { state: () => state, onState }
  const queue = { onStatus: (listener: (status: PrintersStatus) => void) => listener(STATUS) }
  const report = reportPrinters(host, queue, speech, { info() {}, warn() {}, error() {} })
  for (const next of ['failing', 'ready'] as const) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    state = next
    become(next)
  }
  await new Promise((resolve) => setTimeout(resolve, 5))
  report.close()
  const printers = [READY]
  expect(told).toEqual([{ printers }, { printers, isMute: true }, { printers }])
})
