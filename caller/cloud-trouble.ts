/**
 * The line to head office waits for a person: another box says that it is this branch, head office has let it go, or one of
 * the two finds that the record of who changed what was tampered with.
 */
export type CloudTrouble = 'forked' | 'refused' | 'audit'

const isTrouble = (state: unknown): state is 'forked' | 'refused' => state === 'forked' || state === 'refused'

/** Reads what the branch says of its health; `none`: no line, or one that needs nobody; null = that was no answer. */
export function readCloudTrouble(json: unknown): CloudTrouble | 'none' | null {
  if (typeof json !== 'object' || json === null || !('status' in json)) return null
  const { cloud } = json as { readonly cloud?: { readonly state?: unknown; readonly audit?: unknown } }
  if (isTrouble(cloud?.state)) return cloud.state
  return Array.isArray(cloud?.audit) && cloud.audit.length > 0 ? 'audit' : 'none'
}
