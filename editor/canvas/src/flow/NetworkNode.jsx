import { memo } from 'react';
import { useStore } from '@xyflow/react';
import { useStatus, useStoreOf } from '../context.js';
import { familyClass, kindText } from '../model/kinds.js';
import { FarPorts } from './FarPorts.jsx';
import { NodeDetails } from './NodeDetails.jsx';
import { isFar } from './zoom.js';

/** A node. Far out it is a box in its family's colour: nothing in it could be read, and a thousand must stay fluid. */
export const NetworkNode = memo(function NetworkNode({ id, data, selected }) {
  const { record, arranged } = data;
  const store = useStoreOf();
  const status = useStatus(id);
  const far = useStore(isFar);
  const kind = store.kind(record.kind);
  const problems = status?.problems ?? [];
  const worst = problems.some(({ severity }) => severity === 'error') ? 'error' : problems[0]?.severity ?? '';
  const classes = [
    'node', `family-${familyClass(kind)}`, far && 'far', selected && 'selected', record.muted && 'muted', worst && `sev-${worst}`, !kind && 'unknown',
  ];
  return (
    <div data-testid={`node:${id}`} className={classes.filter(Boolean).join(' ')} style={{ height: arranged.height }}>
      {far && <FarPorts ports={arranged.ports} />}
      {far && <div className="far-name">{record.label || kindText(record.kind)}</div>}
      {!far && <NodeDetails id={id} data={data} kind={kind} status={status} worst={worst} />}
    </div>
  );
});
