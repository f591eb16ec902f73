import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { Fragment, memo } from 'react';
import type { ReactNode } from 'react';

const parse = (text: string): Root => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

const safeUrl = /^(https?:|mailto:)/iu;

const childrenOf = (node: Nodes, inline: boolean): ReactNode =>
  'children' in node ? node.children.map((child, at) => <Fragment key={at}>{draw(child, inline)}</Fragment>) : null;

/** Only the marks that a checklist needs; everything else, raw HTML first of all, stays visible as the text it is. */
const draw = (node: Nodes, inline: boolean): ReactNode => {
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value;
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
      return <strong>{childrenOf(node, inline)}</strong>;
    case 'emphasis':
      return <em>{childrenOf(node, inline)}</em>;
    case 'delete':
      return <del>{childrenOf(node, inline)}</del>;
    case 'image':
      return node.alt ?? node.url;
    case 'link':
      return inline || !safeUrl.test(node.url) ? (
        childrenOf(node, inline)
      ) : (
        <a href={node.url} target="_blank" rel="noreferrer noopener">
          {childrenOf(node, inline)}
        </a>
      );
    case 'list':
      return node.ordered === true ? <ol>{childrenOf(node, inline)}</ol> : <ul>{childrenOf(node, inline)}</ul>;
    case 'listItem':
      return <li>{childrenOf(node, inline)}</li>;
    case 'blockquote':
      return <blockquote>{childrenOf(node, inline)}</blockquote>;
    case 'heading':
      return <p className="markdown-heading">{childrenOf(node, inline)}</p>;
    case 'paragraph':
      return inline ? childrenOf(node, inline) : <p>{childrenOf(node, inline)}</p>;
    case 'thematicBreak':
      return <hr />;
    default:
      return childrenOf(node, inline);
  }
};

/** A document's own words. `inline`: without blocks and without links, for a line that is itself a control. */
export const Markdown = memo(({ text, inline = false }: { readonly text: string; readonly inline?: boolean }) => (
  <>{childrenOf(parse(text), inline)}</>
));
