// Messages that the server has not acknowledged yet, in order. They outlive a lost connection and a reload.

export class Outbox {
  /**
   * `send(message)` delivers if it can; `storage` is sessionStorage or null; `key` names the network cell. A
   * duplicated tab has a copy of another tab's storage: what `tab` did not do is that tab's to deliver.
   */
  constructor({ send, storage = null, key = '', tab = '', now = Date.now }) {
    this.send = send;
    this.storage = storage;
    this.key = `weftwork:unacknowledged:${key}`;
    this.now = now;
    this.sent = new Map();
    this.waiting = this.#stored().filter((message) => message.tab === tab);
  }

  #stored() {
    try {
      return JSON.parse(this.storage?.getItem(this.key) ?? '[]');
    } catch (error) {
      console.info(`Weftwork: unacknowledged edits could not be read back (${error.message})`);
      return [];
    }
  }

  #store() {
    try {
      if (this.waiting.length) this.storage?.setItem(this.key, JSON.stringify(this.waiting));
      else this.storage?.removeItem(this.key);
    } catch (error) {
      console.info(`Weftwork: unacknowledged edits are kept in memory only (${error.message})`);
    }
  }

  lastSequence(tab) {
    return this.waiting.reduce((last, { tab: of, sequence }) => (of === tab ? Math.max(last, sequence) : last), 0);
  }

  post(message) {
    this.waiting = [...this.waiting, message];
    this.#store();
    this.#deliver(message);
  }

  #deliver(message) {
    this.sent.set(message.sequence, this.now());
    this.send(message);
  }

  /** Forgets what was acknowledged or refused; returns whether it was waiting. */
  settle(tab, sequence) {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((message) => message.tab !== tab || message.sequence !== sequence);
    if (this.waiting.length === before) return false;
    this.sent.delete(sequence);
    this.#store();
    return true;
  }

  /** Forgets everything up to `sequence`: a snapshot says that the server has it. */
  settleUpTo(tab, sequence) {
    this.waiting = this.waiting.filter((message) => message.tab !== tab || message.sequence > sequence);
    const left = new Set(this.waiting.map((message) => message.sequence));
    for (const known of this.sent.keys()) if (!left.has(known)) this.sent.delete(known);
    this.#store();
  }

  /** Delivers again, in order, as soon as the first has waited for `after` milliseconds. */
  resend(after = 0) {
    const [first] = this.waiting;
    if (!first || this.now() - (this.sent.get(first.sequence) ?? 0) < after) return;
    for (const message of this.waiting) this.#deliver(message);
  }
}
