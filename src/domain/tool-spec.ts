/** A tool as a model is told of it; `schema` is a JSON Schema object. */
export interface ToolSpec {
  name: string
  description: string
  schema: Record<string, unknown>
}
