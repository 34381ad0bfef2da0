import net from 'node:net';

/** A line to the server that can be cut: a TCP proxy. */
export interface Line {
  readonly address: string;
  /** Breaks what is connected, without a word, and takes nothing new until `restore`. */
  cut(): void;
  restore(): Promise<void>;
  end(): Promise<void>;
}

export async function openLine(to: string): Promise<Line> {
  const { hostname, port } = new URL(to);
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      // A reset is what this is for.
      socket.on('error', () => undefined);
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  const listen = async (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const own = server.address() as net.AddressInfo;
  const breakAll = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    address: `http://127.0.0.1:${own.port}`,
    cut() {
      server.close();
      breakAll();
    },
    restore: async () => listen(own.port),
    async end() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
