import { readFileSync } from 'node:fs'
import type { ServiceSign } from '../../shared/slip/pictograms.ts'

const { branch } = JSON.parse(readFileSync(new URL('../../tools/demo/bank.json', import.meta.url), 'utf8')) as {
  branch: { logo: string }
}

/** The logo of the demo's bank: letters, edges and grey. */
export const SAMPLE_LOGO = branch.logo
export const SAMPLE_SIGN: ServiceSign = { pictogram: 'cash', colour: 'green' }
