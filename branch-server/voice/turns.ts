import { displaySettingsOf } from '#shared/domain/catalogue-defaults.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import { askTurn, NOBODY, type ZoneTurn } from '#shared/voice/zone-turn.ts'
import {
  type DisplayVoice,
  type TurnBody,
  type TurnReply,
  VOICE_COUNTS,
  VOICE_TOLD_MS,
  type VoiceCounts,
} from '#shared/wire/voice.ts'
import type { Roster } from '../access/roster.ts'
import type { Waist } from '../waist/execute.ts'

/** Keys of calls that a zone has heard; older ones are of no call that anybody still waits to say. */
const SAID_KEPT_MAX = 120
const PAGES_MAX = 500
/** Not heard of for three times as long as it should speak of itself. */
const SILENT_MS = 3 * VOICE_TOLD_MS

interface HeardDisplay {
  readonly canSound: boolean
  readonly atMs: number
}

/** Whose turn it is to speak, zone by zone. In memory alone: it is true now or not at all. */
export interface VoiceTurns {
  ask(deviceId: DeviceId, body: TurnBody): Omit<TurnReply, 'version'>
  displays(): readonly DisplayVoice[]
  /** What all pages together have said and left out since this branch started. */
  counts(): VoiceCounts
}

export interface TurnParts {
  readonly waist: Pick<Waist, 'branch'>
  readonly roster: Pick<Roster, 'find' | 'devices'>
  readonly monotonicMs: () => number
}

const noCounts = (): Record<(typeof VOICE_COUNTS)[number], number> => ({
  ...{ repeat: 0, language: 0, joined: 0, started: 0, screen: 0 },
  ...{ chime: 0, late: 0, said: 0 },
})

export function createVoiceTurns({ waist, roster, monotonicMs }: TurnParts): VoiceTurns {
  const turnOf = new Map<string, ZoneTurn>()
  const saidIn = new Map<string, readonly string[]>()
  const heardOf = new Map<DeviceId, HeardDisplay>()
  /** What each page has counted when it asked last; a page that is loaded anew begins at nothing. */
  const countsOf = new Map<string, VoiceCounts>()
  const totals = noCounts()

  function settingsFor(deviceId: DeviceId) {
    const catalogue = waist.branch().state.catalogue?.body
    const name = roster.find(deviceId)?.name
    return catalogue === undefined || name === undefined ? null : displaySettingsOf(catalogue, name)
  }

  function addCounts(page: string, counts: VoiceCounts): void {
    const before = countsOf.get(page)
    for (const name of VOICE_COUNTS) totals[name] += Math.max(0, counts[name] - (before?.[name] ?? 0))
    countsOf.delete(page)
    countsOf.set(page, counts)
    for (const old of countsOf.keys()) {
      if (countsOf.size <= PAGES_MAX) break
      countsOf.delete(old)
    }
  }

  /** One voice speaks for all that is shown in its zone. */
  function queueIdsIn(zone: string): readonly string[] | null {
    const ids = new Set<string>()
    for (const { deviceId, kind } of roster.devices()) {
      const settings = kind === 'display' ? settingsFor(deviceId) : null
      if (settings === null || settings.zone !== zone) continue
      if (settings.queueIds === null) return null
      for (const id of settings.queueIds) ids.add(id)
    }
    return [...ids]
  }

  return {
    ask(deviceId, { page, canSound, wants, said, counts }) {
      const nowMs = monotonicMs()
      heardOf.set(deviceId, { canSound, atMs: nowMs })
      const name = `${deviceId} ${page}`
      addCounts(name, counts)
      const settings = settingsFor(deviceId)
      if (settings === null) return { leaseMs: 0, said: [], queueIds: null }
      const { zone } = settings
      const heard = [...new Set([...(saidIn.get(zone) ?? []), ...said])].slice(-SAID_KEPT_MAX)
      saidIn.set(zone, heard)
      const { turn, leaseMs } = askTurn(turnOf.get(zone) ?? NOBODY, { page: name, wants, canSound }, nowMs)
      turnOf.set(zone, turn)
      return { leaseMs, said: heard, queueIds: queueIdsIn(zone) }
    },
    displays() {
      const nowMs = monotonicMs()
      return [...heardOf].flatMap(([deviceId, { canSound, atMs }]): readonly DisplayVoice[] => {
        const device = roster.find(deviceId)
        const settings = settingsFor(deviceId)
        if (device === undefined || settings === null) return []
        const sound = nowMs - atMs > SILENT_MS ? 'silent' : canSound ? 'ready' : 'muted'
        return [{ deviceId, name: device.name, zone: settings.zone, sound }]
      })
    },
    counts: () => ({ ...totals }),
  }
}
