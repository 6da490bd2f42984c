package dev.qmp.transport;

class NioTcpConnectFailureTest extends TcpConnectFailureContract {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }
}
