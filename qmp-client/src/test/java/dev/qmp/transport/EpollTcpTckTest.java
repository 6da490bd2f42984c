package dev.qmp.transport;

class EpollTcpTckTest extends TcpTck {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
