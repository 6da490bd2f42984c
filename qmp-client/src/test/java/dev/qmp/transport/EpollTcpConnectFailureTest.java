package dev.qmp.transport;

class EpollTcpConnectFailureTest extends TcpConnectFailureContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
