// How the cells of a row follow each other where the window is too narrow for columns. Called by the rows of
// the listeners page, beside what they look like in columns.

export const NARROW_ROW =
  'max-[979px]:flex max-[979px]:h-auto max-[979px]:flex-wrap max-[979px]:items-center max-[979px]:gap-x-3 max-[979px]:gap-y-1 max-[979px]:px-3.5 max-[979px]:py-2 max-[979px]:[&>*]:p-0';
