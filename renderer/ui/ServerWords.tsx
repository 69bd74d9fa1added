/** The server's own words, as they came: code, enhanced code and text. */

import css from './ServerWords.module.css'

export function ServerWords({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long words scroll, so the keyboard must reach them
    <pre className={css.words} lang="" tabIndex={0}>
      {children}
    </pre>
  )
}
