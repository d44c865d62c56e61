/** Parts of addresses and paths that say where something lies, not what it is. */
export const locationWords: ReadonlySet<string> = new Set(
  `http https www com org net io dev edu gov co uk de fr app api blob tree main master head issues issue pull pulls
  commit commits compare wiki questions question discussions actions runs merge requests browse html htm php aspx index
  en us latest stable docs documentation home users user usr var tmp opt etc src lib dist build bin node modules
  packages workspace projects repos code desktop documents downloads localhost q a s r id view edit status`.split(
    /\s+/,
  ),
)
