package dev.qmp.transport;

class NioTckTest extends TransportTck {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
