/** What this module refuses: one class, told apart by codes that never change. */

/**
 * Something that was read is not what it has to be.
 *
 * `code` is stable and meant for programs; `params` holds what a sentence about it needs.
 */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {Record<string, string | number | string[]>} [params]
   */
  constructor(code, params = {}) {
    const details = Object.entries(params).map(([key, value]) => `${key}: ${value}`);
    super(details.length ? `${code} (${details.join(', ')})` : code);
    this.name = 'Refusal';
    this.code = code;
    this.params = params;
  }
}
