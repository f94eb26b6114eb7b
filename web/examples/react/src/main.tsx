/** Starts the page that the address names; a router would do the same. */

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Callback } from './callback.tsx';
import { Home } from './home.tsx';

const place = document.querySelector('main');
const page = location.pathname === '/callback' ? <Callback /> : <Home />;
if (place) createRoot(place).render(<StrictMode>{page}</StrictMode>);
