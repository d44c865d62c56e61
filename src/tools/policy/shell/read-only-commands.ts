import { awkScript, sedScript } from './scripts.ts'

/**
 * What is known of a program that people trust because it only reads. Options are words: `-abc` are letters, `-n:` one
 * with a value, `-U?` one whose value stands in the same word, `-#` digits; `--name`, or `--name:` with a value that may
 * stand in a word of its own. What is in none of the lists is not known.
 */
export interface Reading {
  reads?: string
  writes?: string
  runs?: string
  /** Of options that are whole words behind one dash or two: `-name`, `-run=x`. */
  whole?: true
  /** `--` ends no options. */
  noEnd?: true
  /** Judges what is left when options are taken out; where there is `under`, only what has none of it. */
  words?: ((operands: readonly string[], options: readonly Option[]) => Doubt | undefined) | undefined
  /** The first operand is one of these. */
  under?: Readonly<Record<string, Reading>>
}

export interface Option {
  name: string
  value: string | undefined
}

/** A word that does more than read, or may. */
export interface Doubt {
  word: string
  why: string
}

export const changes = 'writes or changes something'

const help = '--help --version'
const colour = '--color --colour'

const onlyReads: Reading = {}

/** At most so many operands: one more is written to. */
const atMost =
  (most: number): Reading['words'] =>
  (operands) => {
    const word = operands[most]
    return word === undefined ? undefined : { word, why: 'is a file that it writes' }
  }

/** Nothing but options: an operand makes, changes or sets something, unless one of `lists` is there. */
const noOperands =
  (why: string, lists: readonly string[] = []): Reading['words'] =>
  ([word], options) =>
    word === undefined || options.some(({ name }) => lists.includes(name)) ? undefined : { word, why }

const ls: Reading = {
  reads: `-aAbBcCdDfFgGhHikKlLmnNopqQrRsStuUvxXZ1@eO -I: -T: -w: --all --almost-all --author --escape --block-size:
    --ignore-backups ${colour} --directory --dired --classify --file-type --format: --full-time
    --group-directories-first --no-group --human-readable --si --dereference-command-line --hide: --hyperlink
    --indicator-style: --inode --ignore: --kibibytes --dereference --numeric-uid-gid --literal --hide-control-chars
    --show-control-chars --quote-name --quoting-style: --reverse --recursive --size --sort: --time: --time-style:
    --tabsize: --width: --context --zero ${help}`,
}
const lines: Reading = {
  reads: `-# -c: -n: -qvzrF -f -s: --bytes: --lines: --quiet --silent --verbose --zero-terminated --follow --pid:
    --retry --sleep-interval: --max-unchanged-stats: ${help}`,
}
const grep: Reading = {
  reads: `-# -EFGPivwxclLoqsnHhbTUzZaIrRyu -e: -f: -m: -A: -B: -C: -d: -D: --extended-regexp --fixed-strings
    --basic-regexp --perl-regexp --regexp: --file: --ignore-case --no-ignore-case --invert-match --word-regexp
    --line-regexp --count ${colour} --files-with-matches --files-without-match --max-count: --only-matching --quiet
    --silent --no-messages --byte-offset --with-filename --no-filename --label: --line-number --initial-tab --null
    --null-data --after-context: --before-context: --context: --text --binary-files: --devices: --directories:
    --exclude: --exclude-from: --exclude-dir: --include: --recursive --dereference-recursive --line-buffered --binary
    --unix-byte-offsets --group-separator: ${help}`,
}
const find: Reading = {
  whole: true,
  noEnd: true,
  reads: `H L P O0 O1 O2 O3 D: and a or o not true false daystart depth d follow ignore_readdir_race maxdepth: mindepth:
    mount xdev noleaf nowarn warn regextype: amin: anewer: atime: cmin: cnewer: ctime: empty executable fstype: gid:
    group: ilname: iname: inum: ipath: iregex: iwholename: links: lname: mmin: mtime: name: newer: newerXY: newermt:
    newerat: newerct: newermm: newerma: newermc: newerBt: nogroup nouser path: perm: print print0 printf: prune quit
    readable regex: samefile: size: type: uid: used: user: wholename: writable xtype: ls context: E X f: x s
    help version`,
  writes: 'delete fprint: fprint0: fprintf: fls:',
  runs: 'exec: execdir: ok: okdir:',
}
const diff: Reading = {
  reads: `-# -qsyburaBbdEeHiNnpPrstTwZc -C: -U: -W: -D: -F: -I: -L: -S: -x: -X: --normal --brief
    --report-identical-files --context --unified --ed --rcs --side-by-side --width: --left-column
    --suppress-common-lines --show-c-function --show-function-line: --label: --expand-tabs --initial-tab --tabsize:
    --suppress-blank-empty --recursive --no-dereference --new-file --unidirectional-new-file --ignore-file-name-case
    --exclude: --exclude-from: --starting-file: --from-file: --to-file: --ignore-case --ignore-tab-expansion
    --ignore-trailing-space --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-matching-lines:
    --text --strip-trailing-cr --ifdef: --minimal --horizon-lines: --speed-large-files ${colour} --palette: ${help}`,
  runs: '-l --paginate',
}
const sums: Reading = {
  reads: `-bctwz -a: -l: --binary --check --text --tag --zero --ignore-missing --quiet --status --strict --warn
    --algorithm: --length: ${help}`,
}

const bat: Reading = {
  reads: `-# -AnpPufdh -l: -m: -H: -r: -L --show-all --plain --language: --highlight-line: --file-name: --diff
    --diff-context: --tabs: --wrap: --chop-long-lines --terminal-width: --number --color: --italic-text: --decorations:
    --force-colorization --paging: --no-paging --map-syntax: --theme: --list-themes --squeeze-blank --style: --line-range:
    --list-languages --unbuffered ${help}`,
  runs: '--pager: --lessopen',
}
const ag: Reading = {
  reads: `-# -acDfFgGHhiLlnQRrSsuUvVwz0 -A: -B: -C: -m: -p: -W: --after: --before: --context: --count --color --nocolor
    --column --filename --nofilename --heading --noheading --files-with-matches --files-without-matches --numbers
    --nonumbers --only-matching --print-long-lines --silent --vimgrep --null --all-types --depth: --follow --hidden
    --ignore: --ignore-dir: --ignore-case --literal --fixed-strings --max-count: --path-to-ignore: --unrestricted
    --skip-vcs-ignores --invert-match --word-regexp --smart-case --case-sensitive --break --nobreak --group --nogroup
    ${help}`,
  runs: '--pager:',
}
/** Asks a server for something, and shows it. */
const curl: Reading = {
  reads: `-# -sSLfgiIvkGaNjlq46jM0123RZ -A: -b: -e: -H: -m: -r: -w: -y: -Y: --silent --show-error --location --fail
    --fail-with-body --globoff --include --head --verbose --insecure --get --user-agent: --header: --referer: --max-time:
    --connect-timeout: --retry: --retry-delay: --retry-max-time: --retry-connrefused --range: --compressed --no-buffer
    --progress-bar --http1.0 --http1.1 --http2 --http3 --ipv4 --ipv6 --tlsv1.2 --tlsv1.3 --url: --write-out: --proto:
    --max-redirs: --no-progress-meter --location-trusted ${help}`,
  writes: `-o: -O -J -c: -D: -T: -d: -F: -X: -C: -Q: --output: --remote-name --remote-name-all --remote-header-name
    --output-dir: --cookie-jar: --dump-header: --upload-file: --data: --data-raw: --data-binary: --data-urlencode:
    --data-ascii: --json: --form: --form-string: --request: --trace: --trace-ascii: --stderr: --etag-save: --hsts:
    --alt-svc: --libcurl: --quote: --create-dirs --append --mail-from: --mail-rcpt: --continue-at:`,
  runs: '-K: -E: -u: -x: -U: -n --config: --engine: --netrc --netrc-file: --cert: --key: --user: --proxy: --unix-socket: --abstract-unix-socket: --variable: --resolve: --connect-to: --doh-url:',
}

/** What `git log` and its like have in common. */
const gitLog = `-# -pszuqbwWamcivrtRlgFEPD -n: -U: -S: -G: -L: -O: -M? -C? -B? -X? -l: --oneline --graph --all --branches
  --tags --remotes --glob: --exclude: --decorate --decorate-refs: --decorate-refs-exclude: --clear-decorations --source
  --patch --no-patch --raw --patch-with-raw --patch-with-stat --stat --stat-width: --stat-name-width: --stat-count:
  --stat-graph-width: --compact-summary --numstat --shortstat --dirstat --dirstat-by-file --cumulative --summary
  --name-only --name-status --submodule ${colour} --color-moved --color-moved-ws: --word-diff --word-diff-regex:
  --color-words --rename-empty --check --full-index --binary --abbrev --abbrev-commit --break-rewrites --find-renames
  --find-copies --find-copies-harder --irreversible-delete --diff-filter: --find-object: --pickaxe-all
  --pickaxe-regex --skip-to: --rotate-to: --relative --text --ignore-cr-at-eol --ignore-space-at-eol
  --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-matching-lines: --inter-hunk-context:
  --function-context --exit-code --quiet --ignore-submodules --src-prefix: --dst-prefix: --no-prefix --default-prefix
  --line-prefix: --ita-invisible-in-index --ita-visible-in-index --unified: --minimal --patience --histogram --anchored:
  --diff-algorithm: --diff-merges: --combined-all-paths --cc --remerge-diff --merge-base --indent-heuristic
  --max-count: --skip: --since: --since-as-filter: --after: --until: --before: --author: --committer: --grep-reflog:
  --grep: --all-match --invert-grep --regexp-ignore-case --basic-regexp --extended-regexp --fixed-strings
  --perl-regexp --remove-empty --merges --no-merges --min-parents: --max-parents: --first-parent
  --exclude-first-parent-only --not --reflog --alternate-refs --single-worktree --ignore-missing --bisect --cherry-mark
  --cherry-pick --left-only --right-only --cherry --walk-reflogs --merge --boundary --simplify-by-decoration
  --show-pulls --full-history --dense --sparse --simplify-merges --ancestry-path --date-order --author-date-order
  --topo-order --reverse --no-walk --do-walk --pretty --format: --encoding: --expand-tabs --notes --show-notes
  --standard-notes --relative-date --date: --parents --children --left-right --log-size --follow --full-diff --mailmap
  --use-mailmap --staged --cached --no-index --base --ours --theirs --no-renames --root --no-commit-id --objects
  --count --timestamp --left-right --stdin --header --no-color --end-of-options`
const gitWrites = '--output:'
const gitRuns = '--ext-diff --textconv --show-signature'
const gitDiff: Reading = { reads: gitLog, writes: gitWrites, runs: gitRuns }

const git: Reading = {
  reads:
    '--no-pager --no-optional-locks --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-replace-objects --no-lazy-fetch --no-advice -v -P --version',
  runs: '-c: -C: -p --paginate --config-env: --exec-path --git-dir: --work-tree: --namespace: --super-prefix: --attr-source:',
  under: {
    log: gitDiff,
    show: gitDiff,
    diff: gitDiff,
    whatchanged: gitDiff,
    'rev-list': gitDiff,
    'diff-tree': gitDiff,
    'diff-index': gitDiff,
    'diff-files': gitDiff,
    shortlog: {
      reads: `${gitLog} -sne -w? --numbered --summary --email --group:`,
      writes: gitWrites,
      runs: gitRuns,
    },
    status: {
      reads: `-sbvuz -u? --short --branch --show-stash --porcelain --long --verbose --untracked-files --ignore-submodules
        --ignored --column --ahead-behind --renames --find-renames --null`,
    },
    blame: {
      reads: `-lbcstfnewpCM -L: -S: -M? -C? --root --show-stats --reverse --first-parent --porcelain --line-porcelain
        --incremental --encoding: --date: --progress --color-lines --color-by-age --ignore-rev: --ignore-revs-file:
        --abbrev --show-name --show-number --show-email --score-debug --minimal`,
      runs: '--contents: --textconv',
    },
    grep: {
      reads: `-# -viwahIrEGPFnlLczopWqe -e: -f: -A: -B: -C: -m: --cached --untracked --no-index --exclude-standard
        --recurse-submodules --text --ignore-case --invert-match --word-regexp --full-name --extended-regexp
        --basic-regexp --perl-regexp --fixed-strings --line-number --column --files-with-matches --name-only
        --files-without-match --null --only-matching --count ${colour} --break --heading --show-function --context:
        --after-context: --before-context: --function-context --max-count: --threads: --and --or --not --all-match
        --quiet --max-depth: --recursive`,
      runs: '-O? --open-files-in-pager --textconv --ext-grep',
    },
    'ls-files': {
      reads: `-cdmosukztvf -x: -X: --cached --deleted --modified --others --ignored --stage --unmerged --killed
        --resolve-undo --directory --no-empty-directory --exclude: --exclude-from: --exclude-per-directory:
        --exclude-standard --error-unmatch --with-tree: --full-name --recurse-submodules --abbrev --debug --eol
        --deduplicate --format: --sparse`,
    },
    'ls-tree': {
      reads:
        '-drtlz --name-only --name-status --abbrev --full-name --full-tree --object-only --long --format:',
    },
    'rev-parse': {
      reads: `-q --verify --quiet --short --abbrev-ref --symbolic --symbolic-full-name --show-toplevel --show-prefix
        --show-cdup --git-dir --absolute-git-dir --git-common-dir --git-path: --is-inside-work-tree
        --is-inside-git-dir --is-bare-repository --is-shallow-repository --show-superproject-working-tree
        --show-object-format --show-ref-format --path-format: --all --branches --tags --remotes --glob: --exclude:
        --since: --after: --until: --before: --revs-only --no-revs --flags --no-flags --default: --prefix: --sq --not
        --disambiguate: --end-of-options --local-env-vars --shared-index-path`,
    },
    describe: {
      reads: `--dirty --broken --all --tags --contains --abbrev --candidates: --exact-match --debug --long --match:
        --exclude: --always --first-parent`,
    },
    branch: {
      reads: `-arvqil --all --remotes --verbose --quiet --list --show-current --column --sort: --abbrev --contains:
        --no-contains: --merged: --no-merged: --points-at: --format: ${colour} --ignore-case --omit-empty`,
      writes: `-dDmMcCft -u: --delete --move --copy --force --track --set-upstream-to: --unset-upstream
        --create-reflog`,
      runs: '--edit-description',
      words: noOperands('makes a branch', ['--list']),
    },
    tag: {
      reads: `-lin? --list --sort: --contains: --no-contains: --merged: --no-merged: --points-at: --format: --column
        ${colour} --ignore-case --omit-empty`,
      writes: '-afd -m: -F: --annotate --force --delete --message: --file: --create-reflog',
      runs: '-s -u: -v -e --sign --local-user: --verify --edit',
      words: noOperands('makes a tag', ['-l', '--list']),
    },
    remote: {
      reads: '-v --verbose',
      under: { show: { reads: '-n' }, 'get-url': { reads: '--push --all' }, '': onlyReads },
    },
    stash: {
      words: () => ({ word: 'stash', why: changes }),
      under: {
        list: gitDiff,
        show: { reads: `${gitLog} --include-untracked --only-untracked`, writes: gitWrites, runs: gitRuns },
      },
    },
    reflog: { ...gitDiff, under: { show: gitDiff, list: onlyReads, exists: onlyReads, '': gitDiff } },
    worktree: { under: { list: { reads: '-vz --verbose --porcelain' } } },
    config: {
      reads: `-lz --get --get-all --get-regexp --get-urlmatch --get-color --get-colorbool --list --global --system --local
        --worktree --show-origin --show-scope --name-only --null --type: --bool --int --path --includes --all --value:
        --default: --regexp --url: --fixed-value`,
      writes: '--add --replace-all --unset --unset-all --rename-section --remove-section',
      runs: '-e --edit -f: --file: --blob:',
      words: ([first = '', second], options) => {
        if (/^(?:set|unset|edit|rename-section|remove-section)$/.test(first))
          return { word: first, why: changes }
        const lists = options.some(({ name }) => /^(?:--get|--list$|-l$)/.test(name))
        if (lists || first === 'get' || first === 'list' || second === undefined) return undefined
        return { word: second, why: 'is a value that it sets' }
      },
    },
    'cat-file': {
      reads: `-tsep --batch --batch-check --batch-all-objects --unordered --buffer --follow-symlinks --allow-unknown-type
        --path:`,
      runs: '--textconv --filters',
    },
    'for-each-ref': {
      reads: `--count: --sort: --format: ${colour} --points-at: --merged --no-merged --contains --no-contains
        --ignore-case --exclude: --omit-empty --include-root-refs`,
      runs: '--shell -s --perl -p --python --tcl',
    },
    'show-ref': {
      reads: '-dsqh --head --heads --branches --tags --dereference --hash --verify --quiet --abbrev --exists',
    },
    'merge-base': { reads: '-a --all --octopus --independent --is-ancestor --fork-point' },
    'name-rev': { reads: '--tags --refs: --exclude: --all --name-only --undefined --always' },
    'range-diff': gitDiff,
    cherry: { reads: '-v --abbrev' },
    'count-objects': { reads: '-vH --verbose --human-readable' },
    'check-ignore': { reads: '-qvnz --quiet --verbose --stdin --non-matching --no-index' },
    'check-attr': { reads: '-az --all --stdin --cached --source:' },
    version: { reads: '--build-options' },
  },
}

/** Runs what the package says, which its rule is about; other options choose something else to run. */
const npmRun: Reading = {
  reads: `-s -d -q -w: --silent --quiet --verbose --if-present --ignore-scripts --workspace: --workspaces
    --include-workspace-root --loglevel: ${colour} --json --foreground-scripts --prefer-offline --offline`,
  runs: '--script-shell: --shell: --node-options: --prefix: --userconfig: --globalconfig: --call: -c: -C: --package: --editor: --viewer: --git: --init-module: --scripts-prepend-node-path',
}
const npm: Reading = {
  ...npmRun,
  under: {
    test: npmRun,
    t: npmRun,
    tst: npmRun,
    run: npmRun,
    'run-script': npmRun,
    ls: {
      reads:
        '-ag --all --depth: --json --long --parseable --global --omit: --include: --link --package-lock-only -w: --workspace: --workspaces',
    },
    list: {
      reads:
        '-ag --all --depth: --json --long --parseable --global --omit: --include: -w: --workspace: --workspaces',
    },
    outdated: { reads: '-ag --all --json --long --parseable --global -w: --workspace:' },
    view: { reads: '--json -w: --workspace:' },
    explain: { reads: '--json -w: --workspace:' },
    why: { reads: '--json -w: --workspace:' },
  },
}
const pnpmRun: Reading = {
  reads: `-rsw -F: --recursive --silent --if-present --filter: --parallel --stream --aggregate-output --no-bail
    --reporter: --workspace-root --sequential --report-summary --resume-from: ${colour}`,
  runs: '-C: --dir: --script-shell: --shell-emulator --node-options: --config: --prefix: --use-node-version:',
}
const pnpm: Reading = {
  ...pnpmRun,
  under: {
    test: pnpmRun,
    t: pnpmRun,
    run: pnpmRun,
    list: { reads: '-rgP D --depth: --json --long --prod --dev --recursive' },
    why: { reads: '-r --json --recursive' },
    outdated: { reads: '-r --recursive --format:' },
  },
}
const yarn: Reading = {
  words: () => ({ word: 'yarn', why: 'installs packages' }),
  reads: '-s --silent --verbose --json --offline --non-interactive',
  runs: '--cwd: --use-yarnrc: --script-shell: --prefix:',
  under: {
    test: { reads: '-s --silent' },
    run: { reads: '-s -T -B --silent --top-level --binaries-only' },
    list: { reads: '--depth: --pattern:' },
    why: onlyReads,
    info: { reads: '--json -A -R -X: --all --recursive' },
  },
}

const cargoBuild: Reading = {
  reads: `-vqr -p: -j: -F: --package: --workspace --all --exclude: --lib --bins --bin: --examples --example: --tests
    --test: --benches --bench: --all-targets --doc --no-run --no-fail-fast --release --features: --all-features
    --no-default-features --profile: --target: --verbose --quiet ${colour} --message-format: --locked --offline --frozen
    --jobs: --keep-going --future-incompat-report --ignore-rust-version --timings --no-deps
    --document-private-items -i: --invert: --depth: --prefix: --no-dedupe --duplicates -d -e: --edges: --format-version:
    --filter-platform: --charset: --format: ${help}`,
  writes: '--target-dir: --artifact-dir: --out-dir: --lockfile-path: --fix --allow-dirty',
  runs: '-Z: -C: --config: --manifest-path: --open',
}
const cargo: Reading = {
  reads: `-vq --verbose --quiet ${colour} --locked --offline --frozen --list`,
  runs: '-Z: -C: --config: --explain:',
  under: Object.fromEntries(
    [
      'test',
      't',
      'check',
      'c',
      'build',
      'b',
      'clippy',
      'doc',
      'tree',
      'metadata',
      'bench',
      'nextest',
      'pkgid',
      'locate-project',
    ].map((name) => [name, cargoBuild]),
  ),
}

const goBuild: Reading = {
  whole: true,
  reads: `run: v race count: short timeout: bench: benchtime: benchmem cover covermode: coverpkg: failfast json parallel:
    cpu: list: skip: shuffle: tags: p: n x vet: fullpath a trimpath msan asan buildvcs f: m e deps test u
    versions retracted compiled export find all src cmd fuzztime: args`,
  writes: `o: c mod: cpuprofile: memprofile: blockprofile: mutexprofile: coverprofile: trace: outputdir: pkgdir: testlogfile:
    gocoverdir: fuzz: fuzzcachedir:`,
  runs: `exec: toolexec: vettool: overlay: modfile: C: ldflags: gcflags: asmflags: gccgoflags: compiler: pgo: modcacherw
    installsuffix: asmflags:`,
}
const go: Reading = {
  under: {
    env: { whole: true, reads: 'json changed', writes: 'w u' },
    test: goBuild,
    vet: goBuild,
    list: { ...goBuild, writes: 'o:' },
    build: goBuild,
    doc: goBuild,
    version: { whole: true, reads: 'm v' },
  },
}

const make: Reading = {
  reads: `-kbBnmswiqdprRStL -j? -l? -O? -W: -o: --always-make --debug --ignore-errors --jobs --keep-going
    --load-average --check-symlink-times --just-print --dry-run --recon --old-file: --output-sync
    --print-data-base --question --no-builtin-rules --no-builtin-variables --silent --quiet --no-silent
    --stop --no-keep-going --touch --trace --print-directory --no-print-directory --what-if: --new-file:
    --warn-undefined-variables --assume-new: --assume-old: ${help}`,
  runs: '-f: -C: -I: -E: --file: --makefile: --directory: --include-dir: --eval: -e --environment-overrides',
  words: (operands) => {
    const word = operands.find((operand) => operand.includes('='))
    return word === undefined
      ? undefined
      : { word, why: 'sets a variable of the makefile, which may run anything' }
  },
}

const pytest: Reading = {
  reads: `-qvxslh -k: -m: -r: -n: --quiet --verbose --verbosity: --exitfirst --maxfail: --lf --last-failed --ff
    --failed-first --nf --new-first --sw --stepwise --stepwise-skip --tb: --showlocals --no-showlocals --collect-only --co
    --durations: --durations-min: --no-header --no-summary ${colour} --disable-warnings --disable-pytest-warnings --strict
    --strict-markers --strict-config --capture: --runxfail --fixtures --markers --fixtures-per-test --setup-show
    --setup-only --setup-plan --deselect: --ignore: --ignore-glob: --cache-show --show-capture: --full-trace --cov
    --no-cov --cov-branch --numprocesses: --dist: --timeout: --randomly-seed: --doctest-modules --continue-on-collection-errors
    --noconftest ${help}`,
  writes: `--basetemp: --junitxml: --junit-xml: --html: --json-report-file: --log-file: --report-log: --cov-report:
    --result-log: --debug --pastebin: --cache-clear --snapshot-update`,
  runs: '-p: -c: -o: -W: --config-file: --rootdir: --confcutdir: --override-ini: --pdb --pdbcls: --trace --import-mode: --cov-config: --pyargs',
}

const dockerLogs: Reading = {
  reads:
    '-ft -n: --details --follow --since: --tail: --timestamps --until: --names --no-color --no-log-prefix --index:',
}
const dockerPs: Reading = {
  reads:
    '-aqls -n: -f: --all --quiet --filter: --format: --no-trunc --size --last: --latest --digests --services --status: --orphans --tree',
}
const docker: Reading = {
  reads: '-D --debug -v --version',
  runs: '-H: -c: --host: --config: --context: -l: --log-level: --tls --tlscacert: --tlscert: --tlskey: --connection: --url: -r --remote',
  under: {
    ps: dockerPs,
    images: dockerPs,
    logs: dockerLogs,
    inspect: { reads: '-fs --format: --size --type: -f:' },
    version: { reads: '-f: --format:' },
    info: { reads: '-f: --format:' },
    stats: { reads: '-a --all --format: --no-stream --no-trunc' },
    top: onlyReads,
    port: onlyReads,
    diff: onlyReads,
    history: { reads: '-Hq --human --quiet --no-trunc --format: --platform:' },
    events: { reads: '-f: --filter: --format: --since: --until:' },
    container: {
      under: {
        ls: dockerPs,
        list: dockerPs,
        ps: dockerPs,
        logs: dockerLogs,
        inspect: { reads: '-f: -s --format: --size' },
        top: onlyReads,
        port: onlyReads,
        diff: onlyReads,
      },
    },
    image: {
      under: {
        ls: dockerPs,
        list: dockerPs,
        inspect: { reads: '-f: --format:' },
        history: { reads: '-Hq --no-trunc --format:' },
      },
    },
    network: { under: { ls: dockerPs, list: dockerPs, inspect: { reads: '-fv --format: --verbose' } } },
    volume: { under: { ls: dockerPs, list: dockerPs, inspect: { reads: '-f: --format:' } } },
    system: { under: { df: { reads: '-v --verbose --format:' }, info: { reads: '-f: --format:' } } },
    compose: {
      runs: '-f: -p: --file: --project-directory: --env-file: --profile:',
      under: {
        ps: dockerPs,
        logs: dockerLogs,
        ls: dockerPs,
        images: dockerPs,
        top: onlyReads,
        version: onlyReads,
      },
    },
  },
}

const kubectlGet: Reading = {
  reads: `-Awh -n: -o: -l: -L: -f: -R -c: -p --all-namespaces --namespace: --output: --selector: --watch --watch-only
    --show-labels --no-headers --field-selector: --sort-by: --context: --ignore-not-found --label-columns: --show-kind
    --chunk-size: --limit: --show-managed-fields --template: --filename: --recursive --container: --follow --previous
    --since: --since-time: --tail: --timestamps --all-containers --prefix --max-log-requests: --limit-bytes:
    --show-events --containers --no-color --sum --request-timeout: --output-watch-events --subresource:
    --api-version: --api-group: --namespaced --verbs: --categories: --client --short --minify --flatten
    --allow-missing-template-keys --server-print`,
  writes: '--cache-dir: --profile-output: --profile: --output-directory: --log-file: --log-dir:',
  runs: '--kubeconfig: --server: -s: --token: --user: --as: --cluster: -k: --kustomize: --raw: --insecure-skip-tls-verify --certificate-authority: --client-key: --client-certificate: --tls-server-name:',
  words: (operands) => {
    const word = operands.find((one) => /(?:^|,)secrets?(?:$|[,/.])/i.test(one))
    return word === undefined ? undefined : { word, why: 'shows secrets' }
  },
}
const kubectl: Reading = {
  reads: '-n: --namespace: --context: --request-timeout:',
  writes: kubectlGet.writes ?? '',
  runs: kubectlGet.runs ?? '',
  under: {
    ...Object.fromEntries(
      ['get', 'describe', 'logs', 'top', 'explain', 'version', 'api-resources', 'api-versions', 'events'].map(
        (name) => [name, kubectlGet],
      ),
    ),
    config: {
      under: {
        'current-context': onlyReads,
        'get-contexts': { reads: '-o: --output: --no-headers' },
        'get-clusters': onlyReads,
      },
    },
    rollout: { under: { status: kubectlGet, history: kubectlGet } },
    auth: { under: { 'can-i': kubectlGet, whoami: kubectlGet } },
  },
}

/** By the name of the program. One that is not here may be anything: a rule for it means what it says. */
export const readOnlyCommands: Readonly<Record<string, Reading>> = {
  git,
  ls,
  dir: ls,
  cat: {
    reads: `-AbeEnstTuvl --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting ${help}`,
  },
  tac: { reads: `-br -s: --before --regex --separator: ${help}` },
  head: lines,
  tail: lines,
  wc: { reads: `-cmlLw --bytes --chars --lines --words --max-line-length --files0-from: --total: ${help}` },
  grep,
  egrep: grep,
  fgrep: grep,
  rg: {
    reads: `-# -ivwxclLoqsSnNHhaFPpuU0bIrV. -e: -f: -g: -t: -T: -m: -A: -B: -C: -d: -E: -j: -M: -r: --after-context:
      --auto-hybrid-regex --before-context: --binary --block-buffered --byte-offset --case-sensitive --color: --colors:
      --column --context: --context-separator: --count --count-matches --crlf --debug --dfa-size-limit: --encoding:
      --engine: --field-context-separator: --field-match-separator: --file: --files --files-with-matches
      --files-without-match --fixed-strings --follow --generate: --glob: --glob-case-insensitive --heading --hidden
      --hyperlink-format: --iglob: --ignore-case --ignore-file: --ignore-file-case-insensitive --include-zero
      --invert-match --json --line-buffered --line-number --line-regexp --max-columns: --max-columns-preview --max-count:
      --max-depth: --maxdepth: --max-filesize: --mmap --multiline --multiline-dotall --no-config --no-filename --no-heading
      --no-ignore --no-ignore-dot --no-ignore-exclude --no-ignore-files --no-ignore-global --no-ignore-messages
      --no-ignore-parent --no-ignore-vcs --no-line-number --no-messages --no-unicode --null --null-data --one-file-system
      --only-matching --passthru --path-separator: --pcre2 --pcre2-version --pretty --quiet --regex-size-limit:
      --regexp: --replace: --smart-case --sort: --sortr: --stats --stop-on-nonmatch --text --threads: --trace --trim
      --type: --type-add: --type-clear: --type-list --type-not: --unrestricted --vimgrep --with-filename --word-regexp
      --no-pre ${help}`,
    runs: '-z --pre: --pre-glob: --hostname-bin: --search-zip',
  },
  find,
  fd: {
    reads: `-# -HIusigFalLp0q1hV -d: -t: -e: -E: -c: -j: -S: -o: --hidden --no-ignore --no-ignore-vcs --no-ignore-parent
      --no-global-ignore-file --unrestricted --case-sensitive --ignore-case --glob --regex --fixed-strings --and:
      --absolute-path --list-details --follow --full-path --print0 --max-depth: --min-depth: --exact-depth: --exclude:
      --prune --type: --extension: --size: --changed-within: --changed-before: --owner: --format: --color: --hyperlink
      --threads: --max-results: --quiet --show-errors --strip-cwd-prefix --one-file-system --path-separator:
      --base-directory: --search-path: --ignore-file: --max-buffer-time: ${help}`,
    runs: '-x: -X: --exec: --exec-batch: --batch-size:',
  },
  sort: {
    reads: `-bdfgiMhnRrVcCmsuz -k: -t: -S: --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort
      --ignore-nonprinting --month-sort --human-numeric-sort --numeric-sort --random-sort --random-source: --reverse
      --sort: --version-sort --batch-size: --check --debug --files0-from: --key: --merge --stable --buffer-size:
      --field-separator: --parallel: --unique --zero-terminated ${help}`,
    writes: '-o: -T: --output: --temporary-directory:',
    runs: '--compress-program:',
  },
  uniq: {
    reads: `-# -cdDuiz -f: -s: -w: --count --repeated --all-repeated --skip-fields: --group --ignore-case --skip-chars:
      --unique --zero-terminated --check-chars: ${help}`,
    words: atMost(1),
  },
  cut: {
    reads: `-nsz -b: -c: -d: -f: --bytes: --characters: --delimiter: --fields: --complement --only-delimited --output-delimiter: --zero-terminated ${help}`,
  },
  tr: { reads: `-cCdst --complement --delete --squeeze-repeats --truncate-set1 ${help}` },
  paste: { reads: `-sz -d: --delimiters: --serial --zero-terminated ${help}` },
  comm: {
    reads: `-123z --check-order --nocheck-order --output-delimiter: --total --zero-terminated ${help}`,
  },
  join: {
    reads: `-iz -a: -e: -j: -o: -t: -v: -1: -2: --ignore-case --check-order --nocheck-order --header --zero-terminated ${help}`,
  },
  nl: { reads: `-p -b: -d: -f: -h: -i: -l: -n: -s: -v: -w: ${help}` },
  rev: { reads: help },
  fold: { reads: `-bsc -w: --bytes --spaces --width: ${help}` },
  column: {
    reads:
      '-tenxJLdR? -s: -o: -c: -N: -T: -H: -O: --table --separator: --output-separator: --output-width: --json --table-columns: --tree:',
  },
  diff,
  cmp: { reads: `-blsi: -n: --print-bytes --ignore-initial: --verbose --bytes: --quiet --silent ${help}` },
  tree: {
    reads: `-adflxLpsuDFqNQhiIrtUvcnACSXJgH: -P: -I: -L: -T: --noreport --charset: --filelimit: --timefmt: --du --si
      --inodes --device --dirsfirst --filesfirst --sort --prune --matchdirs --ignore-case --fromfile --gitignore
      --gitfile: --infofile: --info --metafirst --hintro: --houtro: --nolinks ${help}`,
    writes: '-o: -R --output:',
  },
  du: {
    reads: `-# -0abcDhHklLmPsSx -B: -d: -t: -X: --null --all --apparent-size --block-size: --bytes --total
      --dereference-args --max-depth: --files0-from: --human-readable --inodes --dereference --no-dereference
      --separate-dirs --si --summarize --threshold: --time --time-style: --exclude-from: --exclude: --one-file-system
      ${help}`,
  },
  df: {
    reads: `-aBhHiklPTv -B: -t: -x: --all --block-size: --human-readable --si --inodes --local --no-sync --output --portability --sync --total --type: --print-type --exclude-type: ${help}`,
  },
  stat: {
    reads: `-LftxFlnqrs -c: -f --dereference --file-system --cached: --format: --printf: --terse ${help}`,
  },
  file: {
    reads:
      '-bchikLlnNprsSv0dEI -e: -F: -P: --brief --checking-printout --exclude: --exclude-quiet: --separator: --mime --mime-type --mime-encoding --keep-going --dereference --no-dereference --no-buffer --no-pad --raw --special-files --print0 --extension --help --version',
    writes: '-C --compile',
    runs: '-z -Z -m: -f: --uncompress --uncompress-noreport --magic-file: --files-from:',
  },
  which: { reads: `-as --all --skip-alias --skip-functions ${help}` },
  whereis: { reads: '-bmsulB: -M: -S:' },
  whoami: { reads: help },
  id: { reads: `-agGnruzZ --context --group --groups --name --real --user --zero ${help}` },
  uname: {
    reads: `-asnrvmpio --all --kernel-name --nodename --kernel-release --kernel-version --machine --processor --hardware-platform --operating-system ${help}`,
  },
  hostname: { reads: '-aAdfiIsyv', words: noOperands("sets the machine's name") },
  date: {
    reads: `-uRjnv: -d: -r: -f: -I? --date: --file: --iso-8601 --rfc-email --rfc-3339: --reference: --utc --universal
      --debug --resolution ${help}`,
    writes: '-s: --set:',
    words: (operands) => {
      const word = operands.find((operand) => !operand.startsWith('+'))
      return word === undefined ? undefined : { word, why: 'sets the clock' }
    },
  },
  env: {
    reads: `-0 --null ${help}`,
    runs: '-i -u: -S: -C: -v --ignore-environment --unset: --split-string: --chdir: --debug',
    words: noOperands('sets a variable or runs a program'),
  },
  printenv: { reads: `-0 --null ${help}` },
  ps: {
    reads: `-# -AadefFHjlLmMNTwWyZcrxhSvX -C: -G: -g: -p: -q: -s: -t: -u: -U: -o: -O: -n: --ppid: --pid: --quick-pid: --sid:
      --tty: --user: --User: --group: --Group: --format: --sort: --forest --headers --no-headers --cols: --columns:
      --lines: --rows: --width: --context --cumulative --deselect ${help}`,
  },
  man: {
    reads:
      '-kfawWKI -iIdD7 -s: -S: -L: -e: -m: --apropos --whatis --all --where --path --where-cat --location --location-cat --global-apropos --ignore-case --match-case --regex --wildcard --names-only --sections: --locale: --systems: --extension: --no-subpages --ascii --encoding: --no-hyphenation --no-justification --help --usage --version',
    runs: '-P: -H? -X? -T? -t -Z -p: -C: -M: -r: -R: -l --pager: --html --gxditview --troff-device --troff --ditroff --preprocessor: --config-file: --manpath: --prompt: --recode: --local-file',
  },
  bat,
  batcat: bat,
  ag,
  curl,
  less: {
    reads: `-# -aABcCdeEfFgGiIJKLmMnNqQrRsSuUVwWX~ -b: -h: -j: -p: -x: -y: -z: --help --version --chop-long-lines
      --line-numbers --LINE-NUMBERS --RAW-CONTROL-CHARS --raw-control-chars --quit-if-one-screen --no-init --ignore-case
      --IGNORE-CASE --squeeze-blank-lines --quit-at-eof --QUIT-AT-EOF --pattern: --tabs: --window: --no-lessopen`,
    writes: '-o: -O: --log-file: --LOG-FILE:',
    runs: '-k: -t: -T: -P: -D: --lesskey-file: --lesskey-src: --lesskey-content: --tag: --tag-file: --prompt: --cmd:',
    words: (operands) => {
      const word = operands.find((operand) => operand.startsWith('+'))
      return word === undefined ? undefined : { word, why: 'is a command that it runs' }
    },
  },
  more: {
    reads:
      '-# -dlfpcsuen: --silent --logical --no-pause --print-over --clean-print --squeeze --plain --lines:',
    words: (operands) => {
      const word = operands.find((operand) => operand.startsWith('+'))
      return word === undefined ? undefined : { word, why: 'is a command that it runs' }
    },
  },
  jq: {
    reads: `-rjanscCMSeRhV01234567 --raw-output --raw-output0 --join-output --ascii-output --null-input --slurp
      --compact-output --color-output --monochrome-output --sort-keys --exit-status --raw-input --tab --indent: --unbuffered -f: --from-file:
      --stream --stream-errors --seq --arg: --argjson: --slurpfile: --rawfile: --args --jsonargs --binary -b --build-configuration ${help}`,
    runs: '-L: --library-path:',
  },
  yq: {
    reads:
      '-reNPCMnjhvV0S -p: -o: -I: --raw-output --exit-status --no-doc --prettyPrint --colors --no-colors --null-input --tojson --input-format: --output-format: --indent: --unwrapScalar --nul-output --header-preprocess --expression: --compact-output --slurp --sort-keys --verbose --help --version',
    writes: '-i -s: -y -Y --inplace --in-place --split-exp: --front-matter:',
    runs: '-f: -L: --from-file: --split-exp-file: --security-enable-system-operator --library-path:',
  },
  sed: {
    reads:
      '-nErsuza -e: --expression: --quiet --silent --regexp-extended --posix --debug --sandbox --null-data --zero-terminated --separate --unbuffered --help --version',
    writes: '-i? -I? --in-place',
    runs: '-f: --file:',
    words: (operands, options) => {
      const given = options
        .filter(({ name }) => name === '-e' || name === '--expression')
        .map(({ value }) => value ?? '')
      const scripts = given.length > 0 ? given : operands.slice(0, 1)
      const word = scripts.find((script) => !sedScript(script))
      return word === undefined ? undefined : { word, why: 'is a script that may write or run something' }
    },
  },
  ...Object.fromEntries(
    ['awk', 'gawk', 'mawk', 'nawk'].map((name): [string, Reading] => [
      name,
      {
        reads:
          '-F: -v: --field-separator: --assign: --posix --re-interval --csv -P -c -s --sandbox --traditional --version --help',
        writes: '-o? -p? -d? --pretty-print --profile --dump-variables -D? --debug',
        runs: '-f: -i: -l: -E: -e: -W: --file: --include: --load: --exec: --source:',
        words: ([script = '']) =>
          awkScript(script)
            ? undefined
            : { word: script, why: 'is a script that may write or run something' },
      },
    ]),
  ),
  tar: {
    reads:
      '-tvzjJaZO -f: -C: --list --file: --verbose --gzip --bzip2 --xz --zstd --lzma --auto-compress --exclude: --wildcards --full-time --numeric-owner --utc --block-number --help --version',
    writes:
      '-xcruAdGghklmpPSUwWKN -b: -g: --extract --get --create --append --update --catenate --concatenate --delete --directory --to-stdout --index-file: --backup --listed-incremental: --volno-file:',
    runs: '-I: -F: -i --use-compress-program: --to-command: --checkpoint-action: --info-script: --new-volume-script: --rsh-command: --rmt-command: --checkpoint',
    words: ([first], options) => {
      if (first !== undefined && !options.some(({ name }) => name === '-t' || name === '--list'))
        return { word: first, why: 'is not known to only read; write tar -t' }
      const remote = options.find(({ name, value }) => /^(?:-f|--file)$/.test(name) && value?.includes(':'))
      return remote && { word: remote.value ?? '', why: 'runs rsh' }
    },
  },
  basename: { reads: `-az -s: --multiple --suffix: --zero ${help}` },
  dirname: { reads: `-z --zero ${help}` },
  realpath: {
    reads: `-ezmLPqs --canonicalize-existing --canonicalize-missing --logical --physical --quiet --relative-to: --relative-base: --strip --no-symlinks --zero ${help}`,
  },
  readlink: {
    reads: `-femnqsvz --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet --silent --verbose --zero ${help}`,
  },
  pwd: { reads: '-LP --logical --physical' },
  md5sum: sums,
  sha1sum: sums,
  sha224sum: sums,
  sha256sum: sums,
  sha384sum: sums,
  sha512sum: sums,
  b2sum: sums,
  cksum: sums,
  shasum: sums,
  od: {
    reads: `-abcdfhilosvx -A: -j: -N: -S? -t: -w? --address-radix: --endian: --skip-bytes: --read-bytes: --strings --format: --output-duplicates --width --traditional ${help}`,
  },
  hexdump: { reads: '-bcCdovxe: -f: -L? -n: -s:' },
  xxd: {
    whole: true,
    reads: 'a b e E i u d p ps plain autoskip bits C c: cols: g: l: len: o: s: seek: n: R: h help v version',
    writes: 'r revert',
    words: atMost(1),
  },
  strings: {
    reads:
      '-adfowW -n: -t: -e: -T: -U: -s: -# --all --data --print-file-name --bytes: --radix: --target: --encoding: --unicode: --output-separator: --include-all-whitespace --help --version',
  },
  nm: {
    reads:
      '-aACBDgnoPprSsuvVfl --debug-syms --extern-only --undefined-only --defined-only --demangle --dynamic --numeric-sort --print-size --size-sort --line-numbers --format: --radix: --help --version',
  },
  ldd: {
    runs: '-v -u -d -r --verbose --unused --data-relocs --function-relocs',
    words: noOperands('may be run by it'),
  },
  journalctl: {
    reads: `-aefklmqrxNn: -u: -p: -b? -o: -S: -U: -t: -g: -c: -F: -M: --all --follow --dmesg --merge --quiet --reverse --catalog
      --full --no-full --lines: --unit: --user-unit: --priority: --boot --output: --since: --until: --identifier: --grep:
      --no-pager --no-hostname --utc --user --system --list-boots --disk-usage --fields --field: --no-tail --pager-end
      --case-sensitive --show-cursor --truncate-newline ${help}`,
    writes:
      '--vacuum-size: --vacuum-time: --vacuum-files: --rotate --flush --sync --relinquish-var --update-catalog --setup-keys --cursor-file: --smart-relinquish-var',
    runs: '-D: -i: --directory: --file: --root: --image: --machine: -H: --host:',
  },
  systemctl: {
    reads:
      '-alq --all --no-pager --full --quiet --user --system --plain --no-legend --lines: -n: -o: --output: -t: --type: --state: -p: --property:',
    runs: '-H: -M: --host: --machine: --root: --image:',
    under: Object.fromEntries(
      [
        'status',
        'show',
        'cat',
        'list-units',
        'list-unit-files',
        'list-timers',
        'list-sockets',
        'list-dependencies',
        'is-active',
        'is-enabled',
        'is-failed',
        'get-default',
        '',
      ].map((name) => [
        name,
        {
          reads:
            '-alqrn: -o: -t: -p: --all --no-pager --full --quiet --user --system --plain --no-legend --lines: --output: --type: --state: --property: --value --reverse --recursive',
        },
      ]),
    ),
  },
  dmesg: {
    reads:
      '-dehkLrTtuxHPSwW -f: -l: -s: --human --kernel --ctime --decode --facility: --follow --level: --raw --time-format: --nopager --userspace --reltime --notime',
    writes: '-cCDEn: --clear --read-clear --console-off --console-on --console-level:',
    runs: '-F: --file:',
  },
  ss: {
    reads:
      '-ahHlmnoprstuwxiZz46OTbEeSVd0 -f: -A: -N: -F: --all --listening --numeric --resolve --processes --tcp --udp --raw --unix --options --extended --memory --info --summary --ipv4 --ipv6 --family: --query: --no-header --oneline',
    writes: '-K -D: --kill --diag:',
  },
  uptime: { reads: '-psrV --pretty --since' },
  free: {
    reads:
      '-bkmghlstwvV -s: -c: --bytes --kilo --mega --giga --human --lohi --total --wide --si --seconds: --count:',
  },
  nproc: { reads: '--all --ignore:' },
  groups: { reads: help },
  tty: { reads: '-s --silent --quiet' },
  npm,
  pnpm,
  yarn,
  cargo,
  go,
  make,
  gmake: make,
  pytest,
  'py.test': pytest,
  docker,
  podman: docker,
  kubectl,
}
