// Gestures on networks inside networks: going in and out, and what the server works out.
import { networkOf } from '../model/kinds.js';

export function nesting({ store, now, records }) {
  const chosen = () => now().state.selected;
  const steps = () => store.place.get().steps;
  const go = (to) => {
    now().state.select([]);
    store.enter(to);
  };
  const one = () => chosen().find((id) => networkOf(records().nodes[id]?.kind));
  const isEntered = (id) => !!networkOf(records().nodes[id]?.kind) && !!store.kind(records().nodes[id].kind);
  const nest = (what, nodes, more = {}) => store.drawing.request({ type: 'nest', do: what, nodes, ...more });
  const onNetwork = (what) => (one() ? nest(what, [one()]) : store.say('Select a node that stands for a network.'));

  return {
    nest,
    isEntered,
    /** Shows what is inside a node, of several repetitions the first; without an id inside the selected one. */
    enter: (id = one()) => {
      if (id && isEntered(id)) go([...steps(), id]);
      else if (!id) store.say('Select a node that stands for a network.');
    },
    /** Leads to a level of the trail, 0 being the canvas' own network. */
    goTo: (level) => go(steps().slice(0, level)),
    repetition: (number) => {
      const [last] = steps().slice(-1);
      go([...steps().slice(0, -1), number ? `${last.split(':')[0]}:${number + 1}` : last.split(':')[0]]);
    },
    leaveOrClear: () => {
      if (chosen().length || now().state.selectedWires.length || !steps().length) now().state.select([]);
      else go(steps().slice(0, -1));
    },
    makeNetwork: () => (chosen().length ? nest('make-network', chosen()) : store.say('Select the nodes that the network is to hold.')),
    unpack: () => onNetwork('unpack'),
    makeUnique: () => onNetwork('make-unique'),
  };
}
