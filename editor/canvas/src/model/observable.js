// One value with listeners.

export class Observable {
  constructor(value) {
    this.value = value;
    this.listeners = new Set();
  }

  get = () => this.value;

  set = (value) => {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  };

  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
