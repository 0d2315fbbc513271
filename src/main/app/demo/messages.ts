// What crosses between the core and the demo thread.

export type DemoCommand =
  /** Listen on these ports; 0 asks for free ones. Answered by `listening`. */
  | { type: 'listen'; ports: number[] }
  /** Send traffic to this URL, replacing an earlier target. */
  | { type: 'traffic'; url: string };

export type DemoReport =
  | { type: 'listening'; ports: number[] }
  /** A port is taken or may not be bound; a sentence. */
  | { type: 'failed'; message: string };
