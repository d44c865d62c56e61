/** How people begin before they come to the subject; matched in lower case at the start of what is left. */
export const openers: readonly RegExp[] = [
  /^(?:hi|hello|hey|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day))\b(?: (?:there|everyone|everybody|all|team|folks|guys|claude|q|again))?/,
  /^(?:ok|okay|so|well|now|and|also|but|actually|alright|right|yes|yeah|yep|no|nope|thanks|thank you|thx|great|perfect|cool|nice|hmm?|sorry|quick question|question)\b(?=[\s,.:;!-]|$)/,
  /^(?:please|pls|plz|kindly|just|maybe|basically|first|next|today)\b/,
  /^(?:(?:can|could|would|will|might) (?:you|u|ya|someone|anyone|anybody|we|i)|(?:do|would) you mind)\b(?: (?:please|pls|kindly|maybe|possibly|quickly|also|just))*/,
  /^(?:be able to|able to)\b/,
  /^(?:any )?(?:help|assist)(?:ing)?\b(?: (?:me|us))?(?: (?:with|to|in|on))?/,
  /^i(?:'?m| am| was|'?ve been| have been)? (?:want|need|would like|wanted|trying|plan|planning|wondering|hoping|looking|going|working|thinking|struggling|stuck|having|getting|seeing|facing|running)\b(?: (?:you|help|some help|trouble|problems?|issues?))?(?: (?:to|for|on|into|about|with|if|whether|of))*/,
  /^i(?:'d| would) (?:like|love|want)\b(?: you)?(?: to)?/,
  /^(?:i|we)(?:'ve| have)? (?:have|got|get|see|keep getting|keep seeing|think|guess|noticed|found)\b(?: (?:a|an|the|this|some|that))?/,
  /^(?:we|you)(?:'re| are)? (?:want|need|should|must|have|would like|going|trying|looking|planning)\b(?: to| for)*/,
  /^(?:there(?:'?s| is| are| seems to be)) (?:a|an|some|this|something)?\b/,
  /^(?:a |an |the |some |this )?(?:weird |strange |small |quick |big |odd |annoying )?(?:problems?|questions?|issues?|troubles?|bugs?)\b (?:with|about|in|on|regarding|where|when|that|is|here)\b/,
  /^(?:how|why|what|where|when|which|who)(?:'s|s| is| are| was| do| does| did| can| could| should| would| might| to| come)*\b(?: (?:i|we|you|it|this|that|one|my|our|the))?(?= |$)/,
  /^(?:the )?(?:best|right|easiest|recommended|proper|cleanest|correct|simplest) (?:way|approach|method|practice)s? (?:to|of|for)\b/,
  /^is (?:there|it|this)\b(?: (?:possible|any|a|some))*(?: way)?(?: to| of)?/,
  /^(?:do|does|did) (?:you|anyone|someone|we|i|it)(?: know| have| see)?\b/,
  /^(?:let(?:'?s| us))\b/,
  /^(?:figure|find|work) out\b/,
  /^(?:take|have) a (?:closer |quick )?look\b(?: (?:at|into|over))?/,
  /^(?:look|dig)(?:ing)? (?:at|into|over)\b/,
  /^(?:tell|show|give|teach|walk|guide|get|make|send|advise) (?:me|us)\b(?: (?:through|about|how|a|an|the|some))*/,
  /^(?:some |any )?(?:feedback|thoughts|ideas?|advice|suggestions?|opinions?) (?:on|about|for|regarding)\b/,
  /^(?:here(?:'?s| is| are)|this is|these are|below is|attached is)\b(?: (?:my|the|a|an|our|some))?/,
  /^(?:this|my|our|the following|these|that|following|some)(?: (?:js|python|java|go|sql))? (?:pull requests?|prs?|diffs?|patch|changes?|code|snippets?|functions?|errors?|messages?|issues?|problems?|bugs?|stack ?traces?|logs?|thing)\b/,
  /^(?:to|with|for|about|on|my|our|the|this|these|that|a|an|if|why|how|what|you|me|us)\b/,
]

/** What the assistant is asked to do, left out where somebody is asked to do it. */
export const requests =
  /^(?:debug|investigate|diagnose|troubleshoot|explain|understand|review|check|analy[sz]e|describe|summari[sz]e|look|think|brainstorm|discuss|solve|fix|do|write|create|build|implement|make|set|get|find|know|learn|plan|design|code|compare|suggest|recommend)\b(?= (?:a|an|the|this|these|that|my|our|me|us|why|how|what|where|which|when|following|some|and|new)\b)/
