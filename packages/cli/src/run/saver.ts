/**
 * Saves checkpoints while training goes on. A checkpoint is offered at a step's edge, but written only when a
 * later step has shown that its weights still give a finite loss: a run that diverges keeps a good file.
 */
export class CheckpointSaver {
  readonly #write: (bytes: Uint8Array, step: number) => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #offered: { readonly bytes: Uint8Array; readonly step: number } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #savedStep: number;

  /**
   * @param write saves durably, or throws and leaves what was saved before
   * @param savedStep step of the newest checkpoint on disk
   */
  constructor(
    write: (bytes: Uint8Array, step: number) => Promise<void>,
    savedStep: number,
    onFailure: (error: unknown) => void,
  ) {
    this.#write = write;
    this.#savedStep = savedStep;
    this.#onFailure = onFailure;
  }

  /** Step of the checkpoint on disk. */
  get savedStep(): number {
    return this.#savedStep;
  }

  /** Resolves when the next offer may come: training waits for a slow disk rather than filling the memory. */
  async offer(bytes: Uint8Array, step: number): Promise<void> {
    this.#offered = { bytes, step };
    await this.#writing;
  }

  /** A step with a finite loss is done: an offer from before it may be written. */
  confirm(step: number): void {
    const offered = this.#offered;
    if (offered === undefined || offered.step >= step) return;
    this.#offered = undefined;
    this.#writing = this.#writing
      .then(() => this.save(offered.bytes, offered.step))
      .catch((error: unknown) => this.#onFailure(error));
  }

  /** Write now. @throws CliError; the checkpoint on disk is then the one from before. */
  async save(bytes: Uint8Array, step: number): Promise<void> {
    await this.#write(bytes, step);
    this.#savedStep = step;
  }

  /** Resolves when no write is under way. */
  async settled(): Promise<void> {
    await this.#writing;
  }
}
