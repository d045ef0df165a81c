import { EventEmitter } from 'node:events'
import type { MulticastDNS } from 'multicast-dns'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { ownAddresses } from '#shared/network/own-addresses.ts'
import { announceBranch } from './announce.ts'

vi.mock('#shared/network/own-addresses.ts', () => ({ ownAddresses: vi.fn(() => ['10.0.0.5']) }))

test('a socket that the network took away is opened again, and told of once', () => {
  vi.useFakeTimers()
  const opened: { readonly end: (error: Error) => void; readonly socket: EventEmitter }[] = []
  const open = (_: string, end: (error: Error) => void): MulticastDNS => {
    const socket = Object.assign(new EventEmitter(), { destroy: vi.fn() })
    opened.push({ end, socket })
    return socket as unknown as MulticastDNS
  }
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
  const stop = announceBranch({ host: '0.0.0.0', port: 7070, fingerprint: 'a'.repeat(43), log, open })
  for (let times = 1; times <= 3; times += 1) {
    expect(opened).toHaveLength(times)
    opened.at(-1)?.end(new Error('ENETDOWN'))
    vi.advanceTimersByTime(3_000)
  }
  expect(opened).toHaveLength(4)
  expect(warnings).toHaveLength(1)
  // It works, and is lost once more: that is news.
  opened.at(-1)?.socket.emit('ready')
  opened.at(-1)?.end(new Error('ENETDOWN'))
  expect(warnings).toHaveLength(2)
  stop()
  vi.useRealTimers()
  expect(ownAddresses()).toEqual(['10.0.0.5'])
})
