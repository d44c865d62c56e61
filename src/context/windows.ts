/** A model's window in tokens by its id, as Bedrock or its maker writes it; undefined when it is not known. */
export function windowOf(model: string): number | undefined {
  return windows.find(([pattern]) => pattern.test(model))?.[1]
}

/** The special ones come first. Only what is served with one window everywhere: a local server chooses its own. */
const windows: readonly (readonly [RegExp, number])[] = [
  [/claude-(v2$|v2:0|instant)/, 100_000],
  [/claude/, 200_000],
  [/nova-(premier|2-)/, 1_000_000],
  [/nova-(pro|lite)/, 300_000],
  [/nova-micro/, 128_000],
  [/meta\.llama4/, 1_000_000],
  [/meta\.llama3-[123]/, 128_000],
  [/meta\.llama3/, 8000],
  [/mistral\.(mistral-large-2407|pixtral|magistral)/, 128_000],
  [/mistral\./, 32_000],
  [/deepseek\./, 128_000],
  [/qwen\.qwen3/, 128_000],
  [/cohere\.command-r/, 128_000],
  [/openai\.gpt-oss/, 128_000],
  [/^gpt-4\.1/, 1_000_000],
  [/^gpt-5/, 400_000],
  [/^(gpt-4o|gpt-4-turbo|chatgpt-4o)/, 128_000],
  [/^o[134]\b/, 200_000],
  [/gemini-/, 1_000_000],
]
