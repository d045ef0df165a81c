import type { BranchFollower } from '#shared/client/follow-branch.ts'
import { type BranchView, NOTHING_YET } from '#shared/client/follow-state.ts'
import type { SendCommand } from '#shared/client/send-command.ts'
import { Identify } from '#shared/ui/identify.tsx'
import { IDENTIFY_MS } from '#shared/wire/orders.ts'

// A device that head office asks for its name, for the gallery; whoever looks at the page may ask again.

const told: string[] = []
const listeners = new Set<() => void>()
let view: BranchView = NOTHING_YET
const ask = (orderId: string, name: string): void => {
  const device = { deviceId: 'device-1', name, kind: 'display' } as unknown as BranchView['device']
  view = { ...view, device, identify: { type: 'identify', orderId, forMs: IDENTIFY_MS } }
  for (const listener of listeners) listener()
}
const follower = {
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  view: () => view,
} as unknown as BranchFollower
const send = ((path: string) => {
  told.push(path)
  return Promise.resolve({ ok: true, value: true })
}) as unknown as SendCommand

Object.assign(window, { askName: ask, toldNames: () => told })

export const Identified = () => <Identify follower={follower} send={send} />
