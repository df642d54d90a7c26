/** The few parts of socket.io-client that connection.js uses. */
declare module "socket.io-client" {
  export interface Socket {
    connected: boolean
    on(event: string, listener: (...values: any[]) => void): this
    off(event: string, listener: (...values: any[]) => void): this
    emit(event: string, ...values: unknown[]): this
    emitWithAck(event: string, ...values: unknown[]): Promise<any>
    timeout(milliseconds: number): Socket
  }
  export function io(options?: Record<string, unknown>): Socket
}
