import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium, installPackages } from './chromium.ts'
import { runToEnd } from './programs.ts'

// Every test, on a fresh machine: finds or installs a browser, a voice and a C compiler, builds pages and programs, runs all, counts.
// Words after it go to vitest, as in `npm test -- --project unit`.

function answers(command: string, option: string): boolean {
  try {
    execFileSync(command, [option], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

interface Need {
  readonly isThere: () => boolean
  readonly packages: readonly string[]
  readonly what: string
}

const NEEDS: readonly Need[] = [
  { isThere: () => findChromium() !== null, packages: ['chromium'], what: 'Chromium (or CHROMIUM naming one)' },
  {
    isThere: () => answers('cc', '--version'),
    packages: ['gcc', 'libc6-dev'],
    what: 'a C compiler for the power cuts',
  },
  {
    isThere: () => answers('espeak-ng', '--version'),
    packages: ['espeak-ng'],
    what: 'espeak-ng, the voice of kiosks and lobby',
  },
  {
    isThere: () => answers('ip', '-V'),
    packages: ['iproute2'],
    what: 'the command `ip` for the network of their own',
  },
  {
    // Its word `version` wants a screen; its option does not.
    isThere: () => answers('xdotool', '--version') && answers('Xvfb', '-help'),
    packages: ['xvfb', 'xdotool'],
    what: 'a screen with keys for the kiosk: xvfb and xdotool',
  },
  { isThere: () => answers('shellcheck', '--version'), packages: ['shellcheck'], what: 'shellcheck for the appliance' },
  {
    isThere: () => answers('systemd-analyze', '--version'),
    packages: ['systemd'],
    what: 'systemd-analyze and systemd-notify for the appliance',
  },
  {
    isThere: () => existsSync('/usr/lib/postgresql'),
    packages: ['postgresql'],
    what: 'Debian’s Postgres, for the cloud must work on one that is not its own',
  },
  {
    isThere: () => answers('python3', '--version'),
    packages: ['python3-minimal'],
    what: 'python3, which listens as a supervisor does',
  },
]

/** Installs all that is missing at once, or says each in a sentence and ends. */
function provide(needs: readonly Need[]): void {
  const missing = needs.filter(({ isThere }) => !isThere())
  if (missing.length === 0) return
  // One that the system does not know must not keep the others away.
  if (!installPackages(missing.flatMap(({ packages }) => packages)))
    for (const { packages } of missing) installPackages(packages)
  const still = missing.filter(({ isThere }) => !isThere())
  for (const { packages, what } of still)
    console.error(`The tests need ${what}; as root: apt-get install ${packages.join(' ')}`)
  if (still.length > 0) process.exit(2)
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numFailedTestSuites: number
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null
  }
}

provide(NEEDS)
if (!(await runToEnd(['vite', 'build', '--logLevel', 'warn']))) {
  console.error('The pages and programs could not be built.')
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-test-'))
const file = join(folder, 'report.json')
const isGood = await runToEnd([
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${file}`,
  ...process.argv.slice(2),
])
const report = readReport(file)
rmSync(folder, { recursive: true, force: true })
if (report === null) {
  console.error('The tests left no report.')
  console.log('0 passed, 1 failed')
  process.exit(1)
}
const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = report
// A file that could not even be loaded counts as a failure, though none of its tests ran.
const failed = numFailedTests === 0 && !isGood ? Math.max(1, numFailedTestSuites) : numFailedTests
console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`)
process.exit(isGood && failed === 0 && numPassedTests > 0 ? 0 : 1)
