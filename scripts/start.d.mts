/** For the tests only: the scripts themselves are plain JavaScript. */
export function hasDisplay(env?: Record<string, string | undefined>, platform?: string): boolean
export function isJapanese(env?: Record<string, string | undefined>): boolean
export function readArguments(
  argv: string[],
  env?: Record<string, string | undefined>,
): { args: string[]; shell: string }
