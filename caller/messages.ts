/** A message as people read it. @param minutes - null: not said, so dots stand there, as on the screens */
export const withMinutes = (text: string, minutes: number | null): string =>
  text.replaceAll('{minutes}', minutes === null ? '…' : String(minutes))

/** Whether a message asks for minutes. */
export const asksMinutes = (texts: Readonly<Record<string, string | undefined>>): boolean =>
  Object.values(texts).some((text) => text?.includes('{minutes}') === true)
