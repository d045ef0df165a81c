// `npm run branch -- commission` and `-- verify` as a program that can be killed; with fewer measurements and shorter waits
// than an installer has, and nothing else that is different.
import { runCommissioningCommand } from '../../branch-server/commissioning/run-command.ts'
import { readConfig } from '../../branch-server/config.ts'

const clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }
const pace = { rounds: 10, beforeMs: 1_000, afterMs: 1_000, aloneMs: 1_500 }
try {
  const { stdin: input, stdout: output } = process
  const parts = { config: readConfig(process.env), clocks, pace, input, output }
  console.log(await runCommissioningCommand(process.argv.slice(2), parts))
  process.exit(0)
} catch (error) {
  console.error(error)
  process.exit(2)
}
