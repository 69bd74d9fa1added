/** The types of our words: keys, placeholders and plurals are read off the English files. Refuses any run-time code. */

/**
 * What another language must provide: the same keys. English writes `x_one` and `x_other`; a language without a
 * singular (Japanese) writes `x_other` alone.
 */
export type Shape<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Shape<T[K]>
}

type Leaf<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K

/** Every key of a tree of words: `compose.send`. Plural forms count as one key. */
export type KeyOf<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${Leaf<K>}` : KeyOf<T[K], `${Prefix}${K}.`>
}[keyof T & string]

type PlaceholdersOf<Text> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | PlaceholdersOf<Rest>
  : never

type At<T, K extends string> = K extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? At<T[Head], Rest>
    : never
  : K extends keyof T
    ? T[K]
    : `${K}_other` extends keyof T
      ? T[`${K}_other`] | ('{{count}}' & string)
      : never

type Values<Names extends string> = { [Name in Names]: Name extends 'count' ? number : string | number }

/** The arguments a key takes: none, or one object with a value for each of its placeholders. */
export type ValuesFor<T, K extends string> = [PlaceholdersOf<At<T, K>>] extends [never]
  ? []
  : [values: Values<PlaceholdersOf<At<T, K>>>]
