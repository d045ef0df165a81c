const WHITE = 255
const MIDDLE = 128

/**
 * Makes a grey picture of black dots alone, each dot's error handed on to its neighbours (Floyd and Steinberg), so that
 * a grey field stays as dark as it was. What is black or white already stays as it is.
 * @param grey - row by row, 0 black to 255 white
 * @returns row by row, 1 = black
 */
export function ditherGrey(grey: Uint8Array, widthDots: number): Uint8Array {
  const left = Float32Array.from(grey)
  const dots = new Uint8Array(grey.length)
  const hand = (index: number, error: number): void => {
    const value = left[index]
    if (value !== undefined) left[index] = value + error
  }
  for (let index = 0; index < grey.length; index += 1) {
    const value = left[index] ?? WHITE
    const isBlack = value < MIDDLE
    if (isBlack) dots[index] = 1
    const error = isBlack ? value : value - WHITE
    const column = index % widthDots
    if (column + 1 < widthDots) hand(index + 1, (error * 7) / 16)
    if (column > 0) hand(index + widthDots - 1, (error * 3) / 16)
    hand(index + widthDots, (error * 5) / 16)
    if (column + 1 < widthDots) hand(index + widthDots + 1, error / 16)
  }
  return dots
}
