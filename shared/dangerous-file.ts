/**
 * Which attached files run something on the reader's machine, told by their names as a system would read them. Pure.
 * Refuses to look inside, and to ask about what people send every day: documents, pictures, archives.
 */

/** `disguised`: the name shows another type than the file has. */
export type FileDanger = 'runs' | 'has-macros' | 'disguised'

/** What opens as a program, a script, an installer or a disk; also what large providers refuse for that reason. */
const RUNS: ReadonlySet<string> = new Set(
  [
    // Windows: programs, scripts, shortcuts, settings, installers
    'exe com scr pif cpl dll sys ocx drv bat cmd ps1 ps1xml ps2 psc1 psm1 psd1 msh vb vbe vbs js jse mjs ws wsf wsc wsh',
    'sct hta chm hlp lnk url scf shb shs reg inf ins isp msc msi msix msixbundle msp mst msu appx appxbundle',
    'application appref-ms gadget xll xbap ade adp mde jnlp jar diagcab diagcfg diagpkg settingcontent-ms',
    // macOS and Linux
    'app command workflow scpt scptd applescript action pkg mpkg dmg sh bash zsh csh ksh run desktop appimage deb rpm snap',
    'flatpakref py pyc pyw pyz pl',
    // Telephones; and images of disks, which are opened like folders
    'apk xapk aab ipa iso img vhd vhdx cab',
  ].flatMap(line => line.split(' ')),
)

const HAS_MACROS: ReadonlySet<string> = new Set(
  'docm dotm xlsm xltm xlam pptm potm ppam ppsm sldm'.split(' '),
)

/** Endings that say "this is only to be read". */
const LOOKS_HARMLESS: ReadonlySet<string> = new Set(
  'pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv jpg jpeg png gif heic webp svg tif tiff mp3 mp4 mov avi wav zip html htm eml'.split(
    ' ',
  ),
)

/** Turns the letters behind it around: `photo\u202egpj.exe` is shown as photoexe.jpg. */
const TURNS_LETTERS = /[\u202d\u202e\u2066-\u2068]/
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** What is to be feared of a file of this name; null for almost every file. */
export function dangerOfFile(name: string): FileDanger | null {
  // Windows reads a name without the dots and spaces at its end.
  const plain = name
    .replace(INVISIBLE, '')
    .replace(/[\s.]+$/, '')
    .toLowerCase()
  const endings = plain.split('.').map(ending => ending.trim())
  const ending = endings.length > 1 ? (endings.at(-1) ?? '') : ''
  const isActive = RUNS.has(ending) || HAS_MACROS.has(ending)
  if (!isActive) return null
  const shown = endings.length > 2 ? (endings.at(-2) ?? '') : ''
  if (TURNS_LETTERS.test(name) || LOOKS_HARMLESS.has(shown)) return 'disguised'
  return RUNS.has(ending) ? 'runs' : 'has-macros'
}
