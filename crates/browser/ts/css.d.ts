/** A style sheet is imported as its text; build.mjs minifies it. */
declare module '*.css' {
  const text: string;
  export default text;
}
