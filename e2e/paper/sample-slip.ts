import { readFileSync } from 'node:fs'
import { signPaper, tokenDigest } from '../../shared/network/paper-signature.ts'
import type { ServiceSign } from '../../shared/slip/pictograms.ts'

const { branch } = JSON.parse(readFileSync(new URL('../../tools/demo/bank.json', import.meta.url), 'utf8')) as {
  branch: { logo: string }
}

/** The logo of the demo's bank: letters, edges and grey. */
export const SAMPLE_LOGO = branch.logo
export const SAMPLE_SIGN: ServiceSign = { pictogram: 'cash', colour: 'green' }
/** As long, and as hard to draw, as the code that a paired kiosk prints. */
export const SAMPLE_CODE = signPaper(
  { ticketId: '019a0b6e-5d2f-7c41-9b3a-3f6d2c1e8a74', slot: 3 },
  tokenDigest('the token of a sample kiosk'),
)
