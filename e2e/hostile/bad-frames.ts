import type { Dice } from '../../branch-server/testing/dice.ts'

/** One WebSocket frame as its bytes; a client must mask its frames, and these need not. */
function frame(dice: Dice, opcode: number, payload: Buffer, isLast = true): Buffer {
  const isMasked = !dice.isOneIn(5)
  const mask = dice.bytes(4)
  const length = payload.length
  const short =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]
  const head = Buffer.from([(isLast ? 128 : 0) | opcode, (short[0] ?? 0) | (isMasked ? 128 : 0), ...short.slice(1)])
  const body = isMasked ? Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))) : payload
  return Buffer.concat(isMasked ? [head, mask, body] : [head, body])
}

const TEXTS = [
  '',
  'ping',
  '{"type":"ping"',
  '{"type":"ping","wallMs":-1}',
  '{"type":"ping","wallMs":1e999}',
  '{"type":"__proto__"}',
  'null',
  '\u0000',
  '💩',
  '{"type":"hello"}',
  'x'.repeat(1_024),
  'x'.repeat(1_025),
  'x'.repeat(70_000),
] as const

/** What a hostile device might say on its feed: wrong words, wrong frames, halves of frames. */
export function badFrames(dice: Dice): Buffer {
  const frames = Array.from({ length: 1 + dice.roll(4) }, () => {
    switch (dice.roll(7)) {
      case 0:
        return frame(dice, 1, Buffer.from(dice.pick(TEXTS)))
      case 1:
        return frame(dice, 2, dice.bytes(dice.roll(200)))
      case 2:
        return frame(dice, dice.roll(16), dice.bytes(dice.roll(130)))
      case 3:
        return frame(dice, dice.pick([0, 1, 8, 9, 10]), dice.bytes(dice.roll(10)), false)
      case 4:
        return Buffer.from([129, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4])
      case 5:
        return frame(dice, 8, dice.bytes(dice.roll(4)))
      default:
        return dice.bytes(dice.roll(100))
    }
  })
  const all = Buffer.concat(frames)
  return dice.isOneIn(4) ? all.subarray(0, dice.roll(all.length + 1)) : all
}
