const LAST_WORDS_MAX = 5
/** Told to whoever comes too early or too late, at every start: no fault of Postgres' own, and it must hide none. */
const NO_FAULT = /^FATAL: +(the database system is |terminating connection )/

/** What Postgres said as it ended: the line that names the fault, which its tidying up would push out, and the last ones. */
export function createLastWords() {
  const last: string[] = []
  let fault: string | null = null
  return {
    hear(line: string): void {
      // The first: those after it follow from it.
      if (fault === null && /^(FATAL|PANIC):/.test(line) && !NO_FAULT.test(line)) fault = line
      // Each of its connections says the same of its end.
      if (last.includes(line)) return
      last.push(line)
      if (last.length > LAST_WORDS_MAX) last.shift()
    },
    told: (): string => (fault === null || last.includes(fault) ? last : [fault, ...last]).join(' '),
  }
}
