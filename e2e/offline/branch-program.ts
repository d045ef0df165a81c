// A whole branch server as a program that can be killed: `node branch-program.ts FOLDER PORT AHEAD_MS`.
// Its wall clock is the machine's, moved, so that a test does not meet a cut-over by chance.
import { writeSync } from 'node:fs'
import { pino } from 'pino'
import { startBranch } from '../../branch-server/start-branch.ts'
import { INSTALLER_TOKEN } from '../../branch-server/testing/test-branch.ts'

const [folder = '', port = '0', aheadMs = '0'] = process.argv.slice(2)
const branch = await startBranch({
  config: {
    host: '127.0.0.1',
    port: Number(port),
    folder,
    backupFolder: null,
    installerToken: INSTALLER_TOKEN,
    cloudUrl: null,
    enrolmentCode: null,
  },
  clocks: { wallMs: () => Date.now() + Number(aheadMs), monotonicMs: () => performance.now() },
  logger: pino({ level: 'error' }, pino.destination({ dest: 2, sync: true })),
})
writeSync(1, `${branch.url}\n`)
process.once('SIGTERM', () => void branch.close().then(() => process.exit(0)))
