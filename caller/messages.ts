import { MINUTES_PLACE } from '#shared/domain/catalogue.ts'

/** A message as people read it. @param minutes - null: not said, so dots stand there, as on the screens */
export const withMinutes = (text: string, minutes: number | null): string =>
  text.replaceAll(MINUTES_PLACE, minutes === null ? '…' : String(minutes))
