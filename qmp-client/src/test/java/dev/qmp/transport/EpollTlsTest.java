package dev.qmp.transport;

class EpollTlsTest extends TlsContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
