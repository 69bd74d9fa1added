/**
 * Which mails belong together: every name that a mail has or mentions stands for one thread, and mails that share a
 * name share the thread (union-find). So order, gaps, loops and broken References make no difference. Pure.
 */

/** Beyond this a thread takes no more: what comes then begins the next one. Nobody reads on there. */
export const MOST_IN_THREAD = 1_000

export type JoiningMail = {
  id: number
  /** Its own name, 0 for none; and the names it mentions, the nearest last. */
  own: number
  others: readonly number[]
}

/** What is known of the names before. `threads` are roots already. */
export type KnownThreads = {
  names: ReadonlyMap<number, number>
  /** Mails in a thread; none where it is not named. */
  sizes: ReadonlyMap<number, number>
  next: number
}

export type Joined = {
  threads: Map<number, number>
  /** Threads that are now part of another one. */
  merged: Map<number, number>
  names: Map<number, number>
  sizes: Map<number, number>
  next: number
}

export type Joiner = ReturnType<typeof createJoiner>

export function createJoiner(known: KnownThreads) {
  const into = new Map<number, number>()
  const names = new Map<number, number>()
  const sizes = new Map(known.sizes)
  const threads = new Map<number, number>()
  let next = known.next

  const rootOf = (thread: number): number => {
    let root = thread
    for (let up = into.get(root); up !== undefined; up = into.get(root)) root = up
    // The next one that asks has it near.
    for (let at = thread; at !== root; ) {
      const up = into.get(at) as number
      into.set(at, root)
      at = up
    }
    return root
  }
  const sizeOf = (thread: number) => sizes.get(thread) ?? 0
  /** The larger one takes the smaller, as long as there is room; answers the thread to go on with. */
  const unite = (left: number, right: number): number => {
    const [one, other] = [rootOf(left), rootOf(right)]
    if (one === other) return one
    if (sizeOf(one) + sizeOf(other) >= MOST_IN_THREAD) return one
    const isOneLarger = sizeOf(one) > sizeOf(other) || (sizeOf(one) === sizeOf(other) && one < other)
    const [large, small] = isOneLarger ? [one, other] : [other, one]
    into.set(small, large)
    sizes.set(large, sizeOf(one) + sizeOf(other))
    sizes.delete(small)
    return large
  }
  const threadOfName = (hash: number): number | undefined => {
    const thread = names.get(hash) ?? known.names.get(hash)
    return thread === undefined ? undefined : rootOf(thread)
  }

  return {
    threadOfName,
    unite,
    /** Puts the mail where its names lead; answers whether they led anywhere. */
    add({ id, own, others }: JoiningMail): boolean {
      const all = own === 0 ? others : [...others, own]
      let thread: number | undefined
      // The nearest first: where there is no room for all, it is the one that counts.
      for (let at = all.length - 1; at >= 0; at -= 1) {
        const there = threadOfName(all[at] as number)
        if (there !== undefined) thread = thread === undefined ? there : unite(thread, there)
      }
      const wasKnown = thread !== undefined
      const isFull = thread !== undefined && sizeOf(thread) >= MOST_IN_THREAD
      const target = thread === undefined || isFull ? next++ : thread
      for (const hash of all) if (isFull || threadOfName(hash) === undefined) names.set(hash, target)
      threads.set(id, target)
      sizes.set(target, sizeOf(target) + 1)
      return wasKnown
    },
    joined(): Joined {
      return {
        threads: new Map([...threads].map(([id, thread]) => [id, rootOf(thread)])),
        merged: new Map([...into.keys()].map(thread => [thread, rootOf(thread)])),
        names: new Map([...names].map(([hash, thread]) => [hash, rootOf(thread)])),
        sizes,
        next,
      }
    },
  }
}
