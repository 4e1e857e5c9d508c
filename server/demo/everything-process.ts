// A process of the demo: the official "everything" server, on loopback only, gone when the demo is gone.
import { Server } from 'node:net';
import { stopWithSupervisor } from '../lifetime.ts';

stopWithSupervisor(true, async () => undefined);

// It listens on every address of the machine, and one of its tools tells its environment: strangers must not reach it.
const listen: CallableFunction = Server.prototype.listen;
Object.defineProperty(Server.prototype, 'listen', {
  value: function listenOnLoopback(this: Server, port: unknown, ...rest: unknown[]): Server {
    return Reflect.apply(listen, this, [port, '127.0.0.1', ...rest.filter((one) => typeof one === 'function')]);
  },
});

// The package has no types and reads the transport's name from the arguments.
await import(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
