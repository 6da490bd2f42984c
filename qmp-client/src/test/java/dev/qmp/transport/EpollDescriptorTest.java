package dev.qmp.transport;

class EpollDescriptorTest extends DescriptorContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }
}
