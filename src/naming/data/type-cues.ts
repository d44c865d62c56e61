import type { SessionType } from '../../domain/session.ts'

/** What tells the type of a session, and how strongly. */
export interface Cue {
  readonly type: SessionType
  readonly weight: number
  readonly pattern: RegExp
}

/** All that match count; what an opening asks for weighs more than what it mentions. */
export const typeCues: readonly Cue[] = [
  // A program says that something failed.
  cue(
    'Debug',
    4,
    /^[ \t]*(?:Traceback \(most recent|at [^\s(]+ ?\(.*:\d|Caused by:|goroutine \d+ \[|thread '.*' panicked|npm ERR!|panic:|fatal:|segmentation fault)/im,
  ),
  cue(
    'Debug',
    4,
    /^[ \t]*(?:\S+ )?(?:[\w.]*(?:Error|Exception)(?<=[A-Z]\w{0,60}(?:Error|Exception))|error(?:\[\w+\])?|uncaught \w+)[ \t]*:/m,
  ),
  cue(
    'Debug',
    3,
    /\b[A-Z]\w*(?:Error|Exception)\b|\bAccess ?Denied\b|\bE(?:CONN|ADDR|ACCES|NOENT|PERM|RESOLVE)\w*|\b(?:SIG[A-Z]{3,4}|OOMKilled|CrashLoopBackOff|ImagePullBackOff)\b/,
  ),
  cue(
    'Debug',
    3,
    /\b(?:exit(?:s|ed|ing)?(?: \w+){0,3} [1-9]\d*|(?:status|http|error|returns?|gives?|get|getting|throws?|with) (?:code )?(?:a |an )?[45]\d\ds?\b|[45]\d\d (?:error|response|bad|internal|not found|forbidden))/i,
  ),
  // Somebody does.
  cue('Debug', 4, /\b(?:debug(?:ging)?|troubleshoot\w*|diagnos\w+|root[- ]cause)\b/i),
  cue(
    'Debug',
    3,
    /\b(?:stack ?traces?|core dumps?|crash(?:es|ed|ing)?|segfault\w*|deadlock\w*|memory leaks?|leak(?:s|ing)? memory|race conditions?|infinite loop|data ?loss|regress(?:ion|ed))\b/i,
  ),
  cue(
    'Debug',
    2,
    /\b(?:errors?|fails?|failing|failed|failure|exceptions?|bugs?|buggy|broken|breaks|hangs?|hanging|froze|freez(?:es|ing)|flaky|stuck|timing out|times? out|timed out|wrong|incorrect(?:ly)?|unexpected(?:ly)?|weird)\b/i,
  ),
  cue(
    'Debug',
    3,
    /\b(?:(?:is|are|was|were|do|does|did|has|have|can|could|wo|wi?ll)(?:n'?t| not)(?: \w+)? (?:work|working|load|loading|start|starting|run|running|compile|compiling|build|render|rendering|connect|respond|return|show|showing|update|updating|found|recogni[sz]ed|open|save|find|resolve)|cannot (?:find|connect|read|open|resolve|import|start))\b/i,
  ),
  cue(
    'Debug',
    3,
    /\bwhy (?:does|do|did|is|are|was|were|isn'?t|aren'?t|won'?t|doesn'?t|don'?t|can'?t|would|am|my|the|it)\b/i,
  ),
  cue(
    'Debug',
    2,
    /\b(?:figure out|find out|track down|investigate|look into|what(?:'s| is) (?:going on|happening|causing|wrong)|what causes|stopped working|no longer works?)\b/i,
  ),
  cue('Debug', 2, /\b(?:fix(?:es|ing)?|solve|repair|resolve) (?:the|this|that|a|an|my|our|these)\b/i),
  cue(
    'Debug',
    2,
    /\b(?:(?:is|are|am)(?:n'?t| not) \w+ing|never (?!mind|been|again)\w+s|slow(?:ly|er|ness)?|bottlenecks?|permission denied|refused|unreachable|out of memory|disconnect(?:s|ed|ing)|intermittent(?:ly)?|(?:do|does|did)(?:n'?t| not) (?!want|need|have to|know|understand|care)\w+|[45]\d\ds?(?= from| on| behind)|(?:is|are|went|goes) (?:down|red|up again|missing|blank|empty|gone|off)|suddenly|all of a sudden)\b/i,
  ),
  cue(
    'Debug',
    2,
    /\b(?:fehler|geht nicht|funktioniert nicht|warum|absturz|erreur|ne (?:marche|fonctionne|demarre|démarre) pas|pourquoi|no funciona|falla|por qu[eé]|ошибк\w*|почему|не работает)|报错|错误|エラー|バグ/i,
  ),

  cue(
    'CodeReview',
    6,
    /^(?:[^.?!]{0,60}\b)?(?:code )?review(?:ing)? (?:(?:of|for|on) )?(?:my|this|the|these|our|that|following|below|his|her|their|[\w-]+'s|pr|mr|pull|merge|#?\d+|code|changes?|diff|https?:)/i,
  ),
  cue(
    'CodeReview',
    5,
    /\bcode[- ]?reviews?\b|\breview (?:it|please|and comment)\b|^(?:please |pls )?review\b/i,
  ),
  cue(
    'CodeReview',
    4,
    /\b(?:feedback|thoughts|opinions?|comments?|second (?:pair of )?eyes?|critique|suggestions?) (?:on|about|for|to) (?:\w+ ){0,3}(?:code|pr|pull request|mr|merge request|diff|patch|change|changes|commit|branch|implementation|function|class|module|refactoring|snippet|solution)\b/i,
  ),
  cue(
    'CodeReview',
    4,
    /\b(?:(?:look|check|go|read|walk) (?:at|over|through|into)|check|audit|inspect|critique|approve) (?:\w+ ){0,2}(?:pr|pull request|mr|merge request|diff|patch|code|commit|commits|branch|function|class|module|changes)\b/i,
  ),
  cue('CodeReview', 5, /^(?:diff --git |@@ -\d+|\+\+\+ b\/|index [0-9a-f]{7,}\.\.)/m),
  cue(
    'CodeReview',
    3,
    /\b(?:is|does) (?:this|my) (?:code|function|implementation|class|approach|query|snippet|change) (?:\w+ )?(?:ok|okay|good|fine|correct|idiomatic|safe|clean|secure|readable|look (?:ok|okay|good|right|fine))\b|\b(?:improve|change|cleaner?) (?:in|about|on) (?:this|my)\b|\bwhat do you (?:think|say) (?:of|about) (?:this|my)\b|\bcode smells?\b|\blgtm\b|\bnitpick/i,
  ),
  cue(
    'CodeReview',
    2,
    /\b(?:pull request|merge request|PR ?#?\d+|MR ?!?\d+|this (?:pr|diff|patch|commit))\b|\/(?:pull|merge_requests)\/\d+/i,
  ),

  cue(
    'Planning',
    5,
    /^(?:[^.?!]{0,40}\b)?(?:plan|planning|roadmap|brainstorm|outline|sketch|architect|propose|scope|estimate|break down)(?: out)? (?:a|an|the|this|that|my|our|how|for|some|out|of|migration|work|new)\b/i,
  ),
  cue(
    'Planning',
    4,
    /\b(?:roadmaps?|milestones?|architectur\w+|brainstorm\w*|design doc\w*|rfc|adr|trade-?offs?|pros and cons|proposal|requirements|user stories|backlog|sprint|strategy|feasib\w+)\b/i,
  ),
  cue(
    'Planning',
    4,
    /\bhow (?:should|would|could|might|do) (?:we|i|you|one) (?:best )?(?:plan|design|structure|architect|approach|organi[sz]e|split|go about|model|migrate|scale|lay out|tackle|prioriti[sz]e|roll out|introduce|handle)\b/i,
  ),
  cue(
    'Planning',
    4,
    /\b(?:compare|comparison (?:of|between)|evaluate|choose between|decide (?:between|on|whether|if)|which (?:\w+ ){0,3}(?:should (?:i|we)|is better|would you)|(?:should (?:we|i)|we should|^should) (?:use|choose|go with|pick|switch|move|migrate|split|adopt|build)|options? for|alternatives? (?:to|for)|versus|\bvs\.?)(?=\W|$)/i,
  ),
  cue('Planning', 5, /^(?:[^.?!]{0,50}\b)?(?:design|redesign) (?:a|an|the|this|our|my|for|of)\b/i),
  cue(
    'Planning',
    2,
    /\b(?:plan|planning|design|approach|best way to (?:structure|organi[sz]e|design|split|model|scale)|next steps|(?:what|which) steps|high[- ]level|long[- ]term|phases?|steps? to take|think through|ideas? for|next quarter|estimate)\b/i,
  ),
  cue(
    'Planning',
    3,
    /\b(?:architektur|entwurf|planen|konzept|planifier|concevoir|conception|planificar|disenar|diseñar|arquitectura|архитектур\w*|спланир\w*)\b|设计|架构|設計|计划/i,
  ),

  cue(
    'Development',
    5,
    /^(?:(?:how|what|where)\b[^.?!]{0,30}\b(?:to|i|we|you) |(?:[^.?!]{0,30} )?to )?(?:implement|write|create|build|add|generate|refactor|convert|port|rename|extract|migrate|upgrade|set ?up|configure|install|deploy|make|scaffold|develop|extend|integrate|replace|remove|translate|bump|document|optimi[sz]e|log|handle|use|support|show|change|move|allow|adapt|print|parse)\b(?!:| (?:fails?|failing|is|was|are|hangs?|breaks?|broke|keeps?|times?|takes|crash\w*|does|doesn't|never|won't|not|stuck|gets?|got)\b)/i,
  ),
  cue('Development', 2, /\b(?:unit tests?|endpoint|feature|script|dockerfile|component)\b/i),
]

function cue(type: SessionType, weight: number, pattern: RegExp): Cue {
  return { type, weight, pattern }
}
