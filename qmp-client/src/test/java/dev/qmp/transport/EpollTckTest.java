package dev.qmp.transport;

class EpollTckTest extends TransportTck {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
