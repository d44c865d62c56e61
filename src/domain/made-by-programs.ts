/** Names of directories that programs make, and that would drown what people look for. */
export const madeByPrograms: readonly string[] = [
  '.git',
  'node_modules',
  '.hg',
  '.svn',
  '__pycache__',
  '.venv',
]
