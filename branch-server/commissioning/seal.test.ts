import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { fingerprintOf, textOfKey } from '#shared/network/fingerprint.ts'
import { readSeal, sealDocument } from './seal.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const publicKey = textOfKey(createPublicKey(privateKey)) ?? ''
const document = Buffer.from('%PDF-1.3\nwhat was seen\n%%EOF\n')
const file = Buffer.from(sealDocument(document, privateKey, publicKey))

test('a sealed document keeps its own bytes and names the key that signed it', () => {
  expect(file.subarray(0, document.length)).toEqual(document)
  expect(readSeal(file)).toBe(fingerprintOf(createPublicKey(privateKey)))
})

test('whatever single bit of the file is changed, and wherever it is cut or continued, no seal is read', () => {
  for (let place = 0; place < file.length; place += 1)
    for (const bit of [1, 4, 128]) {
      const changed = Buffer.from(file)
      changed.writeUInt8((changed[place] ?? 0) ^ bit, place)
      expect(readSeal(changed), `bit ${bit} of byte ${place}`).toBeNull()
    }
  for (let length = 0; length < file.length; length += 1) expect(readSeal(file.subarray(0, length))).toBeNull()
  expect(readSeal(Buffer.concat([file, Buffer.from('x')]))).toBeNull()
  expect(readSeal(Buffer.concat([Buffer.from(' '), file]))).toBeNull()
  expect(readSeal(document)).toBeNull()
})

test('a seal of another key names another key, and an answer to a challenge is no seal', () => {
  const other = generateKeyPairSync('ed25519').privateKey
  const otherKey = textOfKey(createPublicKey(other)) ?? ''
  expect(readSeal(sealDocument(document, other, otherKey))).not.toBe(readSeal(file))
  expect(readSeal(sealDocument(document, other, publicKey))).toBeNull()
  // The branch signs any challenge of letters and digits for whoever asks.
  const challenge = document.toString('base64url')
  const signature = sign(null, Buffer.from(`smartqueue-branch:${challenge}`), privateKey).toString('base64url')
  expect(
    readSeal(Buffer.concat([document, Buffer.from(`\n%SmartQueue-Seal 1 ${publicKey} ${signature}\n`)])),
  ).toBeNull()
})
