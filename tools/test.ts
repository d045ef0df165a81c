import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

function need(isThere: () => boolean, packages: readonly string[], what: string): void {
  if (isThere() || (installPackages(packages) && isThere())) return
  console.error(`The tests need ${what}; as root: apt-get install ${packages.join(' ')}`)
  process.exit(2)
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

need(() => findChromium() !== null, ['chromium'], 'Chromium (or CHROMIUM naming one)')
need(() => answers('cc', '--version'), ['gcc', 'libc6-dev'], 'a C compiler for the power cuts')
need(() => answers('espeak-ng', '--version'), ['espeak-ng'], 'espeak-ng, the voice of kiosks and lobby')
need(() => answers('ip', '-V'), ['iproute2'], 'the command `ip` for the network of their own')
need(
  () => answers('xdotool', '--version') && answers('Xvfb', '-help'),
  ['xvfb', 'xdotool'],
  'a screen with keys for the kiosk: xvfb and xdotool',
)
need(() => answers('shellcheck', '--version'), ['shellcheck'], 'shellcheck for the appliance')
need(() => answers('systemd-analyze', '--version'), ['systemd'], 'systemd-analyze and systemd-notify for the appliance')
need(() => answers('python3', '--version'), ['python3-minimal'], 'python3, which listens as a supervisor does')
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
