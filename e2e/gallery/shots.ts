import { LANGUAGES, type Language } from '#shared/domain/ids.ts'

export type Face = 'kiosk' | 'display' | 'caller'

/** The kiosk can be accessible, the caller can wear its night colours, the display those for bright lobbies. */
export type Mode = 'usual' | 'accessible' | 'night' | 'light'

export interface Shot {
  readonly face: Face
  readonly screen: string
  readonly language: Language
  readonly mode: Mode
  readonly width: number
  readonly height: number
}

const SCREENS: Record<Face, readonly string[]> = {
  kiosk: [
    'unpaired',
    'six-words',
    'starting',
    'idle',
    'idle-alone',
    'idle-heard',
    'idle-mute',
    'choose-service',
    'choose-closed',
    'choose-alone',
    'choose-warned',
    'choose-waits',
    'choose-hours',
    'choose-delay',
    'choose-colours',
    'ticket-colour',
    'choose-groups',
    'choose-categories',
    'choose-category',
    'idle-delay',
    'visit',
    'visit-priority',
    'visit-several',
    'visit-add',
    'choose-doors',
    'search',
    'search-found',
    'search-listed',
    'search-none',
    'details-name',
    'details-letters',
    'details-consent',
    'details-phone',
    'details-warned',
    'check-in',
    'check-in-unknown',
    'check-in-alone',
    'taking',
    'your-ticket',
    'ticket-plan',
    'ticket-soon',
    'ticket-offline',
    'out-of-paper',
    'paper-uncertain',
    'closed-day',
    'closed-services',
    'closed-clock',
    'closed-hours',
    'closed-later',
    'closed-holiday',
    'closed-intake',
    'emergency',
    'emergency-long',
    'refused-full',
    'no-tickets',
    'staff-sign-in',
    'staff-cut',
    'staff-overview',
    'staff-agent',
    'staff-find',
    'staff-test',
    'staff-letters',
    'staff-summary',
  ],
  display: [
    'unpaired',
    'six-words',
    'starting',
    'empty',
    'calm',
    'one-call',
    'two-calls',
    'four-calls',
    'stale',
    'day-closed',
    'intake-stopped',
    'waits',
    'delay',
    'delay-call',
    'information',
    'emergency',
    'emergency-long',
    'emergency-stale',
    'trial',
    'picture',
    'picture-call',
    'picture-four',
    'picture-stale',
    'ticker',
    'ticker-call',
    'ticker-stale',
    'ticker-long',
    'calls-alone',
    'one-queue',
    'no-clock',
    'rush-few',
    'rush-many',
    'rush-all',
  ],
  caller: [
    'unpaired',
    'six-words',
    'starting',
    'sign-in',
    'counter-taken',
    'manager-in',
    'manager-visiting',
    'pin-wrong',
    'waiting',
    'empty',
    'called',
    'serving',
    'over-target',
    'clock-doubted',
    'printer-trouble',
    'clock-yours',
    'stale',
    'toast',
    'transfer',
    'hold',
    'cancel',
    'adopt',
    'issue',
    'close',
    'visit',
    'visit-called',
    'finish',
    'note',
    'on-break',
    'break',
    'serve-now',
    'training',
    'today',
    'today-first',
    'floor',
    'floor-troubles',
    'steer',
    'steer-stopped',
    'emergency',
    'delay',
    'close-day',
    'stop-intake',
    'free-counter',
    'floor-alone',
    'paper',
    'paper-after',
    'paper-signed-out',
    'paper-doubted',
    'paper-scanned',
    'paper-not-ours',
    'papers-told',
    'device-trouble',
    'doubted-number',
    'marks-note',
    'power-low',
    'power-no-printer',
    'setup',
    'setup-pressed',
    'bar-free',
    'bar-empty',
    'bar-called',
    'bar-serving',
    'bar-over-target',
    'bar-on-break',
    'bar-sign-in',
    'bar-stale',
    'bar-toast',
    'bar-emergency',
    'bar-manager',
    'voice-none',
    'voice-list',
    'voice-record',
    'voice-own',
    'voice-listening',
    'voice-fault',
    'voice-file',
    'voice-done',
    'media-none',
    'media-list',
    'media-sending',
    'media-fault',
    'people',
    'people-old',
    'add-agent',
    'new-pin',
    'suspend-agent',
    'sign-in-known',
    'sign-in-old',
  ],
}

const SIZES: Record<Face, readonly (readonly [width: number, height: number])[]> = {
  kiosk: [
    [1080, 1920],
    [768, 1366],
    [1280, 800],
  ],
  display: [
    [1920, 1080],
    [1080, 1920],
    [1280, 800],
    [360, 740],
  ],
  caller: [
    [1024, 768],
    [360, 740],
    [1280, 800],
    [1920, 1080],
    [1080, 1920],
  ],
}

/** A window no higher than a toolbar, narrow and wide. */
const BAR_SIZES: (typeof SIZES)[Face] = [
  [360, 56],
  [640, 56],
]

const MODES: Record<Face, readonly Mode[]> = {
  kiosk: ['usual', 'accessible'],
  display: ['usual', 'light'],
  caller: ['usual', 'night'],
}

/** What a picture is wanted of; an empty word means all. */
export interface Wanted {
  readonly face: Face | ''
  readonly screen: string
  readonly language: string
  readonly width: string
  readonly mode: string
}

const isWanted = (wanted: string, name: string | number): boolean =>
  wanted === '' || wanted.split(',').includes(String(name))

/** The pictures to take. */
export function picturesOf({ face, screen, language, width, mode }: Wanted): readonly Shot[] {
  const shots: Shot[] = []
  for (const oneFace of ['kiosk', 'display', 'caller'] as const)
    for (const oneScreen of SCREENS[oneFace])
      for (const tongue of LANGUAGES)
        for (const [size, height] of oneScreen.startsWith('bar-') ? BAR_SIZES : SIZES[oneFace])
          for (const look of MODES[oneFace])
            shots.push({ face: oneFace, screen: oneScreen, language: tongue, mode: look, width: size, height })
  return shots.filter(
    (shot) =>
      isWanted(face, shot.face) &&
      isWanted(screen, shot.screen) &&
      isWanted(language, shot.language) &&
      isWanted(width, shot.width) &&
      isWanted(mode, shot.mode),
  )
}
