// The box of one way to start: a drawing, a title, what it does, and its controls at the foot.
import { type ReactNode, useId } from 'react';

export interface CardProps {
  art: ReactNode;
  title: string;
  text: string;
  children: ReactNode;
}

export function Card({ art, title, text, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col rounded-lg border border-line bg-panel p-5"
    >
      {art}
      <h2 id={id} className="mt-3 text-base font-semibold">
        {title}
      </h2>
      <p className="mt-0.5 text-muted">{text}</p>
      <div className="flex flex-1 flex-col justify-end pt-4">{children}</div>
    </section>
  );
}
