/** THE guard against keys that belong to an input method. Every Enter, chip and shortcut asks it first. */

type KeyLike = { isComposing?: boolean; keyCode: number; nativeEvent?: { isComposing?: boolean } }

/**
 * True while an IME is composing, on React's events and the DOM's alike. `keyCode` 229 is the Enter that ends a
 * composition in browsers that have already cleared `isComposing` by then.
 */
export function isComposing(event: KeyLike): boolean {
  return event.isComposing === true || event.nativeEvent?.isComposing === true || event.keyCode === 229
}
