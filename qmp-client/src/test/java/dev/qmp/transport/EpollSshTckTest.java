package dev.qmp.transport;

class EpollSshTckTest extends SshTck {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
