import type { SendCommand } from './send-command.ts'

/** Six words of a key that nothing has vouched for yet: somebody must compare them with those at the branch. */
export interface SixWordsQuestion {
  readonly words: readonly string[]
  readonly fingerprint: string
  /** Sent instead of the code, it says that the words are the same. */
  readonly link: string
}

export type PairAnswer =
  | { readonly type: 'paired' }
  | { readonly type: 'asked'; readonly question: SixWordsQuestion }
  | { readonly type: 'refused'; readonly code: string }

/** @param refused - fingerprints whose words were others than those at the branch */
export type PairDevice = (code: string, refused: readonly string[]) => Promise<PairAnswer>

function isQuestion(json: unknown): json is SixWordsQuestion {
  return typeof json === 'object' && json !== null && 'words' in json && 'link' in json && 'fingerprint' in json
}

/** Sends what the installer typed to the device's host. */
export function createPairDevice(send: SendCommand): PairDevice {
  return async (code, refused) => {
    const answer = await send(
      '/local/v1/pair',
      { code, refused },
      (json): PairAnswer => (isQuestion(json) ? { type: 'asked', question: json } : { type: 'paired' }),
    )
    return answer.ok ? answer.value : { type: 'refused', code: answer.code }
  }
}
