// What is said between a test that kills and the program that is written in.

export type TypingOrder =
  | { do: 'call'; id: number; method: string; args: unknown[] }
  /** Opens the draft whose row begins so, and answers the text that the window shows. */
  | { do: 'read'; id: number; preview: string }
  /** Writes a new mail until it is killed. */
  | { do: 'type'; seed: number; isPlain: boolean }

export type Told =
  | { kind: 'ready' }
  | { kind: 'begins' }
  /** `at`: epoch ms, once the key was in the text. */
  | { kind: 'typed'; text: string; at: number }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failed'; detail: string }

/** Nobody typed for so long: a draft is copied to its server. */
export const IDLE_HURRIED_MS = 400
