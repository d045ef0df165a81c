import { expect, test } from 'vitest'
import { sentBank } from '../testing/bank-catalogue.ts'
import { openTestBranch } from '../testing/test-branch.ts'

test('what is odd about a catalogue is told, and it is applied; a PIN that everybody guesses is refused', async () => {
  await using branch = await openTestBranch()
  const put = (pin: string) => {
    const agents = sentBank.agents.map((agent, at) => (at === 0 ? { ...agent, pin } : agent))
    return branch.installer.send('PUT', '/api/v1/catalogue', { ...sentBank, agents })
  }
  const told = await put('860915724403')
  expect(told).toMatchObject({ status: 200, body: { version: 2 } })
  expect(told.body).toMatchObject({ doubts: [{ path: '/agents', message: expect.stringContaining('the same PIN') }] })
  // As short as none is at a caller: refused here, too, and its place named.
  for (const short of ['2718', '27182'])
    expect(await put(short)).toMatchObject({
      status: 400,
      body: { code: 'RequestInvalid', detail: expect.stringContaining('/agents/0/pin') },
    })
  expect(await put('345678')).toMatchObject({
    status: 422,
    body: { code: 'CatalogueInvalid', detail: expect.stringContaining('/agents/0/pin') },
  })
})
