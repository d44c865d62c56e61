/** One finding about the way to the model; `hint` is what to do when it is not `ok`. */
export interface ModelFact {
  name: 'credentials' | 'region' | 'endpoint' | 'model' | 'answer'
  ok: boolean
  detail: string
  hint?: string
}
