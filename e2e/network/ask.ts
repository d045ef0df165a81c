// One request from inside a box, as JSON on standard output: `node ask.ts METHOD URL HEADERS BODY`.
// Only ever asked of the same box's own loopback, where no key has to be proved.
import { once } from 'node:events'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'

const [method = 'GET', address = '', headers = '{}', body = ''] = process.argv.slice(2)
const send = address.startsWith('https:') ? tlsRequest : plainRequest
const asked = send(address, { method, headers: JSON.parse(headers), rejectUnauthorized: false, timeout: 10_000 })
asked.end(body)
const [answer] = (await once(asked, 'response')) as [IncomingMessage]
const chunks: Buffer[] = []
for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
console.log(JSON.stringify({ status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') }))
