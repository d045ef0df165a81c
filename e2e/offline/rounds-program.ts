// Plays the rounds and prints what came of them: `node rounds-program.ts SEED ROUNDS`.
import { playRounds } from './rounds.ts'

const [seed = '1', rounds = '1'] = process.argv.slice(2)
const outcome = await playRounds({ seed: Number(seed), rounds: Number(rounds) })
console.log(JSON.stringify(outcome))
process.exit(outcome.failures.length === 0 ? 0 : 1)
