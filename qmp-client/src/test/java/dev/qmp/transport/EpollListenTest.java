package dev.qmp.transport;

class EpollListenTest extends ListenContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
