/**
 * The function words that the yardstick leaves out: a plain list of English grammar of its own, so that a
 * change to the product's stop words cannot change the measure.
 */
export const functionWords = new Set(
  `a about above after again against all also an and any are as at be because been before being below between both
  but by can could did do does doing done during each every for from further had has have having he her here him his
  how i if in into is it its just may me might more most must my no nor not of off on once only onto or other our out
  over own per same shall she should so some such than that the their them then there these they this those through
  to too under until up upon us very via was we were what when where which while who whom whose why will with within
  without would yet you your`
    .trim()
    .split(/\s+/),
)
