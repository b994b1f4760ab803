// Values by id with listeners by id, so that a message about one node renders one node.

export class KeyedStore {
  constructor() {
    this.values = new Map();
    this.listeners = new Map();
  }

  get(id) {
    return this.values.get(id);
  }

  subscribe(id, listener) {
    if (!this.listeners.has(id)) this.listeners.set(id, new Set());
    this.listeners.get(id).add(listener);
    return () => this.listeners.get(id)?.delete(listener);
  }

  /** Takes `{id: value}`; null forgets. With `all`, ids that are not named are forgotten too. */
  take(values, all = false) {
    const touched = new Set(Object.keys(values));
    if (all) for (const id of this.values.keys()) touched.add(id);
    for (const id of touched) {
      if (values[id] == null) this.values.delete(id);
      else this.values.set(id, values[id]);
    }
    for (const id of touched) for (const listener of this.listeners.get(id) ?? []) listener();
  }
}
