/** Events on their way to a page that asks for them. Equal ones are one (they carry ids only), so it stays small. */

export type EventQueue = {
  add(text: string): void
  /** Waits until there is one, and gives all there are. A newer question ends an older one, whose page has gone. */
  next(): Promise<string[]>
  close(): void
}

export function createEventQueue(): EventQueue {
  const waiting = new Set<string>()
  let answer: ((texts: string[]) => void) | null = null
  const handOver = () => {
    if (answer === null || waiting.size === 0) return
    const texts = [...waiting]
    waiting.clear()
    answer(texts)
    answer = null
  }
  return {
    add(text) {
      waiting.add(text)
      handOver()
    },
    next() {
      answer?.([])
      return new Promise(resolve => {
        answer = resolve
        handOver()
      })
    },
    close() {
      answer?.([])
      answer = null
    },
  }
}
