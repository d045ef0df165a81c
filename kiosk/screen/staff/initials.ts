const short = (name: string, lengthOfEach: number): string =>
  name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => ([...word].length > lengthOfEach ? `${[...word].slice(0, lengthOfEach).join('')}.` : word))
    .join(' ')

/**
 * Names as those who bear them know them and passers-by do not: their initials, and as many letters more as tell one from
 * another. Anybody can open the page on which they stand.
 */
export function initialsOf(names: readonly string[]): readonly string[] {
  return names.map((name, at) => {
    const others = names.filter((_, other) => other !== at)
    for (let letters = 1; letters < name.length; letters += 1) {
      const shown = short(name, letters)
      if (others.every((other) => short(other, letters) !== shown)) return shown
    }
    return name
  })
}
