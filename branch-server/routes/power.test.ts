import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { tellPower } from '../power-command.ts'
import { PowerError } from '../power-error.ts'
import { type Desk, openDesk } from '../testing/desk.ts'
import { INSTALLER_TOKEN } from '../testing/test-branch.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const printer = { capability: 'confirmed', online: true, paper: 'ok', cover: 'closed', hint: 'ready' }
const says = (more: object) => desk.kiosk.post('/api/v1/devices/self/printer', { printers: [{ ...printer, ...more }] })
const state = () => desk.branch.running.waist.branch().state
const config = () =>
  readConfig({
    BRANCH_PORT: new URL(desk.branch.url).port,
    BRANCH_DATA_DIR: desk.branch.folder,
    BRANCH_INSTALLER_TOKEN: INSTALLER_TOKEN,
  })

test('the battery’s own program says that it is low, and a kiosk that can print is asked for the list', async () => {
  await says({})
  expect(await tellPower(['low'], config())).toMatch(/low/)
  expect(state()).toMatchObject({ isPowerLow: true, sheet: { kioskId: desk.kiosk.deviceId } })
  // A daemon says it again and again.
  expect(await tellPower(['low'], config())).toMatch(/low/)
  await tellPower(['back'], config())
  expect(state().isPowerLow).toBe(false)
  await expect(tellPower(['out'], config())).rejects.toThrow('usage')
  await desk.branch.running.close()
  await expect(tellPower(['low'], config())).rejects.toThrow(PowerError)
  await desk.branch.start()
})

test('no kiosk is asked that cannot print: staff are told so, and a manager may ask again', async () => {
  await says({ paper: 'out' })
  const { body } = await desk.branch.installer.post('/api/v1/power', { isLow: true })
  expect(body).toEqual({ isLow: true, listAskedAtMs: null })
  expect(await desk.manager.post('/api/v1/waiting-list/print')).toMatchObject({
    status: 409,
    body: { code: 'NoPrinter' },
  })
  await says({})
  expect((await desk.manager.post('/api/v1/waiting-list/print')).status).toBe(200)
  expect(state().sheet?.kioskId).toBe(desk.kiosk.deviceId)
  expect((await desk.agent.post('/api/v1/waiting-list/print')).status).toBe(403)
})
