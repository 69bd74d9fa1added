/** What this window calls itself before the program, for as long as its page lives: who writes a draft is told apart by it. */

export const windowId = crypto.randomUUID()
