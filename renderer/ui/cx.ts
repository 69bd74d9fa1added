/** Class names of CSS modules joined into one string; what is false or missing falls out. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
