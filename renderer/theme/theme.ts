/**
 * Mantine in our own clothes: every colour, radius and shadow of it is one of theme/tokens.css.
 * Refuses Mantine's palettes: a colour name that is not ours falls back to ink.
 */

import {
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  type VariantColorsResolver,
} from '@mantine/core'

function tuple(name: 'seal' | 'green' | 'indigo' | 'gold'): MantineColorsTuple {
  const soft = `var(--${name}-soft)`
  const full = `var(--${name})`
  return [soft, soft, soft, full, full, full, full, full, full, full]
}

const INK: MantineColorsTuple = [
  'var(--hover)',
  'var(--hover)',
  'var(--line)',
  'var(--edge)',
  'var(--ink-3)',
  'var(--ink-2)',
  'var(--ink)',
  'var(--ink)',
  'var(--ink)',
  'var(--ink)',
]

const GREYS: MantineColorsTuple = [
  'var(--hover)',
  'var(--hover)',
  'var(--line)',
  'var(--line)',
  'var(--edge)',
  'var(--ink-3)',
  'var(--ink-2)',
  'var(--ink)',
  'var(--ink)',
  'var(--ink)',
]

const DARKS: MantineColorsTuple = [
  'var(--ink)',
  'var(--ink-2)',
  'var(--ink-3)',
  'var(--edge)',
  'var(--line)',
  'var(--select)',
  'var(--raised)',
  'var(--paper)',
  'var(--paper)',
  'var(--paper)',
]

const OURS = new Set(['seal', 'green', 'indigo', 'gold'])

/** `filled` is ink on paper unless it is seal, the colour of sending. */
const variantColors: VariantColorsResolver = ({ color, variant }) => {
  const name = color !== undefined && OURS.has(color) ? color : null
  const full = name === null ? 'var(--ink)' : `var(--${name})`
  const soft = name === null ? 'var(--hover)' : `var(--${name}-soft)`
  switch (variant) {
    case 'filled':
      return {
        background: full,
        hover: name === 'seal' ? 'var(--seal-strong)' : `color-mix(in srgb, ${full} 88%, var(--paper))`,
        color: name === 'seal' ? 'var(--seal-ink)' : 'var(--paper)',
        border: '1px solid transparent',
      }
    case 'light':
      return { background: soft, hover: soft, color: full, border: '1px solid transparent' }
    case 'subtle':
    case 'transparent':
      return { background: 'transparent', hover: soft, color: full, border: '1px solid transparent' }
    default:
      return {
        background: 'var(--raised)',
        hover: 'var(--hover)',
        color: full,
        border: '1px solid var(--line)',
      }
  }
}

export const theme = createTheme({
  fontFamily: 'var(--face)',
  fontFamilyMonospace: 'var(--face-mono)',
  headings: { fontFamily: 'var(--face)', fontWeight: '650' },
  primaryColor: 'ink',
  primaryShade: 6,
  autoContrast: false,
  colors: {
    ink: INK,
    seal: tuple('seal'),
    green: tuple('green'),
    indigo: tuple('indigo'),
    gold: tuple('gold'),
    red: tuple('seal'),
    // Mantine's greys, light and dark, are ours too; what has no style of its own falls back to these.
    gray: GREYS,
    dark: DARKS,
  },
  variantColorResolver: variantColors,
  defaultRadius: 8,
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '28px' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '15px', xl: '17px' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.5', lg: '1.5', xl: '1.4' },
  shadows: {
    xs: 'var(--shadow-card)',
    sm: 'var(--shadow-card)',
    md: 'var(--shadow-float)',
    lg: 'var(--shadow-float)',
    xl: 'var(--shadow-float)',
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: Button.extend({ defaultProps: { variant: 'default', size: 'sm' } }),
    // White on a light box could not be seen: the tick has the colour of the paper in both themes.
    Checkbox: Checkbox.extend({ defaultProps: { iconColor: 'var(--raised)' } }),
    Menu: Menu.extend({
      defaultProps: { shadow: 'md', radius: 10, transitionProps: { transition: 'pop', duration: 120 } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        radius: 14,
        centered: true,
        overlayProps: { color: 'var(--veil)', backgroundOpacity: 1 },
        styles: {
          content: { background: 'var(--raised)', boxShadow: 'var(--shadow-float)' },
          header: { background: 'var(--raised)' },
          title: { fontSize: 16, fontWeight: 650 },
        },
        transitionProps: { transition: 'pop', duration: 150 },
      },
    }),
  },
})

const SHARED = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--indigo)',
  '--mantine-color-error': 'var(--seal)',
  '--mantine-color-disabled': 'var(--hover)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
}

/**
 * The same in both schemes, as the tokens themselves know light from dark; but what Mantine calls white is a ground in
 * the light scheme and a text in the dark one.
 */
export const mantineVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...SHARED, '--mantine-color-white': 'var(--surface)', '--mantine-color-black': 'var(--ink)' },
  dark: { ...SHARED, '--mantine-color-white': 'var(--ink)', '--mantine-color-black': 'var(--paper)' },
})
