import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useApp } from '../app-context.ts';
import { goToRuns } from '../route.ts';
import { readDocument } from './read-document.ts';
import './drop-zone.css';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

/** A Markdown or YAML file may be dropped anywhere: it opens in the form that starts a run. */
export const DropZone = ({ children }: { readonly children: ReactNode }) => {
  const { brought, notices } = useApp();
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
        brought.set(read);
        goToRuns();
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
  }, [brought, notices]);
  return (
    <>
      {children}
      {over && <div className="drop-veil">Drop a Markdown checklist to open it, or a YAML target</div>}
    </>
  );
};
