const LAST_WORDS_MAX = 5

/** What Postgres said as it ended: the line that names the fault, which its tidying up would push out, and the last ones. */
export function createLastWords() {
  const last: string[] = []
  let fault: string | null = null
  return {
    hear(line: string): void {
      // The first: those after it follow from it.
      if (fault === null && /^(FATAL|PANIC):/.test(line)) fault = line
      last.push(line)
      if (last.length > LAST_WORDS_MAX) last.shift()
    },
    told: (): string => (fault === null || last.includes(fault) ? last : [fault, ...last]).join(' '),
  }
}
