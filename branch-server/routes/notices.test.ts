import { expect, test } from 'vitest'
import { sentBank } from '../testing/bank-catalogue.ts'
import { openTestBranch } from '../testing/test-branch.ts'

const OTHER_WORDS = [{ id: 'slow', kind: 'delay', text: { fr: 'Un peu de patience.' } }]

test('no catalogue takes an emergency off the screens while it lasts', async () => {
  await using branch = await openTestBranch()
  const { installer } = branch
  const publish = () => installer.send('PUT', '/api/v1/catalogue', { ...sentBank, messages: OTHER_WORDS })
  const shown = async () => (await installer.get<{ message: unknown }>('/api/v1/board')).body.message
  expect((await installer.post('/api/v1/message', { messageId: 'evacuate' })).status).toBe(200)
  expect(await publish()).toMatchObject({ status: 422, body: { code: 'CatalogueInvalid' } })
  expect(await shown()).toMatchObject({ kind: 'emergency' })
  expect((await installer.post('/api/v1/message/clear')).status).toBe(200)
  expect((await publish()).status).toBe(200)
})

test('words about a delay go with the catalogue that held them', async () => {
  await using branch = await openTestBranch()
  const { installer } = branch
  expect((await installer.post('/api/v1/message', { messageId: 'delay', minutes: 20 })).status).toBe(200)
  const { status } = await installer.send('PUT', '/api/v1/catalogue', { ...sentBank, messages: OTHER_WORDS })
  expect(status).toBe(200)
  expect((await installer.get('/api/v1/board')).body).toMatchObject({ message: null })
})
