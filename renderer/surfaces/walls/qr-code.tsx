import { encode } from 'uqr';
import { useMemo } from 'react';

/** An address as a picture to point a camera at; black on white in every theme, for that is what cameras read. */
export const QrCode = ({ text }: { readonly text: string }) => {
  const { size, path } = useMemo(() => {
    const { size, data } = encode(text, { border: 3 });
    const path = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
    return { size, path };
  }, [text]);
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="The address as a QR code">
      <path className="qr-ground" d={`M0 0h${size}v${size}H0z`} />
      <path className="qr-ink" d={path} />
    </svg>
  );
};
