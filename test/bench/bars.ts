/** What a bench prints: figures, bars that hold or are missed, and at the end how many. */

export type Bars = {
  say(text: string): void
  note(what: string, value: string, bar: string, holds: boolean): void
  /** How many were missed, said. */
  end(): number
}

export function createBars(): Bars {
  const held: boolean[] = []
  const say = (text: string) => process.stdout.write(`${text}\n`)
  return {
    say,
    note(what, value, bar, holds) {
      held.push(holds)
      say(`${holds ? 'holds ' : 'MISSED'}  ${what}: ${value} (bar: ${bar})`)
    },
    end() {
      const missed = held.filter(holds => !holds).length
      say(`\n${held.length - missed} of ${held.length} bars hold`)
      return missed
    },
  }
}

/** `part` of 0.95 is the 95th of a hundred. */
export function percentile(values: readonly number[], part: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
    Number.NaN
  )
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)
