import { useCallback, useMemo, useRef, useState } from 'react';
import { ActionsContext, useStoreOf, useValue } from './context.js';
import { memoryOf } from './model/memory.js';
import { Flow } from './flow/Flow.jsx';
import { useFlowState } from './flow/use_flow_state.js';
import { useGestures } from './gestures/use_gestures.js';
import { useAskedFromPage } from './use_asked_from_page.js';
import { useClipboard } from './use_clipboard.js';
import { useKeys } from './use_keys.js';
import { usePortNames } from './use_port_names.js';
import { useRoom } from './use_room.js';
import { useShown } from './use_shown.js';
import { Palette } from './palette/Palette.jsx';
import { SearchPalette } from './palette/SearchPalette.jsx';
import { WirePicker } from './palette/WirePicker.jsx';
import { Inspector } from './inspector/Inspector.jsx';
import { FindBar } from './panels/FindBar.jsx';
import { Shortcuts } from './panels/Shortcuts.jsx';
import { Trail } from './panels/Trail.jsx';
import { Toolbar } from './panels/Toolbar.jsx';
import { Problems } from './panels/Problems.jsx';
import { Notice } from './panels/Notice.jsx';
import { OfflineBanner } from './panels/OfflineBanner.jsx';

// Below these widths of the window the drawing needs the room more.
const FOR_PALETTE = 760;
const FOR_INSPECTOR = 1100;

/** The whole canvas: palette, drawing, inspector, problems. */
export function Workbench({ place, connection }) {
  const store = useStoreOf();
  const root = useRef(null);
  const memory = memoryOf(place);
  const [palette, togglePalette] = useShown(memory, 'palette', window.innerWidth > FOR_PALETTE);
  const [inspector, toggleInspector] = useShown(memory, 'inspector', window.innerWidth > FOR_INSPECTOR);
  const [search, setSearch] = useState(null);
  const [over, setOver] = useState('');
  const [snap, setSnap] = useState(false);
  const loaded = useValue(store.loaded);
  const state = useFlowState(store, memory);
  const [covered, setCovered] = useState(0);
  const gestures = useGestures({ store, state, root, setSearch, covered });
  const actions = useMemo(() => ({
    ...gestures, togglePalette, toggleInspector, setSnap, openFind: () => setOver('find'), openHelp: () => setOver('help'), openWires: () => setOver('wires'),
  }), [gestures, togglePalette, toggleInspector]);
  const closeOver = useCallback(() => {
    setOver('');
    root.current.focus();
  }, []);
  useKeys(root, actions);
  usePortNames(root);
  useClipboard(root, actions);
  useAskedFromPage(root, actions);
  useRoom(palette, togglePalette, inspector, toggleInspector);

  return (
    <ActionsContext.Provider value={actions}>
      <div ref={root} className="workbench" tabIndex={-1} data-testid="canvas" data-loaded={loaded} aria-label="Network canvas" role="region">
        <Toolbar palette={palette} inspector={inspector} snap={snap} count={state.selected.length} />
        <OfflineBanner connection={connection} />
        <div className="bench">
          {palette && <Palette />}
          <div className="middle" style={{ '--covered': `${covered}px` }}>
            <div className="stage">
              <Trail />
              <Flow state={state} memory={memory} snap={snap} covered={covered} />
              {over === 'find' && <FindBar onClose={closeOver} />}
              <Notice />
            </div>
            <Problems memory={memory} onCover={setCovered} />
          </div>
          {inspector && <Inspector nodes={state.selected} marks={state.selectedMarks} />}
        </div>
        {over === 'wires' && state.selected.length === 1 && <WirePicker node={state.selected[0]} onClose={closeOver} />}
        {over === 'help' && <Shortcuts onClose={closeOver} />}
        {search && <SearchPalette key={search.key} {...search} onClose={() => setSearch(null)} />}
      </div>
    </ActionsContext.Provider>
  );
}
