package dev.qmp.transport;

class EpollLoopTest extends LoopContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }

    @Override
    String threadName() {
        return "qmp-io-epoll";
    }
}
