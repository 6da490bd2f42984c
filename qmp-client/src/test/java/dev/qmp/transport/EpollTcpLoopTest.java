package dev.qmp.transport;

import java.io.IOException;

class EpollTcpLoopTest extends LoopContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }

    @Override
    String threadName() {
        return "qmp-io-epoll";
    }

    @Override
    Peer peer() throws IOException {
        return Peer.tcp();
    }

    @Override
    QmpAddress nobody() throws IOException {
        Peer gone = Peer.tcp();
        gone.close();
        return gone.address();
    }
}
