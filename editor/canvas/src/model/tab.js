// The id of this browser tab. It outlives a reload, so that the tab can still undo; a duplicated tab gets its own.
const KEY = 'weftwork:tab';

function fresh() {
  return `tab_${[...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function stored(storage) {
  try {
    return storage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(storage, id) {
  try {
    storage.setItem(KEY, id);
  } catch (error) {
    console.info(`Weftwork: this tab has no storage (${error.message})`);
  }
}

// A duplicated tab starts with a copy of the storage; the lock tells which of the two was first.
function claim(id, locks) {
  return new Promise((resolve) => {
    locks.request(`weftwork:${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    });
  });
}

async function find(storage, locks) {
  let id = stored(storage) ?? fresh();
  if (locks && !(await claim(id, locks))) {
    id = fresh();
    await claim(id, locks);
  }
  store(storage, id);
  return id;
}

let known = null;

/** A promise of the tab's id. */
export function tabId() {
  known ??= find(window.sessionStorage, navigator.locks);
  return known;
}
