import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { Fragment, memo } from 'react';
import type { ReactNode } from 'react';

const parse = (text: string): Root => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

const safeUrl = /^(https?:|mailto:)/iu;

/** Blocks with links; a line that is itself a control; or paper, where a link's address is written out. */
type Mode = 'blocks' | 'inline' | 'paper';

const childrenOf = (node: Nodes, mode: Mode): ReactNode =>
  'children' in node ? node.children.map((child, at) => <Fragment key={at}>{draw(child, mode)}</Fragment>) : null;

const wordsIn = (node: Nodes): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(wordsIn).join('') : '';

const written = (node: Nodes & { type: 'link' }): ReactNode => {
  const address = node.url.replace(/^mailto:/iu, '');
  return wordsIn(node) === address ? (
    childrenOf(node, 'paper')
  ) : (
    <>
      {childrenOf(node, 'paper')} ({address})
    </>
  );
};

/** Only the marks that a checklist needs; everything else, raw HTML first of all, stays visible as the text it is. */
const draw = (node: Nodes, mode: Mode): ReactNode => {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'html':
      // A comment is for whoever writes the document; one that is never closed is not one.
      return node.value.replace(/<!--.*?-->/gsu, '');
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return (
        <pre tabIndex={0} className="scroll">
          {node.value}
        </pre>
      );
    case 'break':
      return <br />;
    case 'strong':
      return <strong>{childrenOf(node, mode)}</strong>;
    case 'emphasis':
      return <em>{childrenOf(node, mode)}</em>;
    case 'delete':
      return <del>{childrenOf(node, mode)}</del>;
    case 'image':
      return node.alt ?? node.url;
    case 'link':
      if (mode === 'paper') return written(node);
      return mode === 'inline' || !safeUrl.test(node.url) ? (
        childrenOf(node, mode)
      ) : (
        <a href={node.url} target="_blank" rel="noreferrer noopener">
          {childrenOf(node, mode)}
        </a>
      );
    case 'list':
      return node.ordered === true ? <ol>{childrenOf(node, mode)}</ol> : <ul>{childrenOf(node, mode)}</ul>;
    case 'listItem':
      return <li>{childrenOf(node, mode)}</li>;
    case 'blockquote':
      return <blockquote>{childrenOf(node, mode)}</blockquote>;
    case 'heading':
      return <p className="markdown-heading">{childrenOf(node, mode)}</p>;
    case 'paragraph':
      return mode === 'inline' ? childrenOf(node, mode) : <p>{childrenOf(node, mode)}</p>;
    case 'thematicBreak':
      return <hr />;
    default:
      return childrenOf(node, mode);
  }
};

/** A document's own words. `mode` inline: without blocks and without links, for a line that is itself a control. */
export const Markdown = memo(({ text, mode = 'blocks' }: { readonly text: string; readonly mode?: Mode }) => (
  <>{childrenOf(parse(text), mode)}</>
));
