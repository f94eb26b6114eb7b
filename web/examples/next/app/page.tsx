/** The page, made on the server; what belongs to the person comes in the browser. */

import { Home } from '../components/home';

export default function Page() {
  return (
    <>
      <h1>Your money</h1>
      <Home />
    </>
  );
}
