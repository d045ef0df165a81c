/** Vite takes style sheets in by their import; they have no value. */
declare module '*.css'
