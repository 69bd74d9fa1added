/**
 * Names in Latin letters: what makes two of them one (accents, short forms), and which are first names. Data and the
 * comparison over it; refuses to know a mail.
 */

/** Words of a name or of the part before the @, folded: without accents, ß and ue. */
export function foldedWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'a')
    .replace(/ł/g, 'l')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^a-z]+/)
    .map(word =>
      word
        .replace(/([aou])e(?=[^aeiou]|$)/g, '$1')
        .replace(/ou|oo|oh/g, 'o')
        .replace(/uu/g, 'u'),
    )
    .filter(word => word !== '')
}

/** The same word, the beginning of it (Dan, Daniel), or one letter other (Katherine, Kathrine). */
export function isSameLatin(left: string, right: string): boolean {
  if (left === right) return true
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  if (short.length >= 3 && (long.startsWith(short) || long.endsWith(short))) return true
  if (short.length >= 4 && short.slice(0, 3) === long.slice(0, 3)) return true
  return NICKNAMES.some(family => family.includes(left) && family.includes(right))
}

const NICKNAMES: readonly (readonly string[])[] = [
  'robert bob bobby rob robbie bert',
  'william bill billy will liam willy',
  'richard dick rick ricky rich',
  'edward ted ed eddie ned',
  'theodore ted teddy theo',
  'john jack johnny jon jonathan sean ivan',
  'james jim jimmy jamie',
  'charles chuck charlie carlos',
  'margaret peggy meg maggie greta rita',
  'elizabeth liz lizzie beth betty eliza lisa elsa ella libby',
  'anthony tony toni anton',
  'katherine catherine kate katie kathy cathy kat kitty karen',
  'alexander alex sasha sandy alec xander aleksandr alexandre alejandro alessandro',
  'alexandra alex sasha sandra',
  'michael mike mick mickey misha mikey',
  'joseph joe joey jo pepe josef beppe',
  'francis frank fran',
  'francisco paco pancho',
  'henry harry hank',
  'harold harry hal',
  'patricia pat patty trish',
  'patrick pat paddy',
  'susan sue suzy susie',
  'deborah debbie deb',
  'rebecca becky becca',
  'andrew andy drew',
  'daniel dan danny',
  'david dave',
  'steven stephen steve',
  'stefan steve',
  'lawrence larry',
  'gerald jerry gerry',
  'jerome jerry',
  'leonard len leo',
  'nicholas nick klaus nico',
  'peter pete',
  'philip phil',
  'ronald ron',
  'samuel sam',
  'samantha sam',
  'thomas tom tommy',
  'timothy tim',
  'victoria vicky tori',
  'virginia ginny',
  'dorothy dot dolly',
  'eugene gene',
  'frederick fred freddy fritz',
  'hans johannes johann hannes',
  'johannes jan',
  'josephine jo josie',
  'matthew matt',
  'melissa mel',
  'jennifer jen jenny',
  'jessica jess',
  'christopher chris kit',
  'christine chris tina',
  'christina chris tina',
  'augustus gus',
  'albert al bert',
  'allan al',
  'barbara barb babs',
  'cynthia cindy',
  'donald don',
  'douglas doug',
  'eleanor nell nora ellie',
  'helen nell ellen',
  'isabella bella izzy',
  'kenneth ken',
  'kenji ken',
  'kenichi ken',
  'louis lou',
  'louise lou',
  'mary molly polly mia',
  'maria mia',
  'martha patty',
  'nathaniel nat nate',
  'nancy ann',
  'pamela pam',
  'raymond ray',
  'sarah sally',
  'walter walt wally',
  'dmitri dima',
  'ekaterina katya',
  'yevgeny zhenya eugene',
  'vladimir vova volodya',
  'giuseppe beppe joe',
  'guillermo memo bill',
  'ignacio nacho',
  'enrique kike',
  'jesus chuy',
  'dolores lola',
  'wolfgang wolf',
  'sebastian basti seb bastian',
  'antonia toni',
].map(line => line.split(' ').flatMap(foldedWords))

/** "Bo", "JP" or "Jane" of somebody whose name begins so, or of whom one initial is known: it cannot be told. */
export function mayBeShort(greeted: readonly string[], all: readonly string[]): boolean {
  const first = greeted[0] ?? ''
  const isShort = greeted.length === 1 && first.length <= 3
  return all.some(word => word[0] === first[0] && (isShort || word.length === 1))
}

const GIVEN = new Set([
  ...NICKNAMES.flat(),
  ...(
    'aaron adam adrian agnes aiko aisha akira alan alice alicia alina amanda amelia amy ana andrea andreas angela anita anna anne annette ' +
    'antonio aoi arthur astrid axel beatrice ben benjamin bernd bernhard birgit bjorn brian bruno camille carl carla carmen caroline cecilia ' +
    'chiara chloe clara claire claudia claus colin cornelia daiki daisuke dana daniela dario diana diego dieter dirk dominik edith elena eli ' +
    'elias elke emil emily emma enzo eric erik erika esther ethan eva evelyn fabian felix fernando fiona florian franz frida fumiko gabriel ' +
    'gabriela george georg gerhard gloria grace greg guido gunter hana hanna hannah haruka haruki haruto heike heinz heinrich helena helga ' +
    'herbert hiroshi hiroko hugo ian ines inga ingrid irene isabel ivan jakob jana jane janet jean jens jeremy joanna jonas jorge jose juan ' +
    'judith julia julian julie jun jurgen justin kai kaori karin karl katharina katrin kazuki keiko kei kenta kevin klara kurt kyoko lars laura lea lena leon ' +
    'leonie lena lucas lucia luis luca lukas luke lydia mai maki makoto manuel manuela marc marcel marco marcus marie marina mario marion ' +
    'mark markus martin martina masako masato mathias matthias max mayumi megumi meike michiko miguel miho mika miki monica monika nadia nadine ' +
    'naoki naoko naomi natalie nathan nele nina noah nobuko nora norbert olaf oliver olivia oscar otto pablo paola paolo paul paula pedro ' +
    'petra pierre rachel rafael ralf ralph ramon regina reiko renate rene ricardo rita roberto roland rosa rudolf rui ruth ryan ryo sabine ' +
    'sachiko sakura sandra sara satoshi scott sergio shin shinji sho simon sofia sonia sophia sophie stephanie susanne sven sylvia takashi ' +
    'takeshi tanja taro tatsuya teresa theresa tobias tomoko tomoyuki toshio udo ulrich ursula ute uwe valentina vera veronica vincent volker ' +
    'werner wilhelm xavier yasuko yoko yoshiko yuka yuki yuko yumi yuri yusuke yuta yves zoe'
  )
    .split(' ')
    .flatMap(foldedWords),
])

/** Whether one of the words is a first name that we know. */
export const isGiven = (words: readonly string[]) => words.some(word => GIVEN.has(word))
