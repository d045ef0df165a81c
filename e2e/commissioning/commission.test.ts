import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSeal } from '../../branch-server/commissioning/seal.ts'
import { decodePaper, paperText } from '../../kiosk/devices/paper.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import type { TrialsState } from '../../shared/wire/trials.ts'
import { commissioningWords } from '../../shared/words/commissioning.ts'
import { startTcpPrinter, type TcpPrinter } from '../paper/tcp-printer.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { sampleBank, until } from '../world/world.ts'
import { type OnSite, openSite, readReport, reportIn, type SiteProgram } from './on-site.ts'

const PROFILE = profileNamed('paper-80')
const NEVER_MET = 20_000_000
const say = commissioningWords('en')

let browser: Faces
let printer: TcpPrinter
let site: OnSite
let lobby: Page
beforeAll(async () => {
  browser = await openBrowser()
  printer = await startTcpPrinter()
  site = await openSite(sampleBank, `${printer.address},pretend:${join('/tmp', `site-paper-${randomInt(NEVER_MET)}`)}`)
  lobby = await browser.open('lobby', site.displayUrl, { width: 1920, height: 1080 })
  await lobby.locator('.strip').waitFor()
})
afterAll(async () => {
  await site?.[Symbol.asyncDispose]()
  await printer?.close()
  await browser?.[Symbol.asyncDispose]()
})
