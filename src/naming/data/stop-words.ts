/** Words that never carry a name: grammar in English, as it stands after apostrophes are taken out. */
export const functionWords = words(`
a about above after again against all along already also although always am among an and another any anyone
anything are arent around as at away be because become been before being below between both but by came can cannot
cant come could couldnt did didnt do does doesnt doing done dont down during each either else etc even ever every
everything few for from further get gets getting go goes going gone got had hadnt has hasnt have havent having he
hence her here hers him his how however i id if ill im in instead into is isnt it its itself ive just least less
let lets like made many may maybe me might mine more most much must my myself neither never no nor not nothing now
of off often on once one only onto or other others otherwise our ours out over own per perhaps quite rather really
same shall she should shouldnt since so some somehow someone something sometimes still such than that thats the
their theirs them then there theres these they theyre this those though through thus till to too toward towards
under unless until up upon us very via was wasnt we well were werent weve what whats whatever when whenever where
whether which while who whom whose why will with within without wont would wouldnt yes yet you youd youll your
youre yours youve
`)

/** Words of a chat, not of its subject: politeness, chatter and the ways to ask for something. */
export const chatWords = words(`
actually anyway basically bit bro btw cheers dear dude everybody evening folks good great greetings guys hallo hello
help helpful hey hi hola hopefully kindly kinda lot lots mate morning nice ok okay please pls plz question
questions quick quickly simply somewhat sorry sort stuff suddenly sup team thank thanks thx tho today
trying tried tries ty weird wondering yeah yep yo
able apparently asap assist assistant bonjour certainly claude confused currently exactly explain
figure getting gonna gotta guess guide happen happens happening hear honestly idea ideas know literally look looking looks
mean means need needed needs obviously ping possibly pretty probably problem problems see seeing seem seems somewhere
stuck sure tell think thing things thought understand wanna want wanted wants whole wonder work worked working works
xd lol hmm hm uh um oh ah wow nope test123 asdf foo bar baz blah
`)

/** What most sessions are for, and so says nothing about one of them. */
export const taskWords = words(`
fix fixes fixed fixing add adds added adding addition update updates updated updating
`)

/** Grammar of other languages, to be left out of a message that is written in them. */
export const foreignFunctionWords: Readonly<Record<string, ReadonlySet<string>>> = {
  de: words(`
aber alle allem allen als also am an auch auf aus bei beim bin bis bist bitte da damit dann das dass dein deine dem
den der des die dies diese diesem diesen dieser doch dort du durch ein eine einem einen einer eines er es etwas
euch fur ganz gegen geht gerade gibt hab habe haben hallo hast hat helfen hilf hilfe hier ich ihm ihn ihr im immer
in ins ist ja jetzt kann kannst kein keine konnen konnten kannten mal man mein meine meinem meinen meiner mich mir
mit mochte muss nach nicht noch nun nur ob oder ohne schon sehr sein seine seit sich sie sind so soll sollen sollte
uber um und uns unser unsere vom von vor wann warum was weil wenn wer werden wie wieder will wir wird wo wurde zu zum zur
finden erstellen bauen schreiben funktioniert mache machen macht guten tag danke jemand
`),
  fr: words(`
ai aide aider aidez ainsi alors as au aussi autre aux avais avait avec avez avoir avons bien bonjour c ca ce cela ces
cet cette chez comme comment d dans de des donc du elle en encore es est et ete etre eu faire fais fait faut il ils
j je l la le les leur lui m ma mais me merci mes moi mon n ne ni nos notre nous on ou par pas peu peut peux plait
plus pour pourquoi pouvez pourrais pourriez qu quand que quel quelle quelles qui quoi s sa salut sans se sera ses si
son sont sous suis sur t ta te tes toi ton tous tout toute tres tu un une vers veux voudrais voici vos votre vous y
fonctionne marche besoin
`),
  es: words(`
a al algo ante ayuda ayudame ayudar bien buenas buenos como con cual cuando de del desde dia dias donde el ella en
entre era eres es esa ese eso esta estan estar este esto estoy favor fue funciona gracias ha hace hacer hacia han
hasta hay hola la las le les lo los mas me mi mis muy necesito ni no nos o otra otro para pero poder por porque
puede puedes puedo que quiero se ser si sin sobre solo son soy su sus tambien te tengo ti tiene todo todos tu un una
uno unos usted y ya yo podrias
`),
  pt: words(`
ao aos as ate bom com como da das de dela dele depois do dos e ela ele em entre era essa esse esta estou eu foi
funciona gostaria isso isto ja la mais mas me meu minha muito na nao nas nem no nos o obrigado ola onde os ou para
pela pelo pode podem poderia por porque posso preciso quando que quero sao se sem ser seu sua tambem tem tenho um uma
voce ajuda ajudar
`),
  it: words(`
a ad ai al alla anche aiuto aiutare aiutarmi buongiorno che chi ciao come con cosa da dal dalla degli dei del
della delle di dove e ed essere gli grazie ha hai ho i il in io la le lo loro ma mi mia mio molto nel nella non o per
perche piu posso puoi puo quando quello questa questo se sei si sono su sua suo tra un una uno voglio vorrei funziona
`),
  nl: words(`
aan als bij dan dat de deze die dit doe door een en er graag heb hebben heeft help het hij hoe hoi ik in is je kan
kun kunnen maar me met mij mijn moet naar niet nog nu of om ons onze ook op over te tot uit van voor waarom was wat
we werkt wie wij wil worden zijn zo zou alsjeblieft
`),
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
