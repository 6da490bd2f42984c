package dev.qmp.transport;

class EpollTlsTckTest extends TlsTck {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
