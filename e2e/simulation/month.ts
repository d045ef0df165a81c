import { parseArgs } from 'node:util'
import { openTestDatabase } from '../../cloud-sync/testing/test-database.ts'
import { bringMonthUp } from './cloud/month-offline.ts'

const LINK_MS_MAX = 20 * 60_000
const BYTES_PER_EVENT_MAX = 60
/** An event is some 300 bytes: whoever keeps them needs more. Fewer events than so many say nothing of it. */
const HEAP_BYTES_PER_EVENT_MAX = 100
const HEAP_EVENTS_MIN = 20_000
const MEBIBYTE = 1024 * 1024

/**
 * `npm run simulate -- month [--events N] [--seed S]`: thirty days offline, sent up through 64 kbit/s, 800 ms there and back
 * and one packet in twenty lost.
 * @returns whether 100,000 events would be there within twenty minutes, with at most sixty bytes each, and the memory of
 * branch and cloud stayed flat
 */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { events: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  })
  const server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
  const brought = bringMonthUp(server.administratorUrl, Number(values.events), Number(values.seed))
  const { eventCount, linkMs, bytesPerEvent, heapBytesMore, heapBytesPerEvent } = await brought.finally(server.close)
  console.info(
    `${eventCount} events in ${(linkMs / 60_000).toFixed(1)} min of the line, ${bytesPerEvent.toFixed(1)} bytes each; heap at most ${Math.round(heapBytesMore / MEBIBYTE)} MiB more than before, and from the first quarter to the last ${heapBytesPerEvent.toFixed(1)} bytes for each event`,
  )
  const isFlat = eventCount < HEAP_EVENTS_MIN || heapBytesPerEvent <= HEAP_BYTES_PER_EVENT_MAX
  return isFlat && (linkMs / eventCount) * 100_000 <= LINK_MS_MAX && bytesPerEvent <= BYTES_PER_EVENT_MAX
}
