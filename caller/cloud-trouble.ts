/** The line to head office waits for a person: another box says that it is this branch, or head office has let it go. */
export type CloudTrouble = 'forked' | 'refused'

const isTrouble = (state: unknown): state is CloudTrouble => state === 'forked' || state === 'refused'

/** Reads what the branch says of its health; `none`: no line, or one that needs nobody; null = that was no answer. */
export function readCloudTrouble(json: unknown): CloudTrouble | 'none' | null {
  if (typeof json !== 'object' || json === null || !('status' in json)) return null
  const { cloud } = json as { readonly cloud?: { readonly state?: unknown } }
  return isTrouble(cloud?.state) ? cloud.state : 'none'
}
