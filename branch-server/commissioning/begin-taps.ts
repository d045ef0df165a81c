import type { TrialOrder } from '#shared/wire/trials.ts'
import type { Site, SiteDevice } from './site.ts'

/**
 * Has a kiosk take test tickets one after the other.
 * @returns false, and notes it, when it is not sure that it has begun: it is told to end them, and is compared with nothing
 */
export async function beginTaps(
  { api, note }: Pick<Site, 'api' | 'note'>,
  { deviceId, name }: Pick<SiteDevice, 'deviceId' | 'name'>,
  order: Omit<Extract<TrialOrder, { kind: 'start-taps' }>, 'kind'>,
): Promise<boolean> {
  const told = await api.order(deviceId, { kind: 'start-taps', ...order })
  if (typeof told === 'object') return true
  note('bad', name, told === 'away' ? 'deviceAway' : 'deviceSilent')
  await api.order(deviceId, { kind: 'end-taps', runId: order.runId })
  return false
}
