/** Why a call cannot run, in words for the model. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
