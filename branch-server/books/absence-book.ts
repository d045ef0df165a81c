import type { ClockReading } from '#shared/domain/clock.ts'
import type { Absence } from '#shared/domain/commands.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import type { DeviceId, Moment, SteadyMs } from '#shared/domain/ids.ts'
import type { Roster } from '../access/roster.ts'
import { SERVER } from '../store/absences.ts'
import type { Store } from '../store/store.ts'
import type { Branch, Waist } from '../waist/execute.ts'

/**
 * Whoever is not heard for less is not away: devices speak every few seconds, and are back before anybody takes to
 * paper. A socket says nothing: where the cable was pulled it stays open for as long as nobody sends.
 */
const LOST_MS_MIN = 60_000

/**
 * What the branch itself knows of who could not tell it anything, and when. A caller's word that it was alone counts
 * for no more than this.
 */
export interface AbsenceBook {
  /** A device has said that it is there. */
  heard(deviceId: DeviceId): void
  /**
   * A device was answered. As long as this server is in trouble, nobody can tell it anything although it is there; that
   * is known until the next start alone.
   */
  answered(deviceId: DeviceId, isWell: boolean): void
  /** Called every few seconds: notes which devices have come and gone. @param keep - writes rows in a commit */
  look(keep: (writes: (store: Store) => void) => void): void
  /** The latest absences of the server and of one device. */
  of(deviceId: DeviceId): readonly Absence[]
}

export interface AbsenceParts {
  readonly waist: Pick<Waist, 'branch'>
  readonly roster: Pick<Roster, 'devices'>
  readonly readClock: () => ClockReading
}

/** When the branch last did anything before this start; a log that has begun a new epoch says it by the one before. */
function lastSign({ store, state, head }: Branch): Moment {
  const event = (frame: { readonly body: string } | null): StoredEvent | null =>
    frame === null ? null : (JSON.parse(frame.body) as StoredEvent)
  const first = head.seq === 1 ? event(store.log.at(head.epoch, head.seq)) : null
  if (first?.type !== 'EpochStarted' || first.parentEpoch === null || first.parentSeq === null) return state.now
  return event(store.log.at(first.parentEpoch, first.parentSeq)) ?? state.now
}

/** The absence that this start ends; null when it was none. Where the wall clock cannot be believed, it was one. */
function ownAbsence(last: Moment, { wallMs, steadyMs }: ClockReading): Absence | null {
  const passedMs = wallMs - last.atMs
  return passedMs >= 0 && passedMs < LOST_MS_MIN ? null : { fromSteadyMs: last.steadyMs, toSteadyMs: steadyMs }
}

/** A time in which a device was answered with trouble; `toSteadyMs` null: it lasts. */
interface Trouble {
  readonly fromSteadyMs: SteadyMs
  readonly toSteadyMs: SteadyMs | null
}

/** The latest trouble of this server, as one device was told of it; a short respite between two is none. */
function afterAnswer(before: Trouble | undefined, isWell: boolean, nowMs: SteadyMs): Trouble | undefined {
  if (isWell) return before?.toSteadyMs === null ? { ...before, toSteadyMs: nowMs } : before
  const isTheSame = before !== undefined && nowMs - (before.toSteadyMs ?? nowMs) < LOST_MS_MIN
  return { fromSteadyMs: isTheSame ? before.fromSteadyMs : nowMs, toSteadyMs: null }
}

/** Who takes to paper when nobody hears it, and tells of it later. */
const isTelling = ({ kind }: { readonly kind: string }): boolean => kind === 'caller' || kind === 'kiosk'

/** Made at the start, before the first command. */
export function createAbsenceBook({ waist, roster, readClock }: AbsenceParts): AbsenceBook {
  const startedMs = readClock().steadyMs
  const own = ownAbsence(lastSign(waist.branch()), readClock())
  /** When each device was last heard; until it is, when this server began to listen to it. */
  const last = new Map<DeviceId, { readonly ms: SteadyMs; readonly isHeard: boolean }>()
  /** The latest absence of each device that ended before anybody looked, or was looked at and is kept. */
  const ended = new Map<DeviceId, Absence>()
  const troubles = new Map<DeviceId, Trouble>()
  let isFirst = true

  return {
    heard(deviceId) {
      const ms = readClock().steadyMs
      const before = last.get(deviceId)
      if (before !== undefined && ms - before.ms > LOST_MS_MIN)
        ended.set(deviceId, { fromSteadyMs: before.ms, toSteadyMs: ms })
      last.set(deviceId, { ms, isHeard: true })
    },
    answered(deviceId, isWell) {
      const trouble = afterAnswer(troubles.get(deviceId), isWell, readClock().steadyMs)
      if (trouble !== undefined) troubles.set(deviceId, trouble)
    },
    look(keep) {
      const nowMs = readClock().steadyMs
      const { store } = waist.branch()
      const lasting = store.absences.lasting()
      const devices = roster.devices().filter(isTelling)
      for (const memory of [last, ended, troubles])
        for (const deviceId of memory.keys())
          if (devices.every((it) => it.deviceId !== deviceId)) memory.delete(deviceId)
      const writes: ((store: Store) => void)[] = []
      if (own !== null && !store.absences.has(SERVER, own.fromSteadyMs))
        writes.push(({ absences }) => absences.put(SERVER, own.fromSteadyMs, own.toSteadyMs))
      for (const { deviceId } of devices) {
        // One that is paired only now was never away.
        const { ms, isHeard } = last.get(deviceId) ?? { ms: isFirst ? startedMs : nowMs, isHeard: false }
        last.set(deviceId, { ms, isHeard })
        const isAway = nowMs - ms >= LOST_MS_MIN
        if (lasting.has(deviceId)) {
          if (isHeard && !isAway) writes.push(({ absences }) => absences.end(deviceId, nowMs))
        } else if (isAway) writes.push(({ absences }) => absences.put(deviceId, ms, null))
        const gone = ended.get(deviceId)
        if (gone !== undefined && !isAway && !store.absences.has(deviceId, gone.fromSteadyMs))
          writes.push(({ absences }) => absences.put(deviceId, gone.fromSteadyMs, gone.toSteadyMs))
      }
      isFirst = false
      if (writes.length > 0)
        keep((into) => {
          for (const write of writes) write(into)
        })
    },
    of(deviceId) {
      const nowMs = readClock().steadyMs
      const kept = waist.branch().store.absences.of(deviceId, nowMs)
      const trouble = troubles.get(deviceId)
      const told = trouble === undefined ? [] : [{ ...trouble, toSteadyMs: trouble.toSteadyMs ?? nowMs }]
      const gone = ended.get(deviceId)
      const isKept = kept.some(({ fromSteadyMs }) => fromSteadyMs === gone?.fromSteadyMs)
      return [own ?? [], isKept ? [] : (gone ?? []), told, kept].flat()
    },
  }
}
