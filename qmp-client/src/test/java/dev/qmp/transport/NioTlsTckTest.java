package dev.qmp.transport;

class NioTlsTckTest extends TlsTck {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
