package dev.qmp.transport;

class EpollLinkTest extends LinkContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
