// Kills the server in the middle of rushes and prints what came of it: `node rush-program.ts SEED ROUNDS`.
import { killInRush } from './rush.ts'

const [seed = '1', rounds = '1'] = process.argv.slice(2)
const outcome = await killInRush({ seed: Number(seed), rounds: Number(rounds) })
console.log(JSON.stringify(outcome))
process.exit(outcome.failures.length === 0 ? 0 : 1)
