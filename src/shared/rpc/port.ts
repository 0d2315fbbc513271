// A Port is a two-way, ordered, message-preserving channel: all `serve` and `connect` know of a
// carrier. Carriers (worker port, preload bridge, WebSocket) adapt to it and do nothing else.

export interface Port<Out, In> {
  /** Never throws; after `close` it does nothing. */
  post(message: Out): void;
  /** One listener; set before the first message can arrive. */
  onMessage(listener: (message: In) => void): void;
  /** Called once when the other side is gone, whoever ended it. */
  onClose(listener: () => void): void;
  close(): void;
}
