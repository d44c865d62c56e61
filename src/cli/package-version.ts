/** Filled in by the bundler from package.json. */
declare const __VERSION__: string

export const version = typeof __VERSION__ === 'string' ? __VERSION__ : 'source'
