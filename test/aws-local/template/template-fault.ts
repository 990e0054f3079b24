/** The template cannot be brought to life as it stands: what is wrong, and where. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';

  constructor(place: string, wrong: string) {
    super(`${place}: ${wrong}`);
  }
}
