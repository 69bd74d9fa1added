/** For the tests only: the scripts themselves are plain JavaScript. */
export function isInstalled(directory?: string): boolean
export function sourcesStamp(directory?: string): string
