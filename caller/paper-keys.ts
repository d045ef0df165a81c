import type { RecordedStatus } from '#shared/domain/events.ts'

/** What a key means on the paper's page. */
export type PaperKey = 'served' | 'no-show' | 'left' | 'up' | 'down' | 'undo'

export const STATUS_OF_KEY: Record<'served' | 'no-show' | 'left', RecordedStatus> = {
  served: 'completed',
  'no-show': 'no_show',
  left: 'cancelled',
}

const BY_KEY: Readonly<Record<string, PaperKey>> = { ArrowUp: 'up', ArrowDown: 'down', Backspace: 'undo' }
/** By the key's place: a French layout types no digit without shift, an Arabic one others. */
const BY_CODE: Readonly<Record<string, PaperKey>> = {
  Digit1: 'served',
  Numpad1: 'served',
  Digit2: 'no-show',
  Numpad2: 'no-show',
  Digit3: 'left',
  Numpad3: 'left',
}

export const paperKeyOf = ({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): PaperKey | null =>
  BY_KEY[key] ?? BY_CODE[code] ?? null
