package dev.qmp.transport;

class NioTcpTckTest extends TcpTck {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
