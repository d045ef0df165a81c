import type { SendCommand } from '#shared/client/send-command.ts'

/** What a hand scanner typed into the field: the number of that paper, or why it is none of ours. */
export type ScannedPaper =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly code: string }

function numberIn(json: unknown): string | null {
  const isTicket = typeof json === 'object' && json !== null && 'number' in json && typeof json.number === 'string'
  return isTicket ? String(json.number) : null
}

/** Asks the branch whether a kiosk of its own printed this; it alone can tell. */
export async function readScannedPaper(send: SendCommand, text: string): Promise<ScannedPaper> {
  const answer = await send('/api/v1/tickets/read-code', { code: text.trim() }, numberIn)
  return answer.ok ? { ok: true, number: answer.value } : answer
}
