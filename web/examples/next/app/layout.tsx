/** The frame of every page. */

import type { Metadata, Viewport } from 'next';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import './app.css';

export const metadata: Metadata = {
  title: 'Your money',
  icons: { icon: 'data:,' },
  referrer: 'no-referrer',
};
export const viewport: Viewport = { colorScheme: 'light dark' };

export default async function Layout({ children }: { readonly children: ReactNode }) {
  await connection(); // each page is made when it is asked for, with the nonce of proxy.ts
  return (
    <html lang="en">
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}
