import { agentPlants } from './agents.ts'
import { auditPlants } from './audit.ts'
import { believedPlants } from './believed.ts'
import { cloudPlants } from './cloud.ts'
import { commissioningPlants } from './commissioning.ts'
import { downPlants } from './down.ts'
import { foldPlants } from './fold.ts'
import { holdPlants } from './hold.ts'
import { holderPlants } from './holders.ts'
import { keyPlants } from './keys.ts'
import { livePlants } from './live.ts'
import { mediaPlants } from './media.ts'
import { messagePlants } from './messages.ts'
import { orderPlants } from './orders.ts'
import { peoplePlants } from './people.ts'
import { placePlants } from './place.ts'
import type { Plant } from './plant.ts'
import { recoveryPlants } from './recovery.ts'
import { reportPlants } from './reports.ts'
import { rightsPlants } from './rights.ts'
import { sealedPlants } from './sealed.ts'
import { secretPlants } from './secrets.ts'
import { strangerPlants } from './strangers.ts'
import { voicePlants } from './voice.ts'
import { webhookPlants } from './webhooks.ts'

/** A bug planted in the branch server, and the test that must see it. */
export interface ServerPlant extends Plant {
  readonly testFile: string
  /** The beginning of the test's name. */
  readonly testName: string
}

const race = 'e2e/race/race.test.ts'
const doors = 'branch-server/plugins/doors.test.ts'
const feed = 'branch-server/feed.test.ts'
const management = 'branch-server/routes/management.test.ts'
const devices = 'branch-server/routes/devices.test.ts'

export const serverPlants: readonly ServerPlant[] = [
  {
    name: 'a repeated key is not looked up',
    file: 'branch-server/waist/settle.ts',
    find: "    if (first !== null) return isSame ? first : problemReply(problem('IdempotencyKeyReused'))\n",
    replace: '    if (first !== null && !isSame) return first\n',
    testFile: race,
    testName: '200 taps',
  },
  {
    name: 'a called ticket stays in its line',
    file: 'shared/domain/evolve-ticket.ts',
    find: '    moved = { ...moved, lines: setLine(moved, queueId, line) }\n  }\n  if (after',
    replace:
      '    if (after.phase.status !== "called") moved = { ...moved, lines: setLine(moved, queueId, line) }\n  }\n  if (after',
    testFile: race,
    testName: '16 callers race',
  },
  {
    name: 'every command has a commit of its own',
    file: 'branch-server/waist/execute.ts',
    find: 'export const BATCH_MAX = 128\n',
    replace: 'export const BATCH_MAX = 1\n',
    testFile: race,
    testName: 'commands that arrive together',
  },
  {
    name: 'a door does not look at the kind of device',
    file: 'branch-server/plugins/doors.ts',
    find: '!doors.includes(request.bearer.origin.kind as Door)',
    replace: 'doors.length === 0',
    testFile: doors,
    testName: 'each kind of device',
  },
  {
    name: 'whoever has a PIN signs in as a manager',
    file: 'shared/domain/decide-manager.ts',
    find: "agent.role !== 'manager'",
    replace: 'agent.role === null',
    testFile: management,
    testName: 'with every counter staffed',
  },
  {
    name: 'any paired caller plays the day again',
    file: 'branch-server/routes/waits.ts',
    find: "'/api/v1/waits/what-if', { ...management",
    replace: "'/api/v1/waits/what-if', { config: MANAGEMENT",
    testFile: management,
    testName: 'what only a manager may read',
  },
  {
    name: 'any name may lead to the branch',
    file: 'branch-server/plugins/doors.ts',
    find: 'if (!isOwnName(request.hostname)) ',
    replace: "if (request.hostname === 'nowhere') ",
    testFile: doors,
    testName: 'a page of another site',
  },
  {
    name: 'catching up skips an event',
    file: 'branch-server/feed.ts',
    find: 'store.log.after(epoch, seq)',
    replace: 'store.log.after(epoch, seq + 1)',
    testFile: feed,
    testName: 'a device says where it is',
  },
  {
    name: 'a reader that comes back hears its last event again',
    file: 'branch-server/feed.ts',
    find: 'const seq = reader.after as EventSeq',
    replace: 'const seq = Math.max(0, reader.after - 1) as EventSeq',
    testFile: feed,
    testName: 'a device that loses its line',
  },
  {
    name: 'a feed ticket works twice',
    file: 'branch-server/routes/feed.ts',
    find: 'const ticket = open.get(name)\n      open.delete(name)\n',
    replace: 'const ticket = open.get(name)\n',
    testFile: feed,
    testName: 'a feed ticket opens one socket',
  },
  {
    name: 'a removed device is remembered',
    file: 'branch-server/store/devices.ts',
    find: 'where removed_at_ms is null order',
    replace: 'where true order',
    testFile: devices,
    testName: 'a removed device is cut off',
  },
  {
    name: 'a request that is under way outlives its device',
    file: 'branch-server/routes/ask.ts',
    find: 'parts.roster.find(origin.deviceId) === undefined',
    replace: "origin.deviceId === 'nobody'",
    testFile: devices,
    testName: 'a device that is removed while',
  },
  {
    name: 'wrong secrets do not void a code',
    file: 'branch-server/access/pairings.ts',
    find: 'const WRONG_MAX = 5\n',
    replace: 'const WRONG_MAX = 500\n',
    testFile: devices,
    testName: 'five wrong secrets',
  },
  {
    name: 'every kiosk prints from the first block',
    file: 'branch-server/routes/devices.ts',
    find: 'store.devices.freeSlot(today, isSame ? former : null)',
    replace: '1',
    testFile: devices,
    testName: 'kiosks that pair at the same instant',
  },
  {
    name: 'a locked agent may go on trying',
    file: 'branch-server/access/pin-tries.ts',
    find: 'if (lockedUntilMs > now) return lockedUntilMs - now\n',
    replace: 'if (lockedUntilMs < 0) return lockedUntilMs - now\n',
    testFile: 'branch-server/access/pin-tries.test.ts',
    testName: 'PINs tried all at once',
  },
  {
    name: 'the log tells the query',
    file: 'branch-server/log.ts',
    find: "path: url.split('?', 1)[0]",
    replace: 'path: url',
    testFile: 'branch-server/access/secrets.test.ts',
    testName: 'no secret is left',
  },
  {
    name: 'the quick hash speaks of the PIN',
    file: 'branch-server/routes/ask.ts',
    find: "name === 'pin' || name === 'details'",
    replace: "name === 'details'",
    testFile: 'branch-server/access/secrets.test.ts',
    testName: 'the quick hash',
  },
  {
    name: 'a hostile line fails the figures',
    file: 'branch-server/plugins/doors.ts',
    find: '    if (request.socket.remoteAddress === undefined) return void reply.hijack()\n',
    replace: '',
    testFile: 'e2e/hostile/hostile.test.ts',
    testName: '20000 bad requests',
  },
  {
    name: 'a ticket that changes after its day is counted twice',
    file: 'branch-server/store/rollups.ts',
    find: 'if (before !== null) for (const share of sharesOf(before)) cells.add(before.businessDate, share, -1)\n',
    replace: '\n',
    testFile: 'branch-server/store/rollups.test.ts',
    testName: 'whatever happens',
  },
  {
    name: 'a call counts by what its commit ends on',
    file: 'shared/project/ticket-row.ts',
    find: '  if (!events.some(({ type }) => CHANGES_GROUND.has(type))) return () => after\n',
    replace: '  if (events.length >= 0) return () => after\n',
    testFile: 'branch-server/store/rollup-stories.test.ts',
    testName: 'whatever shares a commit',
  },
  {
    name: 'the sums are written beside the commit, not in it',
    file: 'branch-server/store/projections.ts',
    find: '      rollups.roll(events)\n',
    replace: '      setImmediate(() => rollups.roll(events))\n',
    testFile: 'branch-server/store/rollups.test.ts',
    testName: 'whatever happens',
  },
  {
    name: 'an erased note stays in the pages of the file',
    file: 'shared/disk/wiping.ts',
    find: "  db.pragma('secure_delete = ON')\n",
    replace: '',
    testFile: 'branch-server/routes/notes.test.ts',
    testName: 'of a long note nothing is left',
  },
  {
    name: 'a backup never rests',
    file: 'branch-server/background/backup.ts',
    find: 'if (bytesOf(wal) <= hurryFrom) rest(',
    replace: 'if (bytesOf(wal) < 0) rest(',
    testFile: 'branch-server/background/backup.test.ts',
    testName: 'it rests for longer',
  },
  {
    name: 'a branch is open for a minute after it closes',
    file: 'shared/domain/opening-hours.ts',
    find: 'minutes < minutesOf(closes),\n',
    replace: 'minutes <= minutesOf(closes),\n',
    testFile: 'shared/domain/opening-hours.test.ts',
    testName: 'a branch > is open from the first minute',
  },
  {
    name: 'an idle counter is taken for one that calls at once',
    file: 'shared/wait/absence.ts',
    find: '  return Math.max(0, nowMs - Math.max(freeSinceMs, waitingSinceMs))',
    replace: '  return Math.max(0, nowMs - Math.max(nowMs, waitingSinceMs))',
    testFile: 'branch-server/waits/waits.test.ts',
    testName: 'an agent who is signed in',
  },
  {
    name: 'plain HTTP is spoken outside its own machine',
    file: 'branch-server/start-branch.ts',
    find: 'isLoopback(config.host) ? null : await keys.tls(),',
    replace: 'null,',
    testFile: 'branch-server/tls.test.ts',
    testName: 'outside its own machine',
  },
  {
    name: 'a certificate of another key is kept',
    file: 'branch-server/access/certificate.ts',
    find: 'return new X509Certificate(text).checkPrivateKey(key) ? text : null',
    replace: "return new X509Certificate(text).subject === '' ? null : text",
    testFile: 'branch-server/tls.test.ts',
    testName: 'a certificate that is damaged',
  },
  ...believedPlants,
  ...voicePlants,
  ...keyPlants,
  ...webhookPlants,
  ...livePlants,
  ...mediaPlants,
  ...messagePlants,
  ...agentPlants,
  ...cloudPlants,
  ...commissioningPlants,
  ...foldPlants,
  ...reportPlants,
  ...placePlants,
  ...holderPlants,
  ...orderPlants,
  ...downPlants,
  ...holdPlants,
  ...peoplePlants,
  ...auditPlants,
  ...sealedPlants,
  ...recoveryPlants,
  ...secretPlants,
  ...rightsPlants,
  ...strangerPlants,
]
