import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useApp } from '../app-context.ts';
import { goToRuns, goToTarget } from '../route.ts';
import { readDocument } from './read-document.ts';
import './drop-zone.css';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

/** A Markdown or YAML file may be dropped anywhere: it opens in the form that starts a run, or on the target surface while that is in view. */
export const DropZone = ({ children }: { readonly children: ReactNode }) => {
  const { chosen, notices, route } = useApp();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file === undefined) return;
      void readDocument(file).then((read) => {
        if ('refusal' in read) return notices.say(read.refusal, 'fail');
        const { kind, ...source } = read;
        chosen.set({ ...chosen.get(), [kind]: source });
        if (route.get().surface === 'target') goToTarget(null);
        else goToRuns();
      });
    };
    addEventListener('dragover', drag);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [chosen, notices, route]);
  return (
    <>
      {children}
      {over && <div className="drop-veil">Drop a Markdown checklist to open it, or a YAML target</div>}
    </>
  );
};
