// The campaign as a program, so that it can be run from a copy of the sources. The last line it prints is its outcome.
import { runCampaign } from './campaign.ts'

const [, , jobs, seed] = process.argv
console.info(JSON.stringify(await runCampaign({ jobs: Number(jobs), seed: Number(seed) })))
