import { voiceSettingsOf } from '#shared/domain/catalogue-defaults.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import type { DeviceId, EventSeq } from '#shared/domain/ids.ts'
import {
  DISK_TOLD_MS_MAX,
  DiskBody,
  type DiskState,
  type KioskScreenState,
  SCREEN_SILENT_MS,
  ScreenBody,
  type ScreenState,
} from '#shared/wire/screens.ts'
import type { App, Parts } from '../parts.ts'
import { reportConfig } from '../plugins/device-pace.ts'
import { originOf } from '../plugins/doors.ts'

/** A kiosk that was switched off for good is spoken of for a working day. */
const SILENT_TOLD_MS = 12 * 3_600_000
/** Whoever looks after the branch hears of jumped numbers until the next day. */
const JUMP_TOLD_MS = 24 * 3_600_000
const FIRST_SEQ = 1 as EventSeq

interface Report {
  readonly screen: ScreenState
  readonly atMs: number
}

/**
 * Whether the kiosks' screens are alive: kept in memory alone, as their printers are. One that has spoken since this
 * branch started and does not any more is silent, and somebody should look.
 */
export function registerScreenRoutes(app: App, { roster, clocks, voice, waist, instances, readClock }: Parts): void {
  const reportBy = new Map<DeviceId, Report>()
  const diskBy = new Map<DeviceId, { readonly disk: Exclude<DiskState, 'ok'>; readonly atMs: number }>()

  /** Calls that nobody hears: somebody should look, as at a screen that shows nothing. */
  function unheard(): readonly KioskScreenState[] {
    const catalogue = waist.branch().state.catalogue?.body
    const displays = voice.turns.displays().filter(({ sound }) => sound !== 'silent')
    if (catalogue === undefined || displays.length === 0) return []
    const muted = displays.filter(({ sound }) => sound === 'muted')
    const hasNoVoice = /^(missing|failing)$/.test(voice.state()) && voiceSettingsOf(catalogue).speaks
    return [
      ...muted.map(({ deviceId, name }): KioskScreenState => ({ deviceId, name, screen: 'muted' })),
      ...(hasNoVoice ? [{ deviceId: 'branch', name: catalogue.branch.name, screen: 'no-voice' } as const] : []),
    ]
  }

  app.post(
    '/api/v1/devices/self/screen',
    { config: reportConfig('kiosk'), schema: { body: ScreenBody } },
    (request, reply) => {
      const { deviceId } = originOf(request)
      reportBy.set(deviceId, { screen: request.body.screen, atMs: clocks.monotonicMs() })
      return reply.code(200).send({ deviceId })
    },
  )

  app.post(
    '/api/v1/devices/self/disk',
    { config: reportConfig('kiosk', 'caller', 'display'), schema: { body: DiskBody } },
    (request, reply) => {
      const { deviceId } = originOf(request)
      const { disk } = request.body
      if (disk === 'ok') diskBy.delete(deviceId)
      else diskBy.set(deviceId, { disk, atMs: clocks.monotonicMs() })
      return reply.code(200).send({ deviceId })
    },
  )

  /** Devices whose disks take nothing: they are silent soon, or show nothing but that. */
  function badDisks(): readonly KioskScreenState[] {
    for (const [deviceId, { atMs }] of diskBy)
      if (clocks.monotonicMs() - atMs > DISK_TOLD_MS_MAX || roster.find(deviceId) === undefined) diskBy.delete(deviceId)
    return [...diskBy].map(([deviceId, { disk }]) => ({
      deviceId,
      name: roster.find(deviceId)?.name ?? '',
      screen: disk === 'full' ? 'disk-full' : 'disk-refuses',
    }))
  }

  const twins = (): readonly KioskScreenState[] =>
    instances.twins().flatMap((deviceId) => {
      const name = roster.find(deviceId)?.name
      return name === undefined ? [] : [{ deviceId, name, screen: 'twin' }]
    })

  /** The log began anew within the last day, and not because this branch is new: numbers were jumped over. */
  function jumped(): readonly KioskScreenState[] {
    const { head, store, state } = waist.branch()
    const frame = store.log.at(head.epoch, FIRST_SEQ)
    const first = frame === null ? null : (JSON.parse(frame.body) as StoredEvent)
    if (first?.type !== 'EpochStarted' || first.reason === 'first-boot') return []
    if (readClock().wallMs - first.atMs > JUMP_TOLD_MS) return []
    return [{ deviceId: 'branch', name: state.catalogue?.body.branch.name ?? '', screen: 'jumped' }]
  }

  app.get('/api/v1/screens', { config: { doors: ['caller', 'installer'] } }, (): readonly KioskScreenState[] => {
    const nowMs = clocks.monotonicMs()
    for (const [deviceId, { atMs }] of reportBy)
      if (nowMs - atMs > SILENT_TOLD_MS || roster.find(deviceId) === undefined) reportBy.delete(deviceId)
    const kiosks = [...reportBy].map(
      ([deviceId, { screen, atMs }]): KioskScreenState => ({
        deviceId,
        name: roster.find(deviceId)?.name ?? '',
        screen: nowMs - atMs > SCREEN_SILENT_MS ? 'silent' : screen,
      }),
    )
    return [...kiosks, ...badDisks(), ...twins(), ...unheard(), ...jumped()]
  })
}
